"""The same product on a server that somebody else runs."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from rapport.project.postgres import Cluster

from .instances import rapport, served, start


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("server"), durable=False)
    cluster.start()
    yield cluster
    cluster.stop()


def doctor(data: Path) -> dict[str, str]:
    report = json.loads(rapport(data, "doctor", "--json").stdout)
    return {finding["name"]: finding["grade"] for finding in report["findings"]}


@pytest.mark.long
def test_two_roles_of_a_server_serve_and_are_remembered(server: Cluster, tmp_path: Path) -> None:
    data = tmp_path / "data"
    urls = ("--database-url", server.url("app"), "--owner-database-url", server.url("owner"))
    with served(data, *urls) as instance:
        assert instance.answers()
        assert server.password("app") not in instance.said
        found = doctor(data)
        assert found["roles"] == found["log"] == found["triggers"] == "good"
    assert not (data / "postgres").exists()
    with served(data) as again:
        assert again.answers()
        assert "Preparing" not in again.said


def _make_roles(server: Cluster) -> None:
    """An owner and a user of tables under names of the firm's own, and a database of theirs."""
    with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as admin:
        for role in ("crm_owner", "crm_web"):
            admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
        admin.execute("CREATE DATABASE crm OWNER crm_owner")


@pytest.mark.long
def test_the_roles_may_have_any_names(server: Cluster, tmp_path: Path) -> None:
    _make_roles(server)
    place = server.url("app", "crm").partition("@")[2]
    web, owner = (f"postgresql://{role}:secret@{place}" for role in ("crm_web", "crm_owner"))
    people = tmp_path / "people.csv"
    people.write_text("First name,Last name,E-mail\nAda,Berg,ada@x.example\n")
    data = tmp_path / "data"
    with served(data, "--database-url", web, "--owner-database-url", owner) as instance:
        assert instance.answers()
        assert {doctor(data)[name] for name in ("roles", "log", "triggers")} == {"good"}
        password = tmp_path / "password"
        password.write_text("a long enough secret\n")
        rapport(
            data, "user", "create", "--email", "ana@firm.example", "--role", "owner",
            "--password-file", str(password),
        )  # fmt: skip
        counts = json.loads(rapport(data, "import", "people", str(people), "--json").stdout)
        assert counts["created"] == 1
    with psycopg.connect(web) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


@pytest.mark.long
def test_with_one_role_only_the_doctor_says_what_is_missing(
    server: Cluster, tmp_path: Path
) -> None:
    with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as admin:
        owner = sql.Identifier("rapport_owner")
        admin.execute(sql.SQL("CREATE DATABASE single OWNER {}").format(owner))
    with served(tmp_path / "data", "--database-url", server.url("owner", "single")) as instance:
        assert instance.answers()
        assert doctor(tmp_path / "data")["roles"] == "advice"


def test_a_server_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:9/none"
    instance = start(tmp_path / "data", "--database-url", url)
    assert instance.process.wait(60) == 1
    assert "The database server can't be used" in instance.said
    assert "Traceback" not in instance.said
