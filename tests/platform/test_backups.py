"""The whole instance out and in again, as an operator does it: with the command."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from rapport.project.postgres import Cluster

from .instances import Keeper, rapport, served

pytestmark = pytest.mark.long
PHRASE = "a phrase that outlives the machine"


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    made = Keeper(tmp_path_factory.mktemp("first") / "data", "--demo", "--no-extras")
    yield made
    made.end()


@pytest.fixture
def phrase(tmp_path: Path) -> str:
    (tmp_path / "phrase").write_text(PHRASE + "\n")
    return str(tmp_path / "phrase")


def people(data: Path) -> int:
    cluster = Cluster(data)
    cluster.start()
    try:
        with psycopg.connect(cluster.url("owner")) as owner:
            return int(
                (owner.execute("SELECT count(*) FROM contacts_person").fetchone() or (0,))[0]
            )
    finally:
        cluster.stop()


def grades(data: Path) -> set[str]:
    found = json.loads(rapport(data, "doctor", "--json").stdout)["findings"]
    return {one["name"] for one in found if one["grade"] == "bad"}


def said(data: Path, name: str) -> str:
    found = json.loads(rapport(data, "doctor", "--json").stdout)["findings"]
    return next(one["sentence"] for one in found if one["name"] == name)


def test_a_running_instance_lives_on_in_another_folder(
    keeper: Keeper, tmp_path: Path, phrase: str
) -> None:
    first, file, second = keeper.running(), tmp_path / "all.tar.age", tmp_path / "second"
    (first.data / "files" / "zz").mkdir(exist_ok=True)
    (first.data / "files" / "zz" / "photo").write_bytes(b"pixels")
    made = rapport(first.data, "backup", "--out", str(file), "--passphrase-file", phrase, "--test")
    assert "all was there" in made.stdout
    rapport(second, "restore", str(file), "--passphrase-file", phrase)
    assert grades(second) == set()
    assert "no letter and no webhook leaves" in said(second, "quiet")
    assert "may leave" in said(first.data, "quiet")
    assert (second / "files" / "zz" / "photo").read_bytes() == b"pixels"
    same = [(one / "secrets" / "session-key").read_text() for one in (first.data, second)]
    assert same[0] == same[1]
    csv = tmp_path / "more.csv"
    csv.write_text("First name,Last name,E-mail\nNew,Comer,new@x.example\n")
    with served(second, "--no-extras") as restored:
        assert restored.answers()
        counts = json.loads(rapport(second, "import", "people", str(csv), "--json").stdout)
        assert counts["created"] == 1
        newest = rapport(second, "export", "people", "--where", "name=New Comer").stdout
        assert "new@x.example" in newest
        _come_last(Cluster(second))
    assert grades(second) == set()


def _come_last(cluster: Cluster) -> None:
    """What was written since comes after all that the backup brought, whoever follows the log."""
    with psycopg.connect(cluster.url("owner")) as owner:
        found = owner.execute(
            "SELECT max(xid) FILTER (WHERE at > now() - interval '1 minute') = max(xid), "
            "max(xid) < rapport_log_edge() FROM records_change"
        ).fetchone()
    assert found == (True, True)


def test_what_is_refused_changes_nothing(keeper: Keeper, tmp_path: Path, phrase: str) -> None:
    data, file = keeper.stopped(), tmp_path / "all.tar.age"
    rapport(data, "backup", "--out", str(file), "--passphrase-file", phrase)
    before, wrong, cut = people(data), tmp_path / "wrong", tmp_path / "cut.tar.age"
    wrong.write_text("another phrase\n")
    cut.write_bytes(file.read_bytes()[:-1000])
    for options, said in (
        ([str(file), "--passphrase-file", str(wrong), "--replace"], "does not open"),
        ([str(cut), "--passphrase-file", phrase, "--replace"], "damaged"),
        ([str(file), "--passphrase-file", phrase], "There are data"),
        ([str(wrong), "--replace"], "not a backup"),
        ([str(file)], "--passphrase-file"),
    ):
        assert said in rapport(data, "restore", *options, expect=1).stderr
        nowhere = tmp_path / "nowhere"
        if "--replace" in options:
            rapport(nowhere, "restore", *options, expect=1)
        assert not nowhere.exists()
    assert people(data) == before
    assert not list(data.glob("files.*"))


def test_a_plain_backup_asks_for_the_key(keeper: Keeper, tmp_path: Path) -> None:
    data, file, other = keeper.stopped(), tmp_path / "all.tar", tmp_path / "other"
    rapport(data, "backup", "--out", str(file))
    assert "session-key" in rapport(other, "restore", str(file), expect=1).stderr
    (other / "secrets").mkdir(mode=0o700, parents=True)
    shutil.copy(data / "secrets" / "session-key", other / "secrets")
    rapport(other, "restore", str(file))
    assert grades(other) == set()
    assert people(other) == people(data)
    # And over what is there, when that is said.
    rapport(other, "restore", str(file), "--replace")
    assert grades(other) == set()


def test_a_server_takes_it_in_under_roles_of_the_firms_own(
    keeper: Keeper, tmp_path: Path, phrase: str
) -> None:
    file, data = tmp_path / "all.tar.age", tmp_path / "data"
    rapport(keeper.stopped(), "backup", "--out", str(file), "--passphrase-file", phrase)
    server = Cluster(tmp_path / "server", durable=False)
    server.start()
    try:
        urls = _roles(server)
        rapport(data, "restore", str(file), "--passphrase-file", phrase, *urls)
        assert grades(data) == set()
        # Beside is no room for another one: this owner may make no database.
        again = ["restore", str(file), "--passphrase-file", phrase, "--replace"]
        assert "CREATEDB" in rapport(data, *again, expect=1).stderr
        with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as admin:
            admin.execute("ALTER ROLE crm_owner CREATEDB")
        rapport(data, *again)
        assert grades(data) == set()
    finally:
        server.stop()


def _roles(server: Cluster) -> list[str]:
    with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as admin:
        for role in ("crm_owner", "crm_web"):
            name = sql.Identifier(role)
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'secret'").format(name))
        admin.execute("CREATE DATABASE crm OWNER crm_owner")
    place = server.url("app", "crm").partition("@")[2]
    return [
        *("--database-url", f"postgresql://crm_web:secret@{place}"),
        *("--owner-database-url", f"postgresql://crm_owner:secret@{place}"),
    ]
