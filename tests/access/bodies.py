"""What the requests of the table send: enough for whoever may do it to succeed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rapport.accounts.models import Role
from rapport.records.declare import Object
from rapport.records.kinds import Choice, Kind
from rapport.records.testing import reader, sample_values
from tests.access.rights import ROW, WEB_FORM, coupon
from tests.access.table import Row
from tests.access.things import TYPED, Things, touched, upload

type Body = Callable[[Things], dict[str, Any]]


def body_of(row: Row, things: Things) -> dict[str, Any]:
    """The body of the row's request."""
    make = BODIES.get(f"{row.name}:{row.variant}") or BODIES.get(row.name)
    return make(things) if make and row.method != "GET" else {}


def typed(declaration: type[Object], number: int, relations: dict[str, str]) -> dict[str, Any]:
    """What a person types into the form of a new record."""
    values = sample_values(declaration, number)
    wanted = {declaration.title, touched(declaration)} & set(values)
    wanted |= {
        name for name, kind in declaration.fields.items() if kind.required and name in values
    }
    found = {name: _typed(declaration.fields[name], values[name]) for name in wanted}
    for name, key in relations.items():
        found[name] = key
    return found


def _typed(kind: Kind, value: Any) -> str:
    return kind.typed(kind.parse(value, reader()), reader())


def other_value(things: Things) -> str:
    """Another value of the field that edits change, as typed."""
    name = touched(things.declaration)
    return _typed(things.declaration.fields[name], sample_values(things.declaration, 4)[name])


def _edit(things: Things) -> dict[str, Any]:
    return {touched(things.declaration): other_value(things)}


def _api_values(things: Things) -> dict[str, Any]:
    return sample_values(things.declaration, 3) | things.relations


def _api_change(things: Things) -> dict[str, Any]:
    name = touched(things.declaration)
    return {name: sample_values(things.declaration, 4)[name]}


def _other_lane(things: Things) -> dict[str, Any]:
    lane = _lane(things) if things.declaration.board else ""
    return {"record": str(things.record), "column": lane}


def _lane(things: Things) -> str:
    declaration = things.declaration
    board = declaration.required_board()
    kind = declaration.fields[board.by]
    stands = getattr(declaration.model._default_manager.get(pk=things.record), kind.path)
    keys: Any = kind.options if isinstance(kind, Choice) else _stages(kind)
    return str(next(key for key in keys if key != stands))


def _stages(kind: Any) -> list[Any]:
    from rapport.sales.models import Stage

    return list(
        Stage.objects.filter(state="open").order_by("position").values_list("pk", flat=True)
    )


def _reason(things: Things) -> str:
    kind: Any = things.declaration.fields["lost_reason"]
    return str(next(iter(kind.options)))


def _assigned(things: Things) -> dict[str, Any]:
    owner = str(things.people.users["owner"].pk)
    return {"do": "assign", "id": str(things.record), "value": owner}


def _edited(things: Things) -> dict[str, Any]:
    field, value = touched(things.declaration), other_value(things)
    return {"do": "edit", "id": str(things.record), "field": field, "value": value}


def _tagged(things: Things) -> dict[str, Any]:
    value = f"tag:{things.named['tag']}"
    return {"do": "tag", "id": str(things.record), "_for": "tags", "value": value}


def _two(things: Things) -> list[str]:
    return [str(things.record), str(things.named["twin"])]


def _api_edited(things: Things) -> dict[str, Any]:
    name = touched(things.declaration)
    value = sample_values(things.declaration, 4)[name]
    return {"do": "edit", "ids": [str(things.record)], "field": name, "value": value}


def _edited_in_batch(things: Things) -> dict[str, Any]:
    return {"items": [{"do": "update", "id": str(things.record), "values": _api_change(things)}]}


def _keyed(things: Things) -> dict[str, Any]:
    values = _api_values(things)
    return {name: value for name, value in values.items() if name != "external_id"}


