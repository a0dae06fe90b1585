import subprocess
import sys
from pathlib import Path

import pytest

from rapport.project.lock import Holder, InstanceLock, InUse

HOLD = """
import sys
from pathlib import Path
from rapport.project.lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
lock.acquire("serve")
print("held", flush=True)
sys.stdin.read()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_user_is_told_who_the_first_is(tmp_path: Path) -> None:
    with hold(tmp_path) as first:
        with pytest.raises(InUse) as busy:
            InstanceLock(tmp_path).acquire("serve", patience=0)
        assert busy.value.holder == Holder(first.pid, "serve")
        first.kill()


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path) -> None:
    with hold(tmp_path) as first:
        first.kill()
    lock = InstanceLock(tmp_path)
    lock.acquire("serve", patience=0)
    lock.release()


def test_release_leaves_no_file(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path)
    lock.acquire("command")
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_who_waits_goes_on_when_the_lock_is_free(tmp_path: Path) -> None:
    assert InstanceLock(tmp_path).wait_for_holder(1) is None


def test_who_waits_learns_where_a_ready_server_answers(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path)
    lock.acquire("serve")
    lock.describe(Holder(1, "serve", is_ready=True, address="http://localhost:1/"))
    found = InstanceLock(tmp_path).wait_for_holder(1)
    assert found is not None
    assert found.address == "http://localhost:1/"
    lock.release()
