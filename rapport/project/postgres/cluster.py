"""One embedded PostgreSQL server on one data folder."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from rapport.project.secrets import secret, write_secret

from . import roles
from .binaries import program
from .configuration import write_configuration
from .errors import ClusterError
from .identity import Identity, choose_identity
from .initialise import initialise
from .pidfile import disown_pidfile, is_server_of, processes_on, read_pidfile
from .sockets import make_socket_folder, remove_socket_folder

type Role = Literal["owner", "app", "admin"]

ROLE_NAMES: dict[Role, str] = {
    "owner": roles.OWNER,
    "app": roles.APP,
    "admin": roles.ADMIN,
}
ROLES_MARK = "postgres-roles.sha256"
START_SECONDS = 300
FAST_STOP_SECONDS = 60
LINGER_SECONDS = 30
STILL_IN_USE = "pre-existing shared memory block"
LOG_LIMIT = 20 * 2**20


class Cluster:
    """A PostgreSQL server of our own: made on first start, reached by a socket only.

    `data_dir` is the instance's folder; the server keeps to `postgres/`, `secrets/` and `log/`
    in it. With `durable=False` it forgets about crashes for speed: only for tests.

    The server ends with the thread that started it: start it from the main thread.
    """

    def __init__(self, data_dir: Path, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.folder = self.data_dir / "postgres"
        self.secrets = self.data_dir / "secrets"
        self.log = self.data_dir / "log" / "postgres.log"
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    def start(self) -> None:
        """Start the server, making it first if needed; returns when it takes connections.

        What a killed predecessor left behind is cleared away. Raises ClusterError with the
        end of the server's log when it can't start.
        """
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        initialise(self.folder, self.password("admin"))
        self._clear_predecessor()
        identity = choose_identity(self.folder, program("postgres"))
        write_configuration(self.folder, self._socket_folder(identity), self.durable)
        self._launch_until_ready(identity)
        self._ensure_roles()

    def stop(self) -> None:
        """Stop the server without waiting for its clients; does nothing if it does not run."""
        self._end_process()
        self._remove_sockets()

    def poll(self) -> int | None:
        """Return None while the server runs, else how it ended."""
        return self.process.poll() if self.process else 0

    def url(self, role: Role, database: str = roles.DATABASE) -> str:
        """Return the address under which that role reaches a database of the running server.

        Raises ClusterError if the server does not run.
        """
        running = read_pidfile(self.folder)
        if running is None or running.sockets is None:
            raise ClusterError("The embedded PostgreSQL is not running.")
        return (
            f"postgresql://{ROLE_NAMES[role]}:{quote(self.password(role), safe='')}@/"
            f"{quote(database)}?host={quote(str(running.sockets), safe='')}"
        )

    def password(self, role: Role) -> str:
        """Return the role's password, made on first use."""
        return secret(self.secrets, f"postgres-{role}")

    def _end_process(self) -> None:
        if self.process is None:
            return
        # SIGTERM would wait for every client to go away by itself.
        for request, seconds in (
            (signal.SIGINT, FAST_STOP_SECONDS),
            (signal.SIGQUIT, 10),
        ):
            self.process.send_signal(request)
            try:
                self.process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue
        else:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _clear_predecessor(self) -> None:
        previous = read_pidfile(self.folder)
        if previous is None:
            return
        if is_server_of(previous.pid, self.folder):
            _end(previous.pid, self.folder)
        # A busy part of a killed server notices only when its query is done.
        for straggler in processes_on(self.folder):
            with suppress(ProcessLookupError):
                os.kill(straggler, signal.SIGKILL)
        disown_pidfile(self.folder)
        # Our own folder stays when a crashed server starts again: clients know its address.
        if previous.sockets and previous.sockets != self._sockets:
            remove_socket_folder(previous.sockets)

    def _socket_folder(self, identity: Identity) -> Path:
        if self._sockets is None:
            self._sockets = make_socket_folder(self.data_dir, identity.uids())
            identity.own(self._sockets)
        return self._sockets

    def _remove_sockets(self) -> None:
        if self._sockets:
            remove_socket_folder(self._sockets)
            self._sockets = None

    def _launch_until_ready(self, identity: Identity) -> None:
        deadline = time.monotonic() + LINGER_SECONDS
        while True:
            start_of_output = self._launch(identity)
            if self._becomes_ready():
                return
            self._end_process()
            words = self._last_words(start_of_output)
            # Parts of a killed server may still be at work on the files.
            if STILL_IN_USE not in words or time.monotonic() > deadline:
                self._remove_sockets()
                raise ClusterError(
                    "The embedded PostgreSQL could not be started. "
                    f"Its log ({self.log}) ends with:\n{words}"
                )
            time.sleep(0.2)

    def _launch(self, identity: Identity) -> int:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        with self.log.open("ab") as log:
            start_of_output = log.tell()
            self.process = subprocess.Popen(
                identity.command(program("postgres"), "-D", self.folder, die=signal.SIGINT),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        return start_of_output

    def _becomes_ready(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self.process and self.process.poll() is None and time.monotonic() < deadline:
            running = read_pidfile(self.folder)
            if running and running.pid == self.process.pid and running.is_ready:
                return True
            time.sleep(0.02)
        return False

    def _last_words(self, start_of_output: int) -> str:
        text = self.log.read_bytes()[start_of_output:].decode(errors="replace")
        return "\n".join(f"  {line}" for line in text.strip().splitlines()[-8:])

    def _ensure_roles(self) -> None:
        passwords = {ROLE_NAMES[role]: self.password(role) for role in ("owner", "app")}
        wanted = roles.fingerprint(passwords)
        marker = self.secrets / ROLES_MARK
        if marker.exists() and marker.read_text().strip() == wanted:
            return
        roles.create_roles(self.url("admin", "postgres"), passwords)
        write_secret(self.secrets, ROLES_MARK, wanted)


def _end(pid: int, folder: Path) -> None:
    """End a server that its killed supervisor left behind."""
    for request, seconds in (
        (signal.SIGINT, 30),
        (signal.SIGQUIT, 10),
        (signal.SIGKILL, 5),
    ):
        try:
            os.kill(pid, request)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not is_server_of(pid, folder):
                return
            time.sleep(0.05)
