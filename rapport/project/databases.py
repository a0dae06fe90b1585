"""Where an instance's database is: in our own embedded server, or on one the operator runs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .postgres import Cluster

OLDEST_SERVER = 18
#: One transaction a machine; it ends with the machine.
TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class DatabaseUnusable(Exception):
    """The database server can't be reached or is not fit; the message says why."""


@dataclass(frozen=True)
class DatabaseUrls:
    """The addresses of one database: for the app role, the owner role, and past any pooler."""

    app: str
    owner: str
    direct: str

    @property
    def app_role(self) -> str:
        """The name of the role that pages and jobs work under."""
        return str(conninfo_to_dict(self.app).get("user") or "")

    @property
    def has_separate_roles(self) -> bool:
        """Whether pages and jobs lack the right to change tables and the change log."""
        return self.app_role != str(conninfo_to_dict(self.owner).get("user") or "")


class Database(Protocol):
    """What the supervisor and the commands need of a database."""

    def start(self) -> None:
        """Make it reachable."""

    def stop(self) -> None:
        """Undo `start`."""

    def poll(self) -> int | None:
        """Return None while it runs as far as we can tell."""

    def urls(self) -> DatabaseUrls:
        """Return its addresses; it must be running."""


class EmbeddedDatabase:
    """Our own server in the data folder."""

    def __init__(self, data: Path) -> None:
        self.cluster = Cluster(data)

    def start(self) -> None:
        """Start the server. Raises ClusterError if it can't."""
        self.cluster.start()

    def stop(self) -> None:
        """Stop the server."""
        self.cluster.stop()

    def poll(self) -> int | None:
        """Return None while the server runs, else its exit status."""
        return self.cluster.poll()

    def urls(self) -> DatabaseUrls:
        """Return the addresses of both roles; a socket is always direct."""
        app = self.cluster.url("app")
        return DatabaseUrls(app=app, owner=self.cluster.url("owner"), direct=app)


class ServerDatabase:
    """A PostgreSQL server that somebody else starts and stops."""

    def __init__(self, urls: DatabaseUrls) -> None:
        self._urls = urls

    def start(self) -> None:
        """Check that the server answers both roles and is new enough. Raises DatabaseUnusable."""
        for url, option in (
            (self._urls.app, ""),
            (self._urls.owner, "--owner-database-url"),
            (self._urls.direct, "--direct-database-url"),
        ):
            _check(url, option)

    def stop(self) -> None:
        """Leave the server alone."""

    def poll(self) -> int | None:
        """Return None: the server is not ours to watch."""
        return None

    def urls(self) -> DatabaseUrls:
        """Return the addresses we were given."""
        return self._urls


@contextmanager
def in_turn(database: Database) -> Iterator[None]:
    """Let machines that start at the same time prepare their database one after the other."""
    with ExitStack() as held:
        if isinstance(database, ServerDatabase):
            _take_turn(database.urls().owner, held)
        yield


def _take_turn(url: str, held: ExitStack) -> None:
    # In the server's own database: an upgrade that goes back replaces ours, and nobody may be
    # connected to it then. Who may not go there starts his machines one after the other.
    with suppress(psycopg.OperationalError):
        connection = psycopg.connect(make_conninfo(url, dbname="postgres"), connect_timeout=10)
        held.enter_context(connection)
        connection.execute(TURN, [f"rapport.prepare {conninfo_to_dict(url).get('dbname')}"])


def _check(url: str, direct_option: str = "") -> None:
    """Raises DatabaseUnusable, also where a pooler stands in the way of what must be direct."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
            if direct_option and _is_pooled(connection):
                raise DatabaseUnusable(
                    "The database is reached through a pooler, behind which nobody can listen or "
                    f"change tables. Give an address past it with {direct_option}."
                )
    except psycopg.Error as error:
        raise DatabaseUnusable(f"The database server can't be used: {error}") from error
    if version < OLDEST_SERVER:
        raise DatabaseUnusable(
            f"The database server is PostgreSQL {version}; Rapport needs {OLDEST_SERVER} or newer."
        )


def _is_pooled(connection: psycopg.Connection) -> bool:
    """Whether another process answers than the one that was introduced: a pooler made that up."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    return row is not None and row[0] != connection.info.backend_pid
