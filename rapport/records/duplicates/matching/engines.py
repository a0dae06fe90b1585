"""Where matching runs: DuckDB in the process, or Spark when one machine is not enough."""

from __future__ import annotations

import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import sql

from rapport.records.duplicates.matching.statements import compose

if TYPE_CHECKING:
    import duckdb

MEMORY = "3GB"
#: DuckDB's names that Spark calls otherwise; its text distances come with Splink's own jar.
SPARK_NAMES = {
    "jaro_winkler_similarity(": "jaro_winkler(",
    "list_has_any(": "arrays_overlap(",
    "starts_with(": "startswith(",
}


class Engine(ABC):
    """Runs Splink; the tables around it stay in DuckDB."""

    dialect: str

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    @abstractmethod
    def api(self) -> Any:
        """Splink's way to the database."""

    @abstractmethod
    def register(self, api: Any, table: str) -> Any:
        """Make a DuckDB table known to Splink."""

    @abstractmethod
    def take_back(self, frame: Any, table: str) -> None:
        """Make a result of Splink a DuckDB table."""

    def condition(self, sql: str) -> str:
        """A condition of the definitions as this engine spells it."""
        return sql


class DuckDBEngine(Engine):
    """In the process: the default."""

    dialect = "duckdb"

    def api(self) -> Any:
        from splink import DuckDBAPI

        return DuckDBAPI(connection=self.connection)

    def register(self, api: Any, table: str) -> Any:
        return api.register(table)

    def take_back(self, frame: Any, table: str) -> None:
        self.connection.execute(
            compose(
                "CREATE OR REPLACE TABLE {table} AS FROM {result}",
                table=table,
                result=sql.Identifier(frame.physical_name),
            )
        )
        frame.drop_table_from_database_and_remove_from_cache()


class SparkEngine(Engine):
    """On a Spark session; tables travel as Parquet files through a folder both can read."""

    dialect = "spark"

    def __init__(self, connection: duckdb.DuckDBPyConnection, session: Any, folder: Path) -> None:
        super().__init__(connection)
        self.session, self.folder, self.sent = session, folder, 0

    def api(self) -> Any:
        from splink import SparkAPI

        return SparkAPI(spark_session=self.session, break_lineage_method="parquet")

    def register(self, api: Any, table: str) -> Any:
        # A name of its own each time: Spark still reads the file of the time before.
        self.sent += 1
        path = str(self.folder / f"{table}-{self.sent}.parquet")
        self.connection.table(table).write_parquet(path)
        frame = self.session.read.parquet(path)
        frame.createOrReplaceTempView(table)
        return api.register(table)

    def take_back(self, frame: Any, table: str) -> None:
        path = self.folder / f"{table}.result"
        frame.as_spark_dataframe().write.mode("overwrite").parquet(str(path))
        files = self.connection.read_parquet(str(path / "*.parquet"))
        files.create(table)

    def condition(self, sql: str) -> str:
        for ours, theirs in SPARK_NAMES.items():
            sql = sql.replace(ours, theirs)
        return sql


def connect(folder: str | Path, settings: Mapping[str, str] | None = None) -> Any:
    """A DuckDB connection that spills into `folder` once its memory is full."""
    import duckdb

    chosen = {"memory_limit": MEMORY, "temp_directory": str(folder), "threads": str(cores())}
    connection = duckdb.connect(":memory:", config={**chosen, **(settings or {})})
    connection.execute("SET preserve_insertion_order = false")
    return connection


def cores() -> int:
    """How many processors this process may use, and at most eight."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, 8)


def new_engine(connection: duckdb.DuckDBPyConnection, name: str = "") -> Engine:
    """The engine of that name, duckdb or spark; without one, of RAPPORT_MATCHING_ENGINE.

    Raises LookupError for any other name, ImportError where Spark is not installed."""
    match name or os.environ.get("RAPPORT_MATCHING_ENGINE", "") or "duckdb":
        case "duckdb":
            return DuckDBEngine(connection)
        case "spark":
            return SparkEngine(connection, spark_session(), Path(tempfile.mkdtemp()))
        case other:
            raise LookupError(f"There is no engine {other}. There is: duckdb, spark.")


def spark_session() -> Any:
    """A session on RAPPORT_SPARK_MASTER (default: this machine), with Splink's text distances."""
    import sys

    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    # Without it every Python task looks for a Python of its own and fails.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    master = os.environ.get("RAPPORT_SPARK_MASTER", "") or f"local[{cores()}]"
    builder = SparkSession.builder.master(master).appName("rapport duplicates")
    settings = {
        "spark.jars": similarity_jar_location(),
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(cores() * 2),
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setCheckpointDir(tempfile.mkdtemp())
    session.sparkContext.setLogLevel("ERROR")
    return session