def _pasted(things: Things) -> dict[str, Any]:
    """Another value for the first cell beside the name that no gate guards."""
    declaration = things.declaration
    names = [
        name
        for name, kind in declaration.fields.items()
        if kind.editable and kind.stored and kind.type in TYPED and name != declaration.title
    ]
    guarded = [gate.fields for gate in declaration.gates]
    name = next((one for one in names if {one} not in guarded), "none")
    query = f"columns={declaration.title},{name}"
    return {"text": "7", "column": name, "query": query, "id": str(things.record)}


def _arranged(things: Things) -> dict[str, Any]:
    fields = [f"field:{name}" for name in things.declaration.fields]
    return {"place": ["section:0", *fields], "label-0-en": "All of it"}


WORKSPACE = {
    "name": "Renamed",
    "currency": "EUR",
    "language": "en",
    "timezone": "Europe/Berlin",
    "country": "DE",
    "fiscal_year_start": "1",
    "first_day_of_week": "1",
}

LOCK = {"name_en": "Old", "condition": "first_name:Nobody", "fields": "birthday"}
APP = {
    "name": "Planner", "redirect_uris": "https://app.example/callback", "reach": "read",
    "days": "30",
}  # fmt: skip
WEBHOOK = {
    "name": "Sheet",
    "url": "https://hooks.example/in",
    "objects": ["person"],
    "events": ["created"],
}
LEAD_RULES = ("api-lead-rules", "api-lead-rule", "setup_lead_rule_new", "setup_lead_rule")
OBJECT = {"icon": "box", "access": "owned", "personal": "none"}


def _role() -> str:
    """A role that nobody holds."""
    return str(Role.objects.get(is_builtin=False, users=None).pk)


def _counted(things: Things) -> dict[str, Any]:
    product = things.named["product"]
    return {f"counted.{product}": "1", f"expected.{product}": "2"}


def _moved(things: Things) -> dict[str, Any]:
    product, warehouse = (str(things.named[name]) for name in ("product", "warehouse_id"))
    return {"why": "ship", "product": product, "warehouse": warehouse, "quantity": 1}


def _away(things: Things) -> dict[str, Any]:
    days = {"first_day": "2020-01-01", "last_day": "2020-01-02"}
    return {"user": str(things.named["user_id"]), **days}


def _reserved(things: Things) -> dict[str, Any]:
    values = {name: value for name, value in _moved(things).items() if name != "why"}
    return values | {"object": "person", "record": str(things.record)}


