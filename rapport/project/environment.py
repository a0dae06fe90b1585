"""What the supervisor tells its processes, read once and typed.

Every setting an operator can change reaches Django through one of these variables, so that
web, worker and command see the same instance.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from rapport.kit.networks import Network

from .pooling import check_connection

CHECKOUT = Path(__file__).resolve().parents[2]
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Environment:
    """One instance of Rapport as its processes see it."""

    data: Path
    database_url: str
    owner_database_url: str
    direct_database_url: str
    role: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    outbound_networks: tuple[Network, ...]
    static_root: Path | None
    secret_key: str
    sealing_keys: tuple[str, ...]
    debug: bool
    largest_file: int
    api_rate: int
    log_format: str
    metrics_token: str
    metrics_networks: tuple[Network, ...]
    traces_to: str

    @property
    def has_metrics(self) -> bool:
        """Whether anybody may read figures, so that it is worth counting."""
        return bool(self.metrics_token or self.metrics_networks)

    @property
    def is_owner(self) -> bool:
        """Whether this process runs migrations and other work under the owner role."""
        return self.role == "owner"

    @property
    def is_https(self) -> bool:
        """Whether people reach the instance over TLS, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    @property
    def is_direct(self) -> bool:
        """Whether no pooler is said to stand before the database."""
        return self.database_url == self.direct_database_url

    @property
    def active_database_url(self) -> str:
        """The address of the role this process works under."""
        return self.owner_database_url if self.is_owner else self.database_url


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read the `RAPPORT_*` variables; nothing is required, so that tools can load the settings."""
    data = Path(variables.get("RAPPORT_DATA") or CHECKOUT / "data")
    database_url = variables.get("RAPPORT_DATABASE_URL", "")
    public_url = variables.get("RAPPORT_PUBLIC_URL", "").rstrip("/")
    static_root = variables.get("RAPPORT_STATIC_ROOT", "")
    return Environment(
        data=data,
        database_url=database_url,
        owner_database_url=variables.get("RAPPORT_OWNER_DATABASE_URL") or database_url,
        direct_database_url=variables.get("RAPPORT_DIRECT_DATABASE_URL") or database_url,
        role=variables.get("RAPPORT_ROLE", "app"),
        port=int(variables.get("RAPPORT_PORT") or 8000),
        public_url=public_url,
        allowed_hosts=_allowed_hosts(variables.get("RAPPORT_ALLOWED_HOSTS", ""), public_url),
        trusted_proxies=tuple(
            filter(None, variables.get("RAPPORT_TRUSTED_PROXIES", "").split(","))
        ),
        outbound_networks=_networks(variables.get("RAPPORT_OUTBOUND_NETWORKS", "")),
        static_root=Path(static_root) if static_root else None,
        secret_key=_secret_key(variables, data),
        sealing_keys=tuple(variables.get("RAPPORT_SEALING_KEYS", "").split()),
        debug=variables.get("RAPPORT_DEBUG") == "1",
        largest_file=int(variables.get("RAPPORT_LARGEST_FILE_MB") or 25) * 1024 * 1024,
        api_rate=int(variables.get("RAPPORT_API_RATE") or 6000),
        log_format=variables.get("RAPPORT_LOG_FORMAT") or "line",
        metrics_token=variables.get("RAPPORT_METRICS_TOKEN", ""),
        metrics_networks=_networks(variables.get("RAPPORT_METRICS_NETWORKS", "")),
        traces_to=variables.get("RAPPORT_TRACES_URL", ""),
    )


def django_database(url: str, *, is_direct: bool = True) -> dict[str, Any]:
    """Turn a `postgresql://` address into Django's settings for one database.

    No session state is assumed unless it is direct: a transaction pooler may stand in between.
    """
    parts = dict(conninfo_to_dict(url)) if url else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "rapport"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "IS_DIRECT": is_direct,
        # A connection of the pool may have died with the server it led to.
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "prepare_threshold": None,
            "pool": {
                "min_size": 1,
                "max_size": 16,
                "timeout": 10,
                "check": check_connection,
            },
            **parts,
        },
    }


def _networks(listed: str) -> tuple[Network, ...]:
    names = filter(None, map(str.strip, listed.split(",")))
    return tuple(ip_network(name, strict=False) for name in names)


def _allowed_hosts(extra: str, public_url: str) -> tuple[str, ...]:
    names = [*LOOPBACK_NAMES, *filter(None, extra.split(","))]
    if host := urlsplit(public_url).hostname:
        names.append(f"[{host}]" if ":" in host else host)
    return tuple(dict.fromkeys(names))


def _secret_key(variables: Mapping[str, str], data: Path) -> str:
    if key := variables.get("RAPPORT_SECRET_KEY"):
        return key
    try:
        return (data / "secrets" / "session-key").read_text().strip()
    except OSError:
        # Tools such as a type checker load the settings without an instance; nothing that such
        # a process signs is worth keeping.
        return os.urandom(32).hex()
