"""Seconds from starting a server to its first good answer.

python -m bench.coldstart URL LOG -- COMMAND ...
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.client import answers

MOST_SECONDS = 180


def main() -> int:
    """Start the command, wait for its page, end what was started."""
    url, log = sys.argv[1], Path(sys.argv[2])
    command = sys.argv[sys.argv.index("--") + 1 :]
    began = time.monotonic()
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        while time.monotonic() - began < MOST_SECONDS:
            if answers(url):
                print(f"{time.monotonic() - began:.2f} s to the first answer of {url}")
                return 0
            time.sleep(0.02)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
    print(f"No answer in {MOST_SECONDS} s.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
