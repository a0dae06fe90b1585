"""The parts of the builder as its page draws them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.records.conditions.ground import Ground, ground_in
from rapport.records.conditions.words import offered_words
from rapport.records.kinds.base import Context, Kind
from rapport.records.surfaces.building.inputs import (
    grouped_select,
    period_input,
    plain_select,
    value_input,
)
from rapport.records.surfaces.building.nodes import Node
from rapport.records.surfaces.building.offers import (
    field_at,
    field_groups,
    kept_groups,
    measure_groups,
    measured_kind,
    operator_options,
    set_options,
)
from rapport.records.surfaces.building.reading import learn_names

NOTHING = SafeString("")


@dataclass(slots=True)
class Line:
    """One part: its controls in their order, and the parts within; `say` names it for buttons."""

    node: Node
    within: str = ""
    controls: list[SafeString] = field(default_factory=list)
    mode: SafeString = NOTHING
    parts: list[Line] = field(default_factory=list)
    say: str = ""
    has_past: bool = False
    is_open: bool = False

    @property
    def fault_id(self) -> str:
        """The id of the sentence that tells its fault."""
        return f"{self.node.id}-fault"


def draw(root: Node, ground: Ground, context: Context) -> Line:
    """The whole tree, ready for its template."""
    learn_names(_values_of(root), context)
    return _Drawer(context).line(root, ground, "")


def _values_of(root: Node) -> list[str]:
    found: list[str] = []
    for node in root.walk():
        for value in node.values.values():
            found += value if isinstance(value, list) else [str(value)]
    return found


class _Drawer:
    """Draws part by part, each on the ground that its holder gives it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.principal = context.principal

    def line(self, node: Node, ground: Ground | None, within: str) -> Line:
        made = Line(node, within)
        inner = ground
        match node.what:
            case "group":
                made.say = _("Group")
            case "related" | "measure":
                inner = self._related(made, ground)
            case _:
                self._rule(made, ground)
        if node.what in ("group", "related", "measure"):
            made.mode = self._mode(node)
            made.is_open = node.what == "group" or inner is not None
            made.has_past = inner is not None and inner.declaration is not None
            made.parts = [self.line(part, inner, node.id) for part in node.parts]
        return made

    def _mode(self, node: Node) -> SafeString:
        options = [
            ("all", _("all of these")), ("any", _("any of these")), ("none", _("none of these")),
        ]  # fmt: skip
        return plain_select(f"{node.id}.mode", options, node.mode, _("How the rules are joined"))

    # Rules -----------------------------------------------------------------------------------

    def _rule(self, made: Line, ground: Ground | None) -> None:
        node = made.node
        label, kind = field_at(node.get("field"), ground, self.principal)
        made.say = label or _("Rule")
        groups = self._groups(node, ground)
        made.controls.append(
            grouped_select(
                f"{node.id}.field", groups, node.get("field"), _("Field"),
                present=label, blank=_("Choose a field"),
            )
        )  # fmt: skip
        if not node.get("field"):
            return
        if node.what == "changed":
            self._sides(made, kind)
        else:
            self._comparison(made, kind, label)
        if node.what in ("changed", "was"):
            when = period_input(f"{node.id}.when", node.get("when"), self.context, _("When"))
            made.controls.append(when)

    def _groups(self, node: Node, ground: Ground | None) -> list[tuple[str, list[tuple[str, str]]]]:
        if ground is None:
            return []
        found = field_groups(ground, self.principal) if node.what == "rule" else kept_groups(ground)
        return [(label, list(options)) for label, options in found]

    def _comparison(self, made: Line, kind: Kind | None, label: str) -> None:
        """Operator and value; of a field that is not to be had, what is there stays."""
        node = made.node
        if kind is None:
            made.controls.append(self._kept(node))
            return
        options = operator_options(kind, node.get("op"))
        if node.get("op") not in dict(options):
            node.chosen["op"] = _first(kind)
        made.controls.append(
            plain_select(f"{node.id}.op", options, node.get("op"), _("Comparison"), redraws=True)
        )
        made.controls.append(
            value_input(
                f"{node.id}.value", kind, node.get("op"), node.values.get("value"), self.context,
                label, fault=made.fault_id if node.fault else "",
            )
        )  # fmt: skip

    def _kept(self, node: Node) -> SafeString:
        op = node.get("op")
        return plain_select(f"{node.id}.op", [(op, op)], op, _("Comparison"))

    def _sides(self, made: Line, kind: Kind | None) -> None:
        words = {"before": pgettext("change", "from"), "after": pgettext("change", "to")}
        for name, word in words.items():
            if kind is None:
                return
            value = made.node.values.get(name)
            op = "any" if isinstance(value, list) else "is"
            made.controls.append(format_html('<span class="bld-word">{}</span>', word))
            made.controls.append(
                value_input(f"{made.node.id}.{name}", kind, op, value, self.context, word)
            )

    # What is related -------------------------------------------------------------------------

    def _related(self, made: Line, ground: Ground | None) -> Ground | None:
        node = made.node
        is_measure = node.what == "measure"
        options = list(set_options(ground, many=is_measure)) if ground else []
        name = node.get("related")
        related = ground.related(name) if ground and name else None
        label = str(related.label) if related else name
        made.say = label or _("Related records")
        if not is_measure:
            has = [("any", _("has")), ("none", _("has no"))]
            made.controls.append(
                plain_select(f"{node.id}.has", has, node.get("has") or "any", _("Has or has no"))
            )
        inner = ground_in(related, self.principal) if related else None
        if is_measure and name:
            self._measure(made, inner)
        sets = grouped_select(
            f"{node.id}.related", [("", options)], name, _("Related records"),
            present=label, blank=_("Choose related records"),
        )  # fmt: skip
        made.controls.insert(1 if made.controls else 0, sets)
        return inner

    def _measure(self, made: Line, inner: Ground | None) -> None:
        node = made.node
        groups = list(measure_groups(inner)) if inner else []
        made.controls.append(
            grouped_select(
                f"{node.id}.measure", groups, node.get("measure"), _("Number or sum"),
                blank=_("Choose what is counted"),
            )
        )  # fmt: skip
        kind = measured_kind(node.get("measure"), inner) if node.get("measure") else None
        if kind is not None:
            self._comparison(made, kind, made.say)


def _first(kind: Kind) -> str:
    """The comparison that a new rule begins with."""
    return next(iter(offered_words(kind)), "is")
