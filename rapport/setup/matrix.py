"""The matrix of a role: one row per object, one scope per action."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.accounts.actions.roles import may_be_ruled, may_follow
from rapport.accounts.models import Grant, Role
from rapport.accounts.models.role import SCOPES
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT, Scope
from rapport.records import registry

LABELS: dict[str, Promise] = {
    "view": _("View"),
    "create": _("Create"),
    "edit": _("Edit"),
    "delete": _("Delete"),
    "export": _("Export"),
    "import": _("Import"),
    "bulk": _("Change many"),
    "merge": _("Merge"),
}

type Scopes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One choice of the matrix."""

    name: str
    label: Promise
    scope: str
    may_be_ruled: bool = False
    may_follow: bool = False

    @property
    def scopes(self) -> list[tuple[str, Promise]]:
        """The scopes to choose from."""
        left_out = {
            *(() if self.may_be_ruled else (Scope.RULE,)),
            *(() if self.may_follow else (Scope.FOLLOW,)),
        }
        return [one for one in SCOPES if one[0] not in left_out]


@dataclass(frozen=True, slots=True)
class Row:
    """One object and how far each action reaches."""

    name: str
    label: str | Promise
    icon: str
    follows: bool
    cells: tuple[Cell, ...]


def rows(role: Role, form: QueryDict | None = None) -> list[Row]:
    """Return the matrix: everything else first, then each object, following it or on its own; as a
    form has it that was sent and not taken."""
    grants = _grants(role)
    general = grants.get(EVERY_OBJECT, _nothing())
    found = []
    for name, label, icon in _objects():
        scopes = grants.get(name, general)
        if form is not None:
            scopes = _posted_row(name, form, scopes)
        found.append(Row(name, label, icon, name not in grants, tuple(_cells(name, scopes))))
    return found


def posted(role: Role, form: QueryDict) -> dict[str, Scopes | None]:
    """Return what a posted matrix asks for, in the words of `actions.change_grants`.

    A row that follows "everything else" and was left alone goes on following it; a row made equal
    to it follows it from now on. Raises ValueError for a scope that does not exist.
    """
    grants = _grants(role)
    before = grants.get(EVERY_OBJECT, _nothing())
    general = _posted_row(EVERY_OBJECT, form, before)
    wanted: dict[str, Scopes | None] = {EVERY_OBJECT: general}
    for name, _label, _icon in _objects():
        asked = _posted_row(name, form, grants.get(name, before))
        was_left_alone = name not in grants and asked == before
        if name == EVERY_OBJECT or was_left_alone:
            continue
        wanted[name] = None if asked == general else asked
    return wanted


def _objects() -> Iterator[tuple[str, str | Promise, str]]:
    yield EVERY_OBJECT, _("Everything else"), "layers"
    for declaration in sorted(registry.all_objects(), key=lambda one: one.order):
        yield declaration.name, declaration.label_plural, declaration.icon


def _grants(role: Role) -> Mapping[str, Scopes]:
    return {grant.object_name: _scopes(grant) for grant in role.grants.all()}


def _scopes(grant: Grant) -> Scopes:
    return {action: getattr(grant, f"{action}_scope") for action in ACTIONS}


def _nothing() -> Scopes:
    return dict.fromkeys(ACTIONS, Scope.NONE.value)


def _cells(name: str, scopes: Scopes) -> Iterator[Cell]:
    inherits = name != EVERY_OBJECT and bool(registry.get(name).inherits)
    for action in ACTIONS:
        yield Cell(
            f"{name}.{action}", LABELS[action], scopes[action],
            may_be_ruled(name, action), inherits and may_follow(name, action),
        )  # fmt: skip


def _posted_row(name: str, form: QueryDict, present: Scopes) -> Scopes:
    return {
        action: Scope(form.get(f"{name}.{action}", present[action])).value for action in ACTIONS
    }
