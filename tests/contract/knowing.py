"""What a program knows that no schema can say: which records there are, and that keys are new.

Without it nearly every request would end at the first id it names, and nothing behind that would
be tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import schemathesis
from schemathesis import Case
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import AllowHeaderMismatch, RejectedPositiveData

from rapport.accounts.models import User
from rapport.records import registry
from rapport.records.models import Attachment, ChangeSet, ImportRun, ImportSet, Job, Notification

KEY = re.compile(r'"?[!#-~]{1,255}"?')
NEVER_WRITTEN = frozenset({403, 404, 409, 424})
CHANGED_MEANWHILE = 412
#: Where the id in an address leads, other than to a record of the object that the address names.
PLACES: dict[str, Any] = {
    "file_id": Attachment,
    "change_set_id": ChangeSet,
    "set_id": ImportSet,
    "run_id": ImportRun,
    "job_id": Job,
    "notification_id": Notification,
}


@schemathesis.hook
def before_call(context: HookContext, case: Case, **_options: Any) -> None:
    """Draw keys anew, and let ids be those of records; what was made wrong on purpose stays."""
    for name, value in (case.headers or {}).items():
        if name == "Idempotency-Key" and isinstance(value, str) and KEY.fullmatch(value):
            case.headers[name] = str(uuid4())
    phase = case.meta.phase.name.value if case.meta else ""
    # Links lead from what was made to what is done with it: those ids are known already.
    if phase != "stateful":
        _know_address(case)
    if isinstance(case.body, dict):
        case.body = _known(case.body, _body_schema(case), _document(case))


def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Whether a failure counts. What breaks a rule that the document says in words may be refused,
    if the answer names the field that has the rule; so may what breaks a header's own pattern,
    which the coverage phase shortens past what the pattern allows, and an ETag that was made up."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    if response.status_code == CHANGED_MEANWHILE and "If-Match" in (case.headers or {}):
        return False
    if response.status_code == 400 and any(_is_out_of_form(one, case) for one in _parameters(case)):
        return False
    if response.status_code != 422:
        return True
    ruled = set(ruled_names(case))
    problems = [one for one in _problems(response.json()) if one["status"] not in NEVER_WRITTEN]
    return not all(_breaks_rules(one, ruled) for one in problems)


def filter_failure_of_one(
    context: HookContext, failure: Failure, case: Case, response: Response
) -> bool:
    """The same for who may not do all: his document tells of what he may do, and `Allow` of what
    the address takes of anybody. Of the administrator's document the two must be the same."""
    if isinstance(failure, AllowHeaderMismatch) and "Undocumented" in failure.message:
        return False
    return filter_failure(context, failure, case, response)


def _is_out_of_form(parameter: dict[str, Any], case: Case) -> bool:
    sent = (case.headers or {}).get(parameter["name"]) if parameter["in"] == "header" else None
    pattern = parameter.get("schema", {}).get("pattern")
    return bool(sent and pattern) and not re.search(pattern, str(sent))


def ruled_names(case: Case) -> Iterator[str]:
    """Parameters and fields of the operation for which the document has a rule in words."""
    document = _document(case)
    for one in _parameters(case):
        if "x-rule" in one.get("schema", {}):
            yield one["name"].partition(".")[0]
    yield from _ruled(_body_schema(case), document)


def _ruled(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    for name, part in _resolved(schema, document).get("properties", {}).items():
        if "x-rule" in part:
            yield name
        yield from _ruled(part.get("items", part), document)


def _problems(answer: Any) -> list[dict[str, Any]]:
    """The problem, or those of the parts of what was asked."""
    parts = [one["problem"] for one in answer.get("results", ()) if "problem" in one]
    return parts or [answer]


def _breaks_rules(problem: dict[str, Any], ruled: set[str]) -> bool:
    errors = problem.get("errors", [])
    return bool(errors) and all(one["field"].partition(".")[0] in ruled for one in errors)


def _document(case: Case) -> Mapping[str, Any]:
    found: Mapping[str, Any] = case.operation.schema.raw_schema
    return found


def _parameters(case: Case) -> list[dict[str, Any]]:
    path = _document(case)["paths"][case.operation.path]
    found = [*path.get("parameters", ()), *path[case.operation.method].get("parameters", ())]
    return [one for one in found if "name" in one]


def _body_schema(case: Case) -> Mapping[str, Any]:
    one = _document(case)["paths"][case.operation.path].get(case.operation.method, {})
    bodies: list[dict[str, Any]] = list(one.get("requestBody", {}).get("content", {}).values())
    return _resolved(bodies[0]["schema"], _document(case)) if bodies else {}


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref", "")
    name = reference.rpartition("/")[2]
    return document["components"]["schemas"][name] if reference else schema


def _know_address(case: Case) -> None:
    plural = case.operation.path.split("/")[1]
    for name, value in (case.path_parameters or {}).items():
        if not _is_key(value):
            continue
        model = PLACES.get(name) or (_model(plural) if name == "record_id" else None)
        case.path_parameters[name] = _one_of(model, str(value))


def _known(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """The value with the ids of records in the place of ids that were made up."""
    schema = _resolved(schema, document)
    if isinstance(value, list):
        return [_known(one, schema.get("items", {}), document) for one in value]
    if isinstance(value, dict):
        parts = schema.get("properties", {})
        return {name: _known(one, parts.get(name, {}), document) for name, one in value.items()}
    if "x-object" in schema and _is_key(value):
        return _one_of(_model_of(schema["x-object"]), value)
    return value


def _is_key(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def _model(plural: str) -> Any:
    found = [one for one in registry.all_objects() if one.plural == plural]
    return found[0].model if found else None


def _model_of(name: str) -> Any:
    """None where a key may lead to a record of any object."""
    if name == "user":
        return User
    return registry.get(name).model if registry.is_declared(name) else None


def _one_of(model: Any, made_up: str) -> str:
    """The id of one that is there, always the same for the same made-up id; else that."""
    if model is None:
        return made_up
    rows = model._default_manager.order_by("pk")
    if hasattr(model, "deleted_at"):
        rows = rows.filter(deleted_at=None)
    keys = list(rows.values_list("pk", flat=True)[:4])
    return str(keys[UUID(made_up).int % len(keys)]) if keys else made_up