BODIES: dict[str, Body] = {
    "forecast_calls": lambda things: {"category": "commit", "amount": "5"},
    "api-forecast-calls": lambda things: {"category": "commit", "amount": 5},
    "stock_count": _counted,
    "api-movements": _moved,
    "api-expected": lambda things: {
        **{name: value for name, value in _moved(things).items() if name != "why"},
        "day": "2099-01-05",
    },
    "api-expected-receive": lambda things: {},
    "api-stock-counts": lambda things: {
        "warehouse": str(things.named["warehouse_id"]),
        "lines": [{"product": str(things.named["product"]), "expected": 1, "found": 2}],
    },
    "api-reservations": _reserved,
    "api-coupon-redeem": coupon("NEW"),
    "api-coupon-return": coupon("USED"),
    "view_new": lambda things: {"name": "Mine", "audience": "me"},
    "view_edit": lambda things: {"name": "Ours", "audience": "everyone", "is_tab": "1"},
    "view_save": lambda things: {"_state": "sort=-updated_at"},
    "api-use": lambda things: {"favourite": True},
    "view_choose": lambda things: {"what": "favourite", "on": "1"},
    "sharing": lambda things: {"holder": f"role:{_role()}", "level": "view"},
    "api-shares": lambda things: {"holder_kind": "role", "holder_id": _role(), "level": "view"},
    "new": lambda things: typed(things.declaration, 3, things.relations),
    "quick": lambda things: typed(things.declaration, 3, things.relations),
    "edit": _edit,
    "cell": _edit,
    "bulk:trash": lambda things: {"do": "trash", "id": str(things.record)},
    "bulk:assign": _assigned,
    "bulk:edit": _edited,
    "bulk:tag": _tagged,
    "bulk:merge": lambda things: {"do": "merge", "id": _two(things)},
    "merge": lambda things: {"id": _two(things)},
    "api-bulk:trash": lambda things: {"do": "trash", "ids": [str(things.record)]},
    "api-bulk:edit": _api_edited,
    "api-bulk:merge": lambda things: {"do": "merge", "ids": _two(things)},
    "api-batch:create": lambda things: {"items": [{"do": "create", "values": _api_values(things)}]},
    "api-batch:edit": _edited_in_batch,
    "api-key": _keyed,
    "paste": _pasted,
    "board_move": _other_lane,
    "calendar_move": lambda things: {"record": str(things.record), "start": "2027-03-04T10:00"},
    "restore": lambda things: {"id": str(things.trashed)},
    "compose": lambda things: {"subject": "Call back"},
    "files": lambda things: {"files": upload("more.txt")},
    "lookup_make": lambda things: {"q": "Newcomer"},
    "setup_layout": _arranged,
    "setup_completeness_rules": lambda things: {
        "what": "missing:website",
        "points": "10",
        "days": "",
    },
    "action:lose": lambda things: {"lost_reason": _reason(things)},
    "action:move": lambda things: {"stage": _lane(things), "stage.id": _lane(things)},
    "import_upload": lambda things: {"file": upload("rows.csv", b"Name\r\nBo\r\n")},
    "import_files": lambda things: {"file": upload("people.csv", b"First name,Email\r\nBo,\r\n")},
    "import_set_choose": lambda things: {"do": "import"},
    "import_choose": lambda things: {"field-0": touched(things.declaration), "do": "import"},
    "import_decide": lambda things: {"record": "new"},
    "api-imports": lambda things: {"First name": "Bo", "Last name": "Vik"},
    "api-import": lambda things: {"match": "skip"},
    "api-exports": lambda things: {"object": "people"},
    "api-records": _api_values,
    "api-record": _api_change,
    "account": lambda things: {"name": "New Name", "language": "en", "timezone": "Europe/Berlin"},
    "setup_token_new": lambda things: {"name": "Script", "reach": "read", "days": "30"},
    "setup_service_token": lambda things: {"name": "Script", "reach": "read", "days": "30"},
    "setup_apps_hosts": lambda things: {"hosts": "apps.example.com"},
    "setup_app_new": lambda things: APP | {"kind": "secret"},
    "setup_app": lambda things: APP | {"name": "Renamed"},
    "api-users": lambda things: {"name": "Nia New", "email": "nia@x.example"},
    "api-user": lambda things: {"role": "read_only"},
    "api-apps": lambda things: {
        "name": "Sheets",
        "redirect_uris": ["https://x.example/back"],
        "scopes": ["read"],
    },
    "api-app": lambda things: {"name": "Renamed"},
    **dict.fromkeys(LEAD_RULES, lambda things: {"name": "All", "way": "stays"}),
    "api-lead-questions": lambda things: {"kind": "text", "label": "Plant", "points": "5"},
    "api-lead-question": lambda things: {"points": "7"},
    "api-lead-settings": lambda things: {"goal": 10},
    "api-web-forms": lambda things: {"name": "Two", "slug": "two", "fields": [ROW]},
    "api-web-form": lambda things: {"name": "Renamed"},
    "api-teams": lambda things: {"name": "Green"},
    "api-team": lambda things: {"name": "Bluer"},
    "api-roles": lambda things: {"name": "New role", "like": "member"},
    "api-role": lambda things: {"grants": {"deal": {"delete": "none"}}},
    "api-webhooks": lambda things: WEBHOOK,
    "api-webhook": lambda things: {"name": "Renamed"},
    "setup_webhook_new": lambda things: WEBHOOK | {"owner": str(things.named["service_id"])},
    "setup_webhook": lambda things: WEBHOOK | {"name": "Renamed"},
    "setup_deliveries_period": lambda things: {"first": "2026-01-01", "last": "2999-01-01"},
    "setup_services": lambda things: {"service_name": "Web form", "role": "member"},
    "setup_token": lambda things: {"calls_per_hour": "100", "writes_per_day": "10"},
    "plan_decide": lambda things: {"do": "approve", "step": "1", "seen": "1"},
    "set_language": lambda things: {"language": "es"},
    "lead_judge": lambda things: {"do": "unqualified", "why": "no_need"},
    "notification_snooze": lambda things: {"until": "h1"},
    "api-notification-snooze": lambda things: {"until": "h1"},
    "action:snooze": lambda things: {"until": "h1"},
    "calling_note": lambda things: {"do": "reached"},
    "api-calling-note": lambda things: {"outcome": "reached"},
    "setup_lead_rule_move": lambda things: {"up": "1"},
    "setup_lead_answers": lambda things: {"minutes": "60", "warn_minutes": "5"},
    "setup_lead_questions": lambda things: {"goal": "10"},
    "setup_lead_question_new": lambda things: {"kind": "text", "label": "Plant", "points": "5"},
    "setup_lead_question": lambda things: {"points": "7"},
    "setup_web_form_new": lambda things: {"slug": "two", **WEB_FORM},
    "setup_web_form": lambda things: {"slug": "one", **WEB_FORM},
    "setup_submissions": lambda things: {"again": str(things.named["submission_id"])},
    "setup_calling": lambda things: {"day_1": "09:00-17:00"},
    "setup_hours": lambda things: {"day_1": "09:00-17:00"},
    "account_absences": _away,
    "api-absences": _away,
    "setup_absences": _away,
    "setup_lock_new": lambda things: LOCK,
    "setup_lock": lambda things: LOCK,
    "setup_permission_test_new": lambda things: {
        "who": f"user:{things.people.member.pk}",
        "must": "must",
        "action": "view",
        "which": "all",
    },
    "api-permission-tests": lambda things: {
        "who": "user",
        "who_id": str(things.people.member.pk),
        "is_must": True,
        "action": "view",
        "object": "person",
        "which": "all",
    },
    "setup_users": lambda things: {"name": "Nia New", "email": "nia@x.example", "role": "member"},
    "setup_user": lambda things: {"role": "read_only"},
    "setup_user_link": lambda things: {"way": "copy"},
    "setup_teams": lambda things: {"name": "Green"},
    "setup_team": lambda things: {"name": "Bluer"},
    "setup_role_fields": lambda things: {"birthday": "hidden"},
    "setup_roles": lambda things: {"name": "New role", "like": "member"},
    "setup_object_new": lambda things: {**OBJECT, "label_en": "Gauge", "label_plural_en": "Gauges"},
    "setup_object": lambda things: {**OBJECT, "label_en": "Tool", "label_plural_en": "Tools"},
    "setup_field_new": lambda things: {"label_en": "Nickname", "personal": "none"},
    "setup_field": lambda things: {"label_en": "Other words", "personal": "none"},
    "setup_field_move": lambda things: {"to": "down"},
    "setup_workspace": lambda things: WORKSPACE,
    "setup_backups": lambda things: {"every": "daily", "day": "0", "at": "02:00", "keep": "7"},
    "setup_user_email": lambda things: {"email": "elsewhere@x.example"},
    "setup_provisioning": lambda things: {"default_role": "member"},
    "setup_sign_in": lambda things: {"roles": ["member"]},
    "setup_approvals": lambda things: {
        "measure.0": "margin",
        "limit.0": "9",
        "step.0.0": "manager",
    },
    "quote_approval": lambda things: {"decision": "ask"},
    "api-quote-approval": lambda things: {"decision": "ask"},
    "setup_letterhead": lambda things: {"color": "#123456", "payment_days": "14"},
    "setup_mail": lambda things: {"mail_security": "starttls", "mail_port": "2525"},
}
