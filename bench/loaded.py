"""What the benches of a loaded instance share: their options, and the instance being served."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import servers
from bench.compare import admin_url, kept_folder
from bench.instance import opened


def options(about: str | None, **numbers: int) -> argparse.Namespace:
    """What the command line says: `numbers` with their defaults, and the folder to keep."""
    parser = argparse.ArgumentParser(description=str(about).splitlines()[0])
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--keep", type=Path, help="a folder whose loaded records are used again")
    return parser.parse_args()


@contextmanager
def served[T](
    keep: Path | None, prepare: Callable[[Path, str], T]
) -> Iterator[tuple[Path, int, T]]:
    """An instance that answers: its folder, its port, and what `prepare` gave.

    `prepare` is told the folder of the bench and the address of the database.
    """
    with kept_folder(keep) as folder:
        instance = folder / "instance"
        with opened(instance):
            made = prepare(folder, admin_url(instance))
        with servers.rapport(instance, folder / "rapport.log") as (port, _pid):
            yield instance, port, made
