"""What the supervisor tells the person at the terminal."""

import sys


def say(text: str) -> None:
    """Print a line at once; a reader that went away is no reason to stop serving."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return
