"""What an upgrade begins with: an instance of this version, and a checkout of a later one."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from rapport.project.postgres import Cluster

from .instances import CHECKOUT, served


def fill(data: Path) -> Path:
    """An instance of this version with a company in it, stopped."""
    with served(data, "--demo", "--no-extras"):
        pass
    return data


def checkout_with(folder: Path, migrations: Mapping[str, str]) -> Path:
    """A checkout with more migrations of accounts, one after the other; `{after}` in their text is
    the name of the one before."""
    ignored = shutil.ignore_patterns("__pycache__", "tests")
    shutil.copytree(CHECKOUT / "rapport", folder / "rapport", ignore=ignored)
    shutil.copytree(CHECKOUT / "requirements", folder / "requirements")
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    place = folder / "rapport" / "accounts" / "migrations"
    after = max(path.stem for path in place.glob("0*.py"))
    for name, text in migrations.items():
        (place / f"{name}.py").write_text(text.replace("{after}", after))
        after = name
    return folder


@contextmanager
def database(data: Path) -> Iterator[psycopg.Connection]:
    """The database of a stopped instance, as its owner."""
    cluster = Cluster(data)
    cluster.start()
    try:
        with psycopg.connect(cluster.url("owner")) as owner:
            yield owner
    finally:
        cluster.stop()
