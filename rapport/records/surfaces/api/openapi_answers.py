"""What every operation of a sort takes and answers, so that none forgets to tell of it."""

from __future__ import annotations

from typing import Any

from rapport.records.surfaces.api.openapi_parts import problems
from rapport.records.surfaces.api.repeating import WRITING

KEY = {"$ref": "#/components/parameters/IdempotencyKey"}
#: Nobody known, nothing that is understood, too often.
ALWAYS = (401, 406, 429)
#: A key that is none, is under way, or was used for something else.
WRITES = (400, 409, 422)
READS_A_BODY = (400, 413, 415, 422)


def completed(path: str, operations: dict[str, Any]) -> dict[str, Any]:
    """The operations of a path with what follows from its form and their methods."""
    return {
        method: one if method == "parameters" else _operation(path, method, one)
        for method, one in operations.items()
    }


def _operation(path: str, method: str, one: dict[str, Any]) -> dict[str, Any]:
    is_writing = method.upper() in WRITING
    statuses = [*ALWAYS, *(WRITES if is_writing else ())]
    statuses += READS_A_BODY if "requestBody" in one else ()
    statuses += [404] if "{" in path else []
    statuses += [422] if one.get("parameters") else []
    answers = one["responses"] | problems(*sorted(set(statuses)))
    keyed = {"parameters": [*one.get("parameters", ()), KEY]} if is_writing else {}
    return one | keyed | {"responses": answers}
