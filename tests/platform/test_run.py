"""The two promises of `bin/run`: it is up with one command, and it is gone without a trace."""

import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rapport.project.instance import Instance
from rapport.project.observing.incidents import incidents

from .instances import READY, Keeper, Served, processes_of, rapport, served, start, wait_until

PASSWORD = "a long enough secret"
OWNER = "ana@firm.example"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """150 characters deep, with spaces, in a folder that only its owner may enter."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    return closed / ("a folder " * 8).strip() / ("with spaces " * 7).strip()


@pytest.fixture(scope="module")
def password_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("secret") / "password"
    file.write_text(PASSWORD + "\n")
    return file


@pytest.fixture(scope="module")
def keeper(data: Path, password_file: Path) -> Iterator[Keeper]:
    data.parent.mkdir()
    owner = ("--owner-email", OWNER, "--owner-password-file", str(password_file))
    found = Keeper(data, *owner)
    yield found
    found.end()


@pytest.fixture
def running(keeper: Keeper) -> Served:
    return keeper.running()


@pytest.fixture
def stopped(keeper: Keeper) -> Path:
    return keeper.stopped()


def test_it_answers_and_has_its_owner(running: Served) -> None:
    assert len(os.fsencode(running.data)) > 150
    assert running.answers()
    assert running.get("/login/").status == 200


def test_a_stranger_is_sent_to_sign_in(running: Served) -> None:
    response = running.get("/")
    assert response.status == 302
    assert response.headers["Location"].startswith("/login/")


def test_pages_carry_the_strict_policy(running: Served) -> None:
    policy = running.get("/login/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_another_name_for_the_host_is_refused(running: Served) -> None:
    assert running.get("/login/", host="evil.example").status == 400


@pytest.mark.long
def test_commands_reach_the_running_instance(running: Served) -> None:
    printed = rapport(running.data, "token", "create", "--user", OWNER).stdout
    assert len(printed.split()) == 1
    report = json.loads(rapport(running.data, "doctor", "--json").stdout)
    assert report["well"], report
    assert {"database", "roles", "log", "triggers", "worker"} <= {
        finding["name"] for finding in report["findings"]
    }


@pytest.mark.long
def test_users_are_made_and_refused_in_words(running: Served, password_file: Path) -> None:
    email = f"{time.monotonic_ns()}@firm.example"
    create = ("user", "create", "--email", email, "--password-file", str(password_file))
    made = json.loads(rapport(running.data, *create, "--role", "read_only", "--json").stdout)
    assert (made["email"], made["role"]) == (email, "read_only")
    refused = rapport(running.data, *create, expect=1).stderr
    assert "Traceback" not in refused
    assert len(refused.splitlines()) == 1


def test_the_password_is_in_no_file_and_no_process_title(running: Served) -> None:
    for pid in processes_of(running.data):
        assert PASSWORD.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
    secret = (running.data / "secrets" / "postgres-app").read_text().strip()
    assert secret not in running.said
    assert secret not in (running.data / "log" / "postgres.log").read_text()


@pytest.mark.long
def test_a_second_start_on_the_same_folder_is_told_why_not(running: Served) -> None:
    second = start(running.data)
    assert second.process.wait(30) == 1
    assert f"is in use by process {running.process.pid}, at {running.address}" in second.said


def test_a_taken_port_that_was_named_is_a_sentence(running: Served, tmp_path: Path) -> None:
    port = running.address.rstrip("/").rsplit(":", 1)[1]
    other = start(tmp_path / "other", "--port", port)
    assert other.process.wait(30) == 1
    assert f"Port {port} is in use" in other.said


@pytest.mark.long
def test_a_killed_process_comes_back(running: Served) -> None:
    (web,) = (pid for pid in processes_of(running.data) if _is_main(pid, "rapport.project.web"))
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: "starting it again" in running.said, 20)
    wait_until(running.answers, 30)
    assert ("web", "signal 9") in ended(running)


@pytest.mark.long
def test_a_killed_database_comes_back(running: Served) -> None:
    pid = int((running.data / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: "The database is back." in running.said, 30)
    wait_until(running.answers, 30)
    assert "database" in dict(ended(running))


def test_killed_as_a_whole_it_recovers_by_itself(running: Served) -> None:
    running.kill_all()
    with served(running.data) as again:
        assert again.answers()


@pytest.mark.long
def test_a_second_start_does_no_work_again_and_stopped_leaves_nothing(stopped: Path) -> None:
    collected = (stopped / "static" / "staticfiles.json").stat().st_mtime_ns
    with served(stopped) as again:
        assert again.answers("/login/")
        assert "Preparing" not in again.said
        assert_stops(again, signal.SIGTERM)
    assert (stopped / "static" / "staticfiles.json").stat().st_mtime_ns == collected


def test_interrupted_it_leaves_nothing(stopped: Path) -> None:
    with served(stopped) as again:
        assert_stops(again, signal.SIGINT)


def assert_stops(instance: Served, request: signal.Signals) -> None:
    assert instance.stop(request) == 0
    assert "Rapport has stopped." in instance.said
    assert processes_of(instance.data) == []
    assert not (instance.data / "lock").exists()
    assert not (instance.data / "postgres" / "postmaster.pid").exists()


def test_commands_open_a_stopped_instance_and_close_it_again(stopped: Path, tmp_path: Path) -> None:
    assert rapport(stopped, "token", "create", "--user", OWNER.upper()).stdout.strip()
    assert processes_of(stopped) == []
    file = tmp_path / "people.csv"
    file.write_text("First name,Email\nAda,ada@acme.example\nCy,no address\n")
    told = json.loads(rapport(stopped, "import", "people", str(file), "--json").stdout)
    assert (told["created"], told["failed"]) == (1, 1)
    assert processes_of(stopped) == []
    assert not (stopped / "lock").exists()


@pytest.mark.long
def test_a_supervisor_killed_alone_takes_everything_with_it(running: Served) -> None:
    running.process.kill()
    running.process.wait()
    wait_until(lambda: processes_of(running.data) == [], 20)


@pytest.mark.long
@pytest.mark.parametrize("seconds", [0.4, pytest.param(0.8, marks=pytest.mark.long), 1.2])
def test_a_stop_while_starting_leaves_nothing(stopped: Path, seconds: float) -> None:
    instance = start(stopped)
    time.sleep(seconds)
    began = time.monotonic()
    instance.stop()
    assert time.monotonic() - began < 20
    assert processes_of(stopped) == []
    assert not (stopped / "lock").exists()


@pytest.mark.long
def test_two_instances_side_by_side(running: Served, tmp_path: Path) -> None:
    with served(tmp_path / "two") as two:
        assert running.address != two.address
        assert running.answers()
        assert two.answers()
        assert two.stop() == 0
        assert running.answers()


@pytest.mark.long
def test_a_demo_has_people_and_an_owner(tmp_path: Path) -> None:
    with served(tmp_path / "demo", "--demo") as instance:
        assert "Sign in as owner@demo.example with the password " in instance.said
        assert instance.answers("/login/")
        token = rapport(instance.data, "token", "create", "--user", "owner@demo.example").stdout
        people = instance.get("/api/v1/people", token=token.strip())
        assert people.status == 200
    with served(tmp_path / "demo", "--demo") as again:
        assert "Sign in as" not in again.said


def test_no_instance_is_a_sentence(tmp_path: Path) -> None:
    done = rapport(tmp_path / "none", "doctor", expect=1)
    assert done.stderr.startswith("There is no instance in ")
    assert READY not in done.stdout


def ended(instance: Served) -> list[tuple[str, str]]:
    """What is noted of processes that ended: which, and how."""
    began = datetime.now(tz=UTC) - timedelta(hours=1)
    return [(one.part, one.how) for one in incidents(Instance(instance.data), began)]


def _is_main(pid: int, module: str) -> bool:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    parent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]
    same = Path(f"/proc/{parent}/cmdline").read_bytes().split(b"\0")
    return module.encode() in words and module.encode() not in same
