"""One instance of Rapport: a folder that holds all its state, and what its processes are told."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .databases import Database, DatabaseUrls, EmbeddedDatabase, ServerDatabase
from .secrets import SESSION_KEY, secret, write_secret

SERVER_FILE = "database-server.json"
ANCHORS = "log-anchors.txt"
# What all machines of one instance need the same.
SHARED = ("files", "secrets", "backups")
FROM_THE_OPERATOR = (
    "RAPPORT_ALLOWED_HOSTS",
    "RAPPORT_TRUSTED_PROXIES",
    "RAPPORT_OUTBOUND_NETWORKS",
    "RAPPORT_API_RATE",
    "RAPPORT_LARGEST_FILE_MB",
    "RAPPORT_MATCHING_ENGINE",
    "RAPPORT_SPARK_MASTER",
    "RAPPORT_LOG_FORMAT",
    "RAPPORT_METRICS_TOKEN",
    "RAPPORT_METRICS_NETWORKS",
    "RAPPORT_TRACES_URL",
    "RAPPORT_DEBUG",
)


class InstanceError(Exception):
    """The instance can't be used; the message says why and what to do."""


class Disturbed(InstanceError):
    """It was interrupted from outside: nothing is wrong with it, and trying again may help."""


@dataclass(frozen=True)
class Instance:
    """The layout of a data folder.

    `postgres/` the embedded database, `files/` what users attach, `uploads/` files still on their
    way, `secrets/` keys and passwords, `static/`
    collected assets, `log/` the database's log, `lock` who uses the folder now, `restart` touched
    to have the processes started anew.
    """

    data: Path

    @property
    def secrets(self) -> Path:
        """The folder of keys and passwords."""
        return self.data / "secrets"

    @property
    def sealing_keys(self) -> Path:
        """The file of the keys that seal secrets in the database, once they were rotated."""
        return self.secrets / "sealing-keys"

    @property
    def static(self) -> Path:
        """The folder of collected assets."""
        return self.data / "static"

    @property
    def files(self) -> Path:
        """The folder of what users attach, where it really lies."""
        return (self.data / "files").resolve()

    @property
    def restart_request(self) -> Path:
        """The file whose change has the supervisor start its processes anew."""
        return self.data / "restart"

    @property
    def restore_mark(self) -> Path:
        """The file that is there while a restore takes its last steps."""
        return self.data / "restore-under-way.json"

    @property
    def upgrade_mark(self) -> Path:
        """The file that is there while an upgrade changes the database."""
        return self.data / "upgrade-under-way.json"

    @property
    def restore_request(self) -> Path:
        """The file by which an owner asks the supervisor, in the browser, for a restore."""
        return self.data / "restore-request.json"

    def prepare_folder(self) -> None:
        """Make the folder with its parts, closed to other users.

        Raises InstanceError when that is not possible.
        """
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in ("secrets", "files", "uploads", "log"):
                (self.data / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise InstanceError(f"The data folder can't be used: {error}.") from error
        secret(self.secrets, SESSION_KEY)

    def share(self, folder: Path) -> None:
        """Keep what all machines need in a folder that they all see; links lead there.

        Raises InstanceError where something lies in the way.
        """
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in SHARED:
                (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
                _link(self.data / name, folder / name)
            _link(self.data / ANCHORS, folder / ANCHORS)
        except OSError as error:
            raise InstanceError(
                f"{folder} can't be used by {self.data}: {error}.\nWhat {self.data} has of its "
                f"own in {', '.join(SHARED)} or {ANCHORS} must be moved there first."
            ) from error

    def forget_uploads(self) -> None:
        """Remove what uploads left half-way when an earlier run was killed."""
        for path in (self.data / "uploads").iterdir():
            path.unlink(missing_ok=True)

    def remember_server(self, urls: DatabaseUrls) -> None:
        """Keep the database server's addresses, so that later starts and commands find it."""
        text = json.dumps({"app": urls.app, "owner": urls.owner, "direct": urls.direct})
        write_secret(self.secrets, SERVER_FILE, text)

    def database(self) -> Database:
        """Return the instance's database: the server it was given once, else its own."""
        try:
            known = json.loads((self.secrets / SERVER_FILE).read_text())
        except FileNotFoundError:
            return EmbeddedDatabase(self.data)
        return ServerDatabase(DatabaseUrls(**known))

    def variables(self, urls: DatabaseUrls, **more: str) -> dict[str, str]:
        """Return the environment for a process of this instance."""
        ours = {
            "DJANGO_SETTINGS_MODULE": "rapport.project.settings",
            "RAPPORT_DATA": str(self.data),
            "RAPPORT_DATABASE_URL": urls.app,
            "RAPPORT_OWNER_DATABASE_URL": urls.owner,
            "RAPPORT_DIRECT_DATABASE_URL": urls.direct,
            "RAPPORT_STATIC_ROOT": str(self.static),
        }
        return {**_inherited(os.environ), **ours, **more}


def _link(place: Path, target: Path) -> None:
    if place.is_symlink() and place.resolve() == target.resolve():
        return
    if place.is_dir():
        # Only an empty one makes way.
        place.rmdir()
    place.symlink_to(target)


def _inherited(variables: Mapping[str, str]) -> dict[str, str]:
    # What another instance told its processes must not reach ours.
    return {
        name: value
        for name, value in variables.items()
        if not name.startswith("RAPPORT_") or name in FROM_THE_OPERATOR
    }
