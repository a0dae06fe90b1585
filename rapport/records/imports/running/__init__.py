"""Taking a file in: rows are parsed in a stream, staged by COPY, matched and written by SQL."""

from rapport.records.imports.running.chunks import Progress
from rapport.records.imports.running.plan import Assigned, Plan, plan_of
from rapport.records.imports.running.run import run_import

__all__ = ["Assigned", "Plan", "Progress", "plan_of", "run_import"]
