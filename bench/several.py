"""Several machines on one: web and worker processes on loopback addresses of their own.

nginx and PgBouncer run with the files that docs/operate/machines shows, in which only addresses,
certificates and paths are replaced. The database is the embedded server, reached as one that
somebody else runs.
"""

import http.client
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from bench.instance import OWNER
from bench.servers import PYTHON, STOP_SECONDS, free_port
from rapport.project.postgres import Cluster
from rapport.project.postgres.identity import choose_identity
from rapport.project.secrets import secret

CONFIGURATION = Path(__file__).resolve().parents[1] / "docs" / "operate" / "machines"
LOOPBACK = "127.0.0.1"
DOCUMENTED = ("10.0.0.11:8000", "10.0.0.12:8000", "10.0.0.13:8000")
DRAIN, START_SECONDS = 4, 120
#: Where administrators' programs lie that are not on everybody's path.
SYSTEM_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def missing() -> list[str]:
    """The programs that are not on this machine."""
    return [name for name in ("nginx", "pgbouncer") if not shutil.which(name, path=SYSTEM_PATH)]


class Machine:
    """One machine: a data folder, and a command that serves or works."""

    def __init__(self, folder: Path, address: str, *command: str) -> None:
        self.data, self.address, self.command = folder, address, command
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder.with_suffix(".log")

    def start(self, *more: str) -> None:
        """Start it and don't wait."""
        variables = {**os.environ, "RAPPORT_TRUSTED_PROXIES": LOOPBACK}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*PYTHON, "rapport.project.command", "--data", str(self.data),
                 *self.command, *more],
                env=variables, stdout=output, stderr=output,
            )  # fmt: skip

    def ask_to_stop(self) -> None:
        """As an operator or systemd does."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)

    def await_end(self) -> None:
        """Raises TimeoutExpired where it does not end."""
        if self.process:
            self.process.wait(2 * STOP_SECONDS + DRAIN)

    def readiness(self) -> int:
        """What /readyz answers; 0 where nobody does."""
        host, _colon, port = self.address.partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def await_ready(self) -> None:
        """Wait until it serves. Raises RuntimeError with what it said."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process and self.process.poll() is None:
            if self.readiness() == 200:
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.address} does not serve:\n{self.log.read_text()[-2000:]}")


