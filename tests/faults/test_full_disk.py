"""The disk of an instance fills up: sentences, nothing lost, and all goes on once there is room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.faults.test_instance import has_worker
from tests.platform.instances import RAPPORT, Served, clean_environment, rapport, served, wait_until

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="Only root may make a small disk."),
]
SIZE = "400m"
FULL = "disk is full"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def instance(disk: Path, tmp_path: Path) -> Iterator[Served]:
    secret = tmp_path / "password"
    secret.write_text("a long enough secret\n")
    owner = ("--owner-email", "ana@firm.example", "--owner-password-file", str(secret))
    with served(disk / "data", "--no-extras", *owner) as found:
        yield found


@contextmanager
def filled(disk: Path, but: int = 0) -> Iterator[None]:
    """Take up all that is free, but for so many bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        os.posix_fallocate(file.fileno(), 0, free - but)
    try:
        yield
    finally:
        ballast.unlink()


class Asker:
    """Asks the API, and says what came."""

    def __init__(self, instance: Served) -> None:
        self.instance = instance
        made = rapport(instance.data, "token", "create", "--user", "ana@firm.example")
        self.token = made.stdout.strip()

    def ask(self, method: str, path: str, body: Any = None, kind: str = "") -> tuple[int, str]:
        """One request; 0 where no answer came."""
        port = urlsplit(self.instance.address).port or 80
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        headers = {
            "Host": "localhost", "Authorization": f"Bearer {self.token}",
            "Content-Type": kind or "application/json",
        }  # fmt: skip
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            try:
                connection.request(method, f"/api/v1/{path}", content, headers)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, HTTPException) as fault:
                return 0, str(fault)

    def create(self, name: str) -> int:
        """Make a person."""
        return self.ask("POST", "people", {"name": name})[0]

    def names(self) -> set[str]:
        """All who are there."""
        status, said = self.ask("GET", "people?limit=200")
        assert status == 200, said
        return {one["name"] for one in json.loads(said)["data"]}

    def job(self, said: str) -> dict[str, Any]:
        """What became of a job that was asked for; tried again as often as it is."""
        path = f"jobs/{json.loads(said)['job']}"

        def found() -> dict[str, Any]:
            status, text = self.ask("GET", path)
            return dict(json.loads(text)) if status == 200 else {}

        wait_until(lambda: found().get("state") in {"done", "failed"} or found().get("error"), 120)
        return found()


def test_files_and_backups_meet_a_full_disk(disk: Path, instance: Served) -> None:
    asker = Asker(instance)
    big = b"First name,Last name\n" + b"Ann,Berg of a rather long name\n" * 120_000
    person = json.loads(asker.ask("POST", "people", {"name": "Ida Holm"})[1])["id"]
    part = (
        b'--limit0of0parts\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    )
    part += os.urandom(3_000_000) + b"\r\n--limit0of0parts--\r\n"
    files, form = f"people/{person}/files", "multipart/form-data; boundary=limit0of0parts"
    status, said = asker.ask("POST", files, part, form)
    assert status == 201, said
    with filled(disk, but=1_500_000):
        status, said = asker.ask("POST", "imports?object=people&filename=b.csv", big, "text/csv")
        assert (status, FULL in said or "may be full" in said) == (507, True), said
        status, said = asker.ask("POST", files, part, form)
        assert (status, FULL in said) == (507, True), said
        done = subprocess.run(
            [RAPPORT, "--data", instance.data, "backup"], env=clean_environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "no backup was made. Make room and try again." in done.stderr, done.stderr
        found = json.loads(asker.ask("GET", "health")[1])["findings"]
        (space,) = [one for one in found if one["name"] == "disk"]
        assert space["grade"] == "bad"
    assert asker.names() == {"Ida Holm"}
    assert not [path for path in (instance.data / "uploads").rglob("*") if path.is_file()]
    assert asker.ask("POST", "imports?object=people&filename=b.csv", big, "text/csv")[0] == 201
    rapport(instance.data, "backup")


# Without any room no table grows; with some the journal is what can't, and the server stops.
@pytest.mark.parametrize("room", [0, 12_000_000])
def test_the_database_meets_a_full_disk_and_comes_back(
    disk: Path, instance: Served, room: int
) -> None:
    asker = Asker(instance)
    kept: set[str] = set()
    refused: dict[str, tuple[int, str]] = {}
    with filled(disk, but=room):
        for number in range(4_000):
            body = f"{number} {os.urandom(8_000).hex()}"
            status, said = asker.ask("POST", "notes", {"body": body})
            if status == 201:
                kept.add(json.loads(said)["id"])
            else:
                refused[body] = status, said
            if len(refused) == 5:
                break
    assert {status for status, _said in refused.values()} <= {0, 503, 507}, refused.values()
    wait_until(instance.answers, 120)
    wait_until(lambda: asker.ask("POST", "people", {"name": "Come Back"})[0] == 201, 120)
    wait_until(lambda: has_worker(instance), 120)
    found = {one["id"]: one["body"] for one in notes(asker)}
    assert kept <= found.keys()
    # One that got no answer may have been taken; one that was told of a full disk was not.
    told = {body for body, (status, _said) in refused.items() if status in (503, 507)}
    assert not told & set(found.values())
    assert len(found) <= len(kept) + len(refused) - len(told)
    sys.stdout.write(f"{len(kept)} kept, {sorted(one for one, _said in refused.values())}\n")


def notes(asker: Asker) -> Iterator[dict[str, Any]]:
    """All of them."""
    after = ""
    while True:
        # Each connection that is kept meets the server's end once.
        for _try in range(20):
            status, said = asker.ask("GET", f"notes?limit=200{after}")
            if status != 503:
                break
        assert status == 200, said
        page = json.loads(said)
        yield from page["data"]
        if not page.get("next"):
            return
        after = f"&after={page['next']}"
