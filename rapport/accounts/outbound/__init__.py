"""The one gateway for every request to an address that somebody may set. Begin with README.md."""

from .reach import Forbidden, Reach, Unreachable
from .web import Answer, Destination, ask, read_address

__all__ = ["Answer", "Destination", "Forbidden", "Reach", "Unreachable", "ask", "read_address"]
