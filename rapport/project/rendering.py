"""Has a migration's steps render anew the models that they change, and those that lead to them.

Django renders whatever is connected by any chain of relations. Here all is, by way of the users:
each of some 300 steps rendered thirty models, four fifths of the time that a first start takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ProjectState

type Key = tuple[str, str]
FINDER = "_find_reload_model"


@contextmanager
def narrow_rendering() -> Iterator[None]:
    """Migrate within this."""
    find_connected = getattr(ProjectState, FINDER)
    setattr(ProjectState, FINDER, _find_leading_to)
    try:
        yield
    finally:
        setattr(ProjectState, FINDER, find_connected)


def _find_leading_to(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[Key]:
    """The model, all whose relations or bases lead to it, and so on: they hold its class.

    What migrations do with rows they do with all models rendered anew: that is what a state that
    says it is delayed is asked for.
    """
    state.is_delayed = True
    changed: Key = (app_label, model_name)
    found, waiting = {changed}, [changed]
    while waiting:
        one = waiting.pop()
        more = {*_pointing_at(state, one), *_inheriting_from(state, one)} - found
        found |= more
        waiting += more
    return found


def _pointing_at(state: ProjectState, key: Key) -> list[Key]:
    return [other for other, fields in state.relations.get(key, {}).items() if fields]


def _inheriting_from(state: ProjectState, key: Key) -> list[Key]:
    name = ".".join(key)
    return [other for other, model in state.models.items() if name in _bases(model.bases)]


def _bases(bases: tuple[object, ...]) -> set[str]:
    return {base.lower() for base in bases if isinstance(base, str)}
