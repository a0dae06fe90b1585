"""Seconds from starting a server to its first good answer.

python -m bench.coldstart URL LOG -- COMMAND ...
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from bench.client import LOOPBACK

MOST_SECONDS = 180


def main() -> int:
    """Start the command, wait for its page, end what was started."""
    url, log = sys.argv[1], Path(sys.argv[2])
    command = sys.argv[sys.argv.index("--") + 1 :]
    if urllib.parse.urlsplit(url).hostname not in LOOPBACK:
        print("The address must be this machine's.")
        return 2
    began = time.monotonic()
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        while time.monotonic() - began < MOST_SECONDS:
            if _answers(url):
                print(f"{time.monotonic() - began:.2f} s to the first answer of {url}")
                return 0
            time.sleep(0.02)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
    print(f"No answer in {MOST_SECONDS} s.")
    return 1


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - loopback only
            answer.read()
    except (urllib.error.URLError, OSError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