@dataclass
class Several:
    """All of it, running."""

    webs: list[Machine]
    workers: list[Machine]
    cluster: Cluster
    port: int

    @property
    def url(self) -> str:
        """The database past the pooler, for one who sees all."""
        return self.cluster.url("admin")

    def command(self, *arguments: str) -> str:
        """What a verb on the first machine prints."""
        done = subprocess.run(
            [*PYTHON, "rapport.project.command", "--data", str(self.webs[0].data), *arguments],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout


@contextmanager
def several(folder: Path, webs: int, workers: int) -> Iterator[Several]:
    """The machines, started one after the other; all of it ends with the block."""
    with ExitStack() as running:
        cluster = Cluster(folder / "server")
        running.callback(cluster.stop)
        cluster.start()
        pooled = running.enter_context(pgbouncer(folder, cluster))
        # One port, which names the cookies; each machine has it at an address of its own.
        port = front = free_port()
        made = Several([], [], cluster, front)
        for number in range(webs):
            web = _web(folder, number, port, front)
            made.webs.append(web)
            running.callback(_end, web)
            # Only the first is told of the database: the others find it in the shared folder.
            web.start(*(_first(folder, cluster, pooled) if number == 0 else ()))
            if number == 0:
                web.await_ready()
        for number in range(workers):
            shared = ("--shared", str(folder / "shared"))
            worker = Machine(folder / f"worker{number + 1}", "", "worker", *shared)
            made.workers.append(worker)
            running.callback(_end, worker)
            worker.start()
        for web in made.webs:
            web.await_ready()
        running.enter_context(_nginx(folder, made))
        yield made


def _web(folder: Path, number: int, port: int, front: int) -> Machine:
    address = f"127.0.0.{number + 2}"
    return Machine(
        folder / f"web{number + 1}", f"{address}:{port}", "serve", "--host", address,
        "--port", str(port), "--shared", str(folder / "shared"), "--no-worker", "--no-extras",
        "--web-processes", "1", "--drain-seconds", str(DRAIN),
        "--public-url", f"http://{LOOPBACK}:{front}",
    )  # fmt: skip


def _first(folder: Path, cluster: Cluster, pooled: str) -> tuple[str, ...]:
    password = folder / "owner-password"
    secret(folder, password.name)
    return (
        "--database-url", pooled, "--owner-database-url", cluster.url("owner"),
        "--direct-database-url", cluster.url("app"),
        "--owner-email", OWNER, "--owner-password-file", str(password),
    )  # fmt: skip


@contextmanager
def pgbouncer(folder: Path, cluster: Cluster) -> Iterator[str]:
    """The pooler before the server; the app role's address through it."""
    parts = conninfo_to_dict(cluster.url("app"))
    port, home = free_port(), folder / "pgbouncer"
    home.mkdir()
    users = home / "userlist.txt"
    users.touch(0o600)
    users.write_text(f'"{parts["user"]}" "{parts["password"]}"\n')
    text = _filled("pgbouncer.ini", {
        "crm = host=10.0.0.5 port=5432 dbname=crm":
            f"crm = host={parts['host']} dbname={parts['dbname']}",
        "10.0.0.6": LOOPBACK, "6432": str(port), "/etc/pgbouncer/userlist.txt": str(users),
    })  # fmt: skip
    (home / "pgbouncer.ini").write_text(text)
    program = Path(str(shutil.which("pgbouncer", path=SYSTEM_PATH)))
    identity = choose_identity(cluster.folder, program)
    command = identity.command(program, "-q", home / "pgbouncer.ini", die=signal.SIGTERM)
    with _program(command, home / "log"):
        yield f"postgresql://{parts['user']}:{quote(str(parts['password']), safe='')}@" \
              f"{LOOPBACK}:{port}/crm"  # fmt: skip


@contextmanager
def _nginx(folder: Path, made: Several) -> Iterator[None]:
    """The proxy before the machines that serve."""
    home = folder / "nginx"
    home.mkdir()
    servers = {
        f"    server {place} max_fails=1 fail_timeout=3s;\n":
            f"    server {made.webs[number].address} max_fails=1 fail_timeout=3s;\n"
            if number < len(made.webs) else ""
        for number, place in enumerate(DOCUMENTED)
    }  # fmt: skip
    site = _filled("nginx.conf", {
        **servers, "listen 443 ssl;": f"listen {LOOPBACK}:{made.port};",
        "    ssl_certificate /etc/ssl/crm.firm.com.pem;\n": "",
        "    ssl_certificate_key /etc/ssl/crm.firm.com.key;\n": "",
    })  # fmt: skip
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {home / kind};\n" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(
        f"{user}\ndaemon off;\nworker_processes 1;\npid {home / 'pid'};\n"
        f"error_log {home / 'error.log'};\nevents {{ worker_connections 1024; }}\n"
        f"http {{\naccess_log off;\n{temporary}{site}}}\n"
    )
    program = str(shutil.which("nginx", path=SYSTEM_PATH))
    with _program([program, "-e", str(home / "error.log"), "-c", str(home / "nginx.conf")],
                  home / "log"):  # fmt: skip
        yield


def _filled(name: str, replaced: Mapping[str, str]) -> str:
    """A documented file with what is another on this machine. Raises ValueError for a slip."""
    text = (CONFIGURATION / name).read_text()
    for old, new in replaced.items():
        if old not in text:
            raise ValueError(f"{name} has no {old!r}.")
        text = text.replace(old, new)
    return text


@contextmanager
def _program(command: list[str], log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        time.sleep(0.5)
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} does not run:\n{log.read_text()[-2000:]}")
        yield
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _end(machine: Machine) -> None:
    machine.ask_to_stop()
    with suppress(subprocess.TimeoutExpired):
        machine.await_end()
    if machine.process and machine.process.poll() is None:
        machine.process.kill()
        machine.process.wait()
