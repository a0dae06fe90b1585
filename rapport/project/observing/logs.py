"""How a line of the log is written: for people, or as JSON for programs.

Every line names the request and the job it was written for. Addresses are not in it, but the route:
an address may hold somebody's one-time link or what he searched for.
"""

from __future__ import annotations

import logging
from typing import Any

from rapport.kit.origin import origin

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class LineFormatter(logging.Formatter):
    """A line for people, with where it comes from at its end."""

    def __init__(self) -> None:
        super().__init__(LINE)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line without what follows it, such as a traceback."""
        facts = origin().facts
        tail = " ".join(f"{name}={value}" for name, value in facts.items())
        return super().formatMessage(record) + (f" [{tail}]" if tail else "")


class WithoutAddress(logging.Filter):
    """Keeps addresses out of the lines that Django writes of refused requests.

    One may hold the secret of a link that still opens something; the route is told at the end.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without its request's address."""
        path = getattr(getattr(record, "request", None), "path", None)
        if path is not None and isinstance(record.args, tuple):
            record.args = tuple("…" if one == path else one for one in record.args)
        return True


def formatter(kind: str) -> logging.Formatter:
    """The formatter for `json`, or for people."""
    return _json_formatter() if kind == "json" else LineFormatter()


def _json_formatter() -> logging.Formatter:
    import structlog

    made: logging.Formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=["status", "milliseconds", "statements"]),
            _add_origin,
        ],
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
    return made


def _add_origin(_logger: Any, _method: str, event: Any) -> Any:
    return event | origin().facts
