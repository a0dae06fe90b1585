"""Gives every test PostgreSQL as the product meets it: the app role on a migrated database."""

import gc
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.test.testcases import QuietWSGIRequestHandler
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from rapport.project.environment import django_database
from tests.database import Copy, Server, attach_to, start_server

# How long an example takes says what else the machine has to do.
hypothesis_settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")

_server: Server | None = None
_lock: IO[str] | None = None


def _run_server(config: pytest.Config) -> Server:
    """This run's server; started by the process that outlives the others."""
    global _server, _lock  # noqa: PLW0603 - one per process, ended by pytest_unconfigure
    if _server is None:
        if given := getattr(config, "workerinput", {}).get("rapport_server"):
            _server = attach_to(Path(given["slot"]), given["template"])
        else:
            _server, _lock = start_server()
    return _server


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the server is."""
    server = _run_server(node.config)
    node.workerinput["rapport_server"] = {
        "slot": str(server.cluster.data_dir),
        "template": server.template,
    }


def pytest_configure(config: pytest.Config) -> None:
    """Let workers begin at different ends: what one compiled of the tests the next one reads."""
    worker = getattr(config, "workerinput", {}).get("workerid", "gw0")
    is_all = [Path(one).name for one in config.args] == config.getini("testpaths")
    if is_all and int(worker.removeprefix("gw")) % 2:
        config.args.reverse()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in the same order in all workers, wherever they began."""
    items.sort(key=lambda item: item.nodeid.partition("/")[0])


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end of the run: the product, and all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure() -> None:
    """End the server if this process started it."""
    if _lock is not None and _server is not None:
        _server.cluster.stop()
        _lock.close()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[Copy]:
    """Copy the migrated template for this process and connect to it as the app role."""
    server = _run_server(request.config)
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    copy = Copy(server, f"test_{worker}")
    copy.renew()
    _connect_to(server, copy.name)

    def undo(_case: TransactionTestCase) -> None:
        _alone(copy.take_back)

    with pytest.MonkeyPatch.context() as patch:
        # Where Django lets go of a transactional test's rows: it would empty the tables, which the
        # app role may not do to the log, and lose what migrations put there.
        patch.setattr(TransactionTestCase, "_fixture_teardown", undo)
        yield copy
    with django_db_blocker.unblock():
        _disconnect()
    copy.drop()


@pytest.fixture(scope="module")
def renewed_database(django_db_setup: Copy, django_db_blocker: Any) -> None:
    """Free the database of what earlier tests took back, for tests that read it whole, and often.

    Rows that were rolled back stay in their tables, and every scan steps over them.
    """
    with django_db_blocker.unblock():
        _alone(django_db_setup.renew)


@pytest.fixture
def owner_database_url(db: None) -> str:
    """The test's database under the owner role, for what the app role must not do."""
    return str(settings.INSTANCE.owner_database_url)


def _connect_to(server: Server, database: str) -> None:
    url = server.url("app", database)
    settings.INSTANCE = replace(
        settings.INSTANCE,
        database_url=url,
        direct_database_url=url,
        owner_database_url=server.url("owner", database),
    )
    connections["default"].settings_dict.update(django_database(url))


def _disconnect() -> None:
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined] # only PostgreSQL has one


def _alone(do: Callable[[], None]) -> None:
    """Do something to the database while nobody is connected to it."""
    _disconnect()
    do()
    # A page that was still under way may have connected again, to rows that are gone now.
    _disconnect()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin a transactional test without the connections of the tests before it.

    A browser's event loop has connections of its own: what was opened before it started is closed
    by nobody while it runs, and leads to a database that is gone when it has ended.
    """
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        connections.close_all()


# A test's server writes head and body one after the other; by Nagle's rule the body would wait for
# the browser's delayed word that the head has come, 40 ms for each of a page's thirty files.
QuietWSGIRequestHandler.disable_nagle_algorithm = True


@pytest.fixture(scope="session", autouse=True)
def _instance(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep files and secrets of the tests out of the checkout's own instance."""
    data = tmp_path_factory.mktemp("instance")
    settings.INSTANCE = replace(settings.INSTANCE, data=data)
    settings.MEDIA_ROOT = data / "files"
    # Argon2 is slow on purpose; nothing here is worth guessing.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Begin each test in the language and zone of the settings.

    A request leaves its reader's behind, for an answer may still be streaming.
    """
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def _declared_fields_only() -> Iterator[None]:
    """Let go of fields that the test made: its database forgets them, this process would not."""
    yield
    from rapport.records.metadata.noticing import forget, has_met_any

    if has_met_any():
        forget()


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Let no test reach past this machine: what a page or a job asks for must come from us."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        is_network = self.family in (socket.AF_INET, socket.AF_INET6)
        if is_network and not _is_loopback(str(address[0])):
            raise ConnectionRefusedError(f"Tests may not reach {address[0]}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_nearby)
        yield


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
