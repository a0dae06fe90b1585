"""Gates of an object, where a write would bring records through one.

A gate looks at the records as the write leaves them, so that what it asks for may be given in the
same write; a refusal takes the write back, and nothing else of the change that is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from rapport.accounts.principals import Principal
from rapport.records.declare import Object


@contextmanager
def through_gates(
    principal: Principal, declaration: type[Object], ids: Iterable[UUID], names: Collection[str]
) -> Iterator[None]:
    """Around a write of these fields of these records. Raises Rejected where a gate is shut."""
    gates = [gate for gate in declaration.gates if not gate.fields.isdisjoint(names)]
    if not gates:
        yield
        return
    keys = list(ids)
    with transaction.atomic():
        before = [gate.note(keys) for gate in gates]
        yield
        for gate, noted in zip(gates, before, strict=True):
            gate.check(principal, keys, noted)
