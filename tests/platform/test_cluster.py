import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from rapport.project.postgres import Cluster, ClusterError
from rapport.project.postgres.cluster import Role

NOBODY = 65534


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped cluster's folder, to copy: making one takes longest."""
    folder = tmp_path_factory.mktemp("made")
    cluster = Cluster(folder, durable=False)
    cluster.start()
    cluster.stop()
    return folder


@pytest.fixture
def cluster(made: Path, tmp_path: Path) -> Iterator[Cluster]:
    shutil.copytree(made, tmp_path / "data", symlinks=True)
    found = Cluster(tmp_path / "data", durable=False)
    found.start()
    yield found
    found.stop()


def ask(cluster: Cluster, role: Role, query: LiteralString) -> Any:
    with psycopg.connect(cluster.url(role)) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_app_role_may_not_change_the_schema(cluster: Cluster) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(cluster, "app", "CREATE TABLE extra ()")
    assert (
        ask(cluster, "app", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    )


def test_app_role_may_not_run_programs_on_the_server(cluster: Cluster) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(cluster, "app", "COPY (SELECT 1) TO PROGRAM 'cat'")


def test_owner_role_is_no_superuser(cluster: Cluster) -> None:
    assert (
        ask(cluster, "owner", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    )


def test_roles_carry_the_planners_settings(cluster: Cluster) -> None:
    assert ask(cluster, "app", "SHOW plan_cache_mode") == "force_custom_plan"
    assert ask(cluster, "app", "SHOW statement_timeout") == "30s"


@pytest.mark.long
def test_letters_of_all_languages_fold(cluster: Cluster) -> None:
    assert ask(cluster, "app", "SELECT lower('ÄÑŞ') = 'äñş' AND casefold('Straße') = 'strasse'")


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    url = cluster.url("app").replace(cluster.password("app")[:8], "xxxxxxxx")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


def test_the_log_keeps_no_values(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("app"), autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE people (email text UNIQUE, name text NOT NULL)")
        add = "INSERT INTO people VALUES ('canary@firm.example', 'Canary')"
        connection.execute(add)
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(add)
        with pytest.raises(psycopg.errors.NotNullViolation):
            connection.execute("INSERT INTO people VALUES ('canary2', NULL)")
    cluster.stop()
    said = cluster.log.read_text()
    assert "duplicate key" in said
    assert "canary" not in said.lower()


def test_no_network_port_is_open(cluster: Cluster) -> None:
    assert ask(cluster, "admin", "SHOW listen_addresses") == ""


def test_secrets_are_closed_to_others(cluster: Cluster) -> None:
    modes = {path.stat().st_mode & 0o777 for path in cluster.secrets.iterdir()}
    assert modes == {0o600}
    assert cluster.secrets.stat().st_mode & 0o777 == 0o700


def test_stop_leaves_no_process_and_no_socket(cluster: Cluster) -> None:
    process = cluster.process
    sockets = Path(ask(cluster, "admin", "SHOW unix_socket_directories"))
    cluster.stop()
    assert process is not None
    assert process.poll() == 0
    assert not sockets.exists()


@pytest.mark.long
def test_starts_again_after_a_kill_with_a_busy_client(cluster: Cluster) -> None:
    busy = threading.Thread(target=_stay_busy, args=(cluster.url("app"),))
    busy.start()
    _wait_for_query(cluster)
    _kill(cluster)
    _start_again(cluster)
    busy.join()


@pytest.mark.long
def test_a_strangers_process_number_in_the_pid_file_is_no_hindrance(cluster: Cluster) -> None:
    _kill(cluster)
    pidfile = cluster.folder / "postmaster.pid"
    _, rest = pidfile.read_text().split("\n", 1)
    pidfile.write_text(f"{os.getppid()}\n{rest}")
    _start_again(cluster)


def test_an_orphan_is_replaced(cluster: Cluster) -> None:
    orphan = cluster.process
    _start_again(cluster)
    assert orphan is not None
    assert orphan.wait(10) == 0


@pytest.mark.long
def test_its_address_survives_a_crash(cluster: Cluster) -> None:
    before = cluster.url("app")
    _kill(cluster)
    cluster.start()
    assert cluster.url("app") == before


@pytest.mark.long
def test_works_150_characters_deep(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 75) / ("e" * 75)
    shutil.copytree(made, folder)
    deep = Cluster(folder, durable=False)
    deep.start()
    try:
        assert ask(deep, "app", "SELECT 1") == 1
    finally:
        deep.stop()


def test_says_why_it_can_not_start(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "data")
    (tmp_path / "data" / "postgres" / "operator.conf").write_text("shared_buffers = plenty\n")
    with pytest.raises(ClusterError, match=r"could not be started.*(?s:.*)shared_buffers"):
        Cluster(tmp_path / "data", durable=False).start()


def test_refuses_the_files_of_another_major_version(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "data")
    (tmp_path / "data" / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(ClusterError, match="made by PostgreSQL 17"):
        Cluster(tmp_path / "data").start()


@pytest.mark.long
def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    draft = tmp_path / "postgres.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    cluster = Cluster(tmp_path, durable=False)
    cluster.start()
    try:
        assert ask(cluster, "app", "SELECT 1") == 1
    finally:
        cluster.stop()


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may hand files to another user")
def test_root_runs_it_as_the_user_who_owns_the_files(made: Path, tmp_path: Path) -> None:
    """The way for systems that forbid user namespaces, below a folder that only root may enter."""
    shutil.copytree(made, tmp_path / "data")
    tmp_path.chmod(0o700)
    for path in (tmp_path / "data" / "postgres", *(tmp_path / "data" / "postgres").rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    cluster = Cluster(tmp_path / "data", durable=False)
    cluster.start()
    try:
        assert cluster.process is not None
        assert Path(f"/proc/{cluster.process.pid}").stat().st_uid == NOBODY
        assert ask(cluster, "app", "SELECT 1") == 1
    finally:
        cluster.stop()


def _stay_busy(url: str) -> None:
    with pytest.raises(psycopg.OperationalError), psycopg.connect(url) as connection:
        connection.execute("SELECT count(*) FROM generate_series(1, 2000000000)")


def _wait_for_query(cluster: Cluster) -> None:
    query = "SELECT pg_sleep(0.05), count(*) FROM pg_stat_activity WHERE query LIKE '%generate%'"
    with psycopg.connect(cluster.url("admin"), autocommit=True) as connection:
        while connection.execute(query).fetchall()[0][1] < 2:
            continue


def _kill(cluster: Cluster) -> None:
    assert cluster.process is not None
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()


def _start_again(cluster: Cluster) -> None:
    again = Cluster(cluster.data_dir, durable=False)
    again.start()
    try:
        assert ask(again, "app", "SELECT 1") == 1
    finally:
        again.stop()
