"""The parts of a started instance and how its processes are started and ended."""

import os
from dataclasses import dataclass, field

import psycopg

from rapport.project.databases import Database, EmbeddedDatabase
from rapport.project.draining import seconds_to_stop
from rapport.project.instance import Instance
from rapport.project.observing.counting import FOLDER_VARIABLE, empty_folder
from rapport.project.ports import PortReservation

from .child import Child
from .options import ServeOptions
from .readiness import await_first_answer

# Longer than the web server waits for its own processes.
WEB_GRACE = 4.0
WORKER_GRACE = 15.0


@dataclass
class Running:
    """An instance whose database runs, with the processes that serve it."""

    options: ServeOptions
    instance: Instance
    database: Database
    port: PortReservation
    web: Child = field(default_factory=lambda: Child("web", "rapport.project.web", WEB_GRACE))
    worker: Child = field(
        default_factory=lambda: Child("worker", "rapport.project.worker", WORKER_GRACE)
    )

    @property
    def children(self) -> tuple[Child, ...]:
        """The processes, in the order in which they start."""
        return (self.web, self.worker) if self.options.has_worker else (self.web,)

    def start(self) -> None:
        """Start the processes with what the operator and the workspace's settings say now.

        The worker waits for the first page: both would fight for the cores that make it.
        Raises InstanceError if no page comes.
        """
        environment = self._environment()
        environment[FOLDER_VARIABLE] = str(empty_folder(self.instance.data))
        for child in self.children:
            child.environment = environment
        self.web.grace = WEB_GRACE + seconds_to_stop(self.options.drain_seconds)
        self.web.start()
        await_first_answer(self.web, self.options.host, self.port.port)
        if self.options.has_worker:
            self.worker.start()

    def end(self) -> None:
        """End the processes, all at the same time."""
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.await_end()

    def restart(self) -> None:
        """End the processes and start them anew."""
        self.end()
        self.start()

    def public_url(self) -> str:
        """Return the address people use: the operator's word, else the workspace's setting."""
        if self.options.public_url:
            return self.options.public_url.rstrip("/")
        with psycopg.connect(self.database.urls().app) as connection:
            row = connection.execute("SELECT public_address FROM accounts_workspace").fetchone()
        return str(row[0]).rstrip("/") if row else ""

    def _environment(self) -> dict[str, str]:
        is_embedded = isinstance(self.database, EmbeddedDatabase)
        hosts = [*self.options.host_names(), os.environ.get("RAPPORT_ALLOWED_HOSTS", "")]
        environment = self.instance.variables(
            self.database.urls(),
            RAPPORT_HOST=self.options.host,
            RAPPORT_PORT=str(self.port.port),
            RAPPORT_WEB_PROCESSES=str(self.options.web_processes),
            RAPPORT_DRAIN_SECONDS=str(self.options.drain_seconds),
            RAPPORT_ALLOWED_HOSTS=",".join(filter(None, hosts)),
            RAPPORT_PUBLIC_URL=self.public_url(),
            # Nobody else reaches an embedded database, so no other worker can hold a job.
            RAPPORT_ONLY_WORKER="1" if is_embedded else "",
        )
        if self.options.is_development:
            # Assets come from where they lie, and errors show in the browser.
            environment |= {"RAPPORT_STATIC_ROOT": "", "RAPPORT_DEBUG": "1"}
        return environment
