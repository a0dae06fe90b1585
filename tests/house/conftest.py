"""Syntax trees stay to the end: a collector of garbage would go through them for nothing."""

import gc


def pytest_collection_finish() -> None:
    """Leave it alone while the rules read the house."""
    gc.disable()


def pytest_unconfigure() -> None:
    """And when the process ends."""
    gc.freeze()
