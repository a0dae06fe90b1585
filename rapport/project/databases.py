"""Where an instance's database is: in our own embedded server, or on one the operator runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict

from .postgres import Cluster

OLDEST_SERVER = 18


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
        for url in (self._urls.app, self._urls.owner, self._urls.direct):
            _check(url)

    def stop(self) -> None:
        """Leave the server alone."""

    def poll(self) -> int | None:
        """Return None: the server is not ours to watch."""
        return None

    def urls(self) -> DatabaseUrls:
        """Return the addresses we were given."""
        return self._urls


def _check(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise DatabaseUnusable(f"The database server can't be used: {error}") from error
    if version < OLDEST_SERVER:
        raise DatabaseUnusable(
            f"The database server is PostgreSQL {version}; Rapport needs {OLDEST_SERVER} or newer."
        )
