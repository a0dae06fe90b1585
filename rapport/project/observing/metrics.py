"""Figures for monitoring, as Prometheus reads them: shut unless the operator opens it.

What one process counts is added up over all web processes; all else is asked of the database and
the system at the moment.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rapport.accounts.addresses import client_ip
from rapport.accounts.routes import admits
from rapport.kit.networks import is_listed
from rapport.project.backups.manifest import product_version
from rapport.project.observing import counting, figures, memory

type Samples = Iterable[tuple[tuple[str, ...], float]]


@admits("anonymous")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for who has the token or comes from a listed network; for others not there."""
    if not _may_read(request):
        raise Http404
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    known = settings.INSTANCE
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if known.metrics_token and compare_digest(given.encode(), known.metrics_token.encode()):
        return True
    peer = client_ip(request)
    return bool(peer) and is_listed(ip_address(peer or ""), known.metrics_networks)


def _registry() -> Any:
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    if os.environ.get(counting.FOLDER_VARIABLE):
        MultiProcessCollector(registry)
    for one in counting.counted():
        registry.register(one)
    registry.register(_Asked())
    return registry


class _Asked:
    """What is asked at the moment."""

    def collect(self) -> Iterator[Any]:
        """Every family of figures; those of the database only where it answers."""
        yield _gauge("rapport_info", "This Rapport.", ["version"], [((product_version(),), 1)])
        yield from _machine()
        try:
            found = list(_database())
        except DatabaseError:
            found = [_gauge("rapport_database_up", "Whether it answers.", [], [((), 0)])]
        yield from found


def _machine() -> Iterator[Any]:
    free = shutil.disk_usage(settings.INSTANCE.data).free
    yield _gauge("rapport_disk_free_bytes", "Room beside the data folder.", [], [((), free)])
    used = memory.by_process()
    yield _gauge(
        "rapport_process_memory_bytes",
        "Memory by process, what they share parted among them.",
        ["process"],
        [((name,), size) for name, (_number, size) in used.items()],
    )
    yield _gauge(
        "rapport_processes",
        "Processes of this instance.",
        ["process"],
        [((name,), number) for name, (number, _size) in used.items()],
    )


def _database() -> Iterator[Any]:
    size, connections, most = figures.database()
    yield _gauge("rapport_database_up", "Whether it answers.", [], [((), 1)])
    yield _gauge("rapport_database_bytes", "Size of the database.", [], [((), size)])
    yield _gauge("rapport_database_connections", "Connections to it.", [], [((), connections)])
    yield _gauge("rapport_database_connections_max", "Its limit.", [], [((), most)])
    yield from _pool()
    yield from _work()


def _pool() -> Iterator[Any]:
    from django.db import connection

    pool = getattr(connection, "pool", None)
    known = pool.get_stats() if pool else {}
    names = ("pool_size", "pool_available", "requests_waiting")
    yield _gauge(
        "rapport_pool",
        "Connections of the process that answered this.",
        ["what"],
        [((name,), known.get(name, 0)) for name in names],
    )


def _work() -> Iterator[Any]:
    queued = figures.queue()
    yield _gauge(
        "rapport_queue_jobs",
        "Jobs due or being done.",
        ["queue", "state"],
        [((name, state), number) for name, state, number, _age in queued],
    )
    yield _gauge(
        "rapport_queue_oldest_seconds",
        "Age of the oldest of them.",
        ["queue", "state"],
        [((name, state), age) for name, state, _number, age in queued],
    )
    yield _gauge(
        "rapport_jobs",
        "Jobs that people asked for; of those that are over the last day's.",
        ["kind", "state"],
        [((kind, state), number) for kind, state, number in figures.jobs_by_state()],
    )
    silence, alive = figures.silence_of_workers(60)
    yield _gauge("rapport_workers", "Workers with a sign of life.", [], [((), alive)])
    yield _gauge("rapport_worker_silence_seconds", "Since the last.", [], [((), silence or 0)])
    yield _gauge(
        "rapport_log_lag_seconds",
        "How far readers of the change log are behind.",
        ["reader"],
        [((name,), seconds) for name, seconds in figures.followers()],
    )
    waiting, oldest = figures.deliveries()
    yield _gauge("rapport_webhook_backlog", "Deliveries that wait.", [], [((), waiting)])
    yield _gauge("rapport_webhook_oldest_seconds", "Age of the oldest.", [], [((), oldest)])


def _gauge(name: str, text: str, labels: list[str], samples: Samples) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, text, labels=labels)
    for values, value in samples:
        family.add_metric(list(values), float(value))
    return family
