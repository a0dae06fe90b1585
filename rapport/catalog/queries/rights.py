"""What somebody must reach to keep goods for a record, asked in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from uuid import UUID

from django.db.models import F

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Ask, Compiled, Given, JSONArray, ask_together, compiled


def reached_together(
    principal: Principal, wanted: Mapping[tuple[str, str], Iterable[UUID]]
) -> Mapping[tuple[str, str], Mapping[UUID, str]]:
    """Of the records asked for by (object, action) those in reach; of products with their kind."""
    asks = {}
    for (name, action), keys in wanted.items():
        reach = access.reach(principal, registry.get(name), action)
        query = _reached(registry.edition(), name, action, reach)
        asks[f"{name}_{action}"] = Ask(query, {f"{name}_{action}_keys": list(keys)})
    answers = ask_together(asks)
    return {pair: {key: kind for key, (kind,) in answers["_".join(pair)]} for pair in wanted}


@lru_cache(maxsize=256)
def _reached(_edition: int, name: str, action: str, reach: access.Reach) -> Compiled:
    rows = access.reached_rows(registry.get(name), reach).order_by()
    these = rows.filter(AnyOf(F("pk"), Given(f"{name}_{action}_keys")))
    return compiled(these.values_list("pk", JSONArray("kind" if name == "product" else "pk")))
