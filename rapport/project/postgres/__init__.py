"""The embedded PostgreSQL: one private server per data folder, usable without Django."""

from .cluster import Cluster
from .errors import ClusterError

__all__ = ["Cluster", "ClusterError"]
