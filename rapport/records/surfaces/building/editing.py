"""What the buttons of the builder do: add a part, remove it, move it."""

from __future__ import annotations

from rapport.records.surfaces.building.nodes import HOLDERS, WHATS, Node


def edited(root: Node, act: str) -> str:
    """Do `add:what:id`, `remove:id`, `up:id` or `down:id`; the id of the part to go on with."""
    verb, _colon, rest = act.partition(":")
    what, colon, key = rest.rpartition(":")
    match verb:
        case "add" if what in WHATS:
            return _add(root, key, what)
        case "remove" if not colon:
            return _remove(root, key)
        case "up" | "down" if not colon:
            return _move(root, key, -1 if verb == "up" else 1)
    return ""


def _add(root: Node, key: str, what: str) -> str:
    holder = root.find(key)
    if holder is None or holder.what not in HOLDERS:
        return ""
    made = Node(root.next_id(), what)
    holder.parts.append(made)
    if what != "group":
        return made.id
    made.chosen["mode"] = "any" if holder.mode == "all" else "all"
    inner = Node(root.next_id(), "rule")
    made.parts.append(inner)
    return inner.id


def _remove(root: Node, key: str) -> str:
    holder = root.holder_of(key)
    if holder is None:
        return ""
    place = _place(holder, key)
    del holder.parts[place]
    if not holder.parts:
        return holder.id
    return holder.parts[min(place, len(holder.parts) - 1)].id


def _move(root: Node, key: str, step: int) -> str:
    """One step up or down; into a group beside it, and out of the group around it."""
    holder = root.holder_of(key)
    if holder is None:
        return ""
    place = _place(holder, key)
    node = holder.parts.pop(place)
    beside = place + step if step < 0 else place
    if 0 <= beside < len(holder.parts):
        other = holder.parts[beside]
        if other.what == "group":
            other.parts.insert(len(other.parts) if step < 0 else 0, node)
        else:
            holder.parts.insert(place + step, node)
        return key
    above = root.holder_of(holder.id) if holder.what == "group" else None
    if above is None:
        holder.parts.insert(place, node)
        return key
    around = _place(above, holder.id)
    above.parts.insert(around + (step > 0), node)
    return key


def _place(holder: Node, key: str) -> int:
    return next(number for number, one in enumerate(holder.parts) if one.id == key)
