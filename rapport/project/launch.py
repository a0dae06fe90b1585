"""Become the right user, tie our life to the parent's, then turn into the given program.

Run as a file with nothing but the standard library: `launch.py [options] -- program arguments`.

--die SIGNAL   signal to get when the parent ends, so that a killed supervisor leaves no orphan
--parent PID   whose end counts
--map UID:GID  enter a user namespace in which the caller appears as that user
--probe PATH   run nothing; succeed if this user may write in PATH and start the program
"""

import ctypes
import os
import sys
from pathlib import Path

LAUNCHER = Path(__file__)
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Carry out the command line; does not return unless probing."""
    split = arguments.index("--")
    options, command = arguments[:split], arguments[split + 1 :]
    settings = dict(zip(options[::2], options[1::2], strict=True))
    if mapping := settings.get("--map"):
        _enter_user_namespace(*mapping.split(":"))
    if folder := settings.get("--probe"):
        sys.exit(0 if _may(folder, os.W_OK | os.X_OK) and _may(command[0], os.X_OK) else 1)
    if signal := settings.get("--die"):
        die_with_parent(int(signal), int(settings["--parent"]))
    os.execv(command[0], command)


def _enter_user_namespace(uid: str, gid: str) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    os.unshare(os.CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {outer_uid} 1")
    _write("/proc/self/gid_map", f"{gid} {outer_gid} 1")


def _may(path: str, mode: int) -> bool:
    return os.access(path, mode, effective_ids=True)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def die_with_parent(signal: int, parent: int) -> None:
    """Ask the system to send this process a signal when its parent ends; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    # The parent may have died before the request was made.
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
