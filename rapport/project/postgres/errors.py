"""What goes wrong with the embedded database, in sentences an operator understands."""


class ClusterError(Exception):
    """The embedded database can't be made, started or stopped; the message says why."""
