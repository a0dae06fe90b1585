"""What the member has, and what requests about it send."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rapport.accounts.actions import create_service
from rapport.accounts.models import ApiToken, Passkey, Role, Session, Team, User
from rapport.accounts.principals import principal_of
from rapport.automation.actions import Wish, create_webhook
from rapport.automation.models import Delivery
from rapport.catalog.actions import expect_delivery, move_stock, redeem_coupon, reserve_stock
from rapport.catalog.queries import Line
from rapport.kit.ids import uuid7
from rapport.project.backups import shelf
from rapport.project.backups.work import this_instance
from rapport.records import registry
from rapport.records.attachments.keeping import attach
from rapport.records.declare import Object
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.imports.sets.drafting import draft_set
from rapport.records.imports.sets.packing import receive
from rapport.records.layouts.kinds import can_be_arranged
from rapport.records.models import (
    AgentPlan,
    CustomField,
    CustomObject,
    ImportProblem,
    ImportRun,
    ImportSet,
    Job,
    Notification,
)
from rapport.records.reaching import is_shareable
from rapport.records.sharing import Holder, share
from rapport.records.signing import stamp_for
from rapport.records.store import change
from rapport.records.surfaces.export.job import file_of
from rapport.records.testing import (
    HOUSE,
    create,
    make_sample,
    reader,
    required_relations,
    sample_values,
)
from tests.access.calls import called
from tests.access.people import People
from tests.access.rights import OF_OLD, app, lead_question, lead_rules, lock, permission_test, ruled
from tests.access.table import Row

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
STOCK, NONE = ("warehouse_id", "movement_id", "reservation_id", "incoming_id"), uuid7()
TYPED = ("text", "name", "long_text", "integer", "decimal")


@dataclass(frozen=True)
class Things:
    """One record of each sort that addresses name, all the member's."""

    declaration: type[Object]
    record: UUID
    trashed: UUID
    job: UUID
    export: UUID
    relations: dict[str, str]
    named: dict[str, Any]
    people: People

    def address(self, route: str, row: Row) -> str:
        """The route's address for one row."""
        return PARAMETER.sub(lambda found: str(self._parameter(found[1], row)), route)

    def _parameter(self, name: str, row: Row) -> Any:
        if name == "field_id" and row.name == "setup_field_restore":
            removed = CustomField.objects.exclude(removed_at=None)
            return removed.exclude(name=OF_OLD).get().pk
        if name == "object_id" and row.name == "setup_object_restore":
            return CustomObject.objects.exclude(removed_at=None).get().pk
        if name == "run_id" and row.name == "api-import-problems":
            return ImportRun.objects.get(set=self.named["set_id"]).pk
        if name == "backup":
            self.named["backup"] = backup()
        if name == "stamp":
            what = f"backup.{self.named['backup']}"
            return stamp_for(what, principal_of(self.people.users["owner"]))[0]
        if name in self.named:
            return self.named[name]
        if name == "name":
            return self._name(row)
        if name == "record_id":
            return self.trashed if row.name.startswith("api-restore") else self.record
        if row.name.startswith("export_all"):
            return self.named["all_id"]
        return self.export if row.name.startswith(("export", "api-export")) else self.job

    def _name(self, row: Row) -> str:
        named: dict[str, Callable[[], str]] = {
            "cell": lambda: touched(self.declaration),
            "why": lambda: explained(self.declaration),
            "panel": lambda: "files",
            "setup_api_section": lambda: "people",
            "compose": lambda: "task",
            "timeline_close": lambda: "task",
            "action": lambda: row.variant,
        }
        return named.get(row.name, lambda: self.declaration.name)()


def touched(declaration: type[Object]) -> str:
    """The field that edits change: the first that takes plain words or numbers."""
    return next(
        name
        for name, kind in declaration.fields.items()
        if kind.type in TYPED and kind.editable and kind.stored and not kind.unique
    )


def explained(declaration: type[Object]) -> str:
    """A computed field that can say why, if there is one: the pulse has always something to say."""
    names = [name for name, kind in declaration.fields.items() if hasattr(kind, "why")]
    return "pulse" if "pulse" in names else next(iter(names), "none")


def make_things(declaration: type[Object], people: People) -> Things:
    """Give the member one of everything; the record is of the object."""
    member = people.member
    record, trashed = (_owned(declaration, number, member) for number in (1, 2))
    with change(principal_of(people.users["owner"]), via="test") as made:
        made.trash(declaration.name, [trashed])
    export = _job(member, "export", declaration)
    file_of(export).parent.mkdir(parents=True, exist_ok=True)
    file_of(export).write_bytes(b"Name\r\n")
    everything = _job(member, "export_all", declaration)
    file_of(everything).write_bytes(b"PK")
    run = _run(member, declaration)
    problem = ImportProblem.objects.create(
        run=run, number=2, kind="review", reason="", cells=["Ada"], candidates=[]
    )
    told = Notification.objects.create(user=member, kind="mention", text="Look", url="/")
    relations = required_relations(declaration)
    named = {
        "declaration": declaration.plural,
        "change_set_id": _edited(declaration, record),
        "source_id": _task(declaration, record, member),
        "share_id": _shared(declaration, record),
        "attachment_id": _attached(declaration, record),
        "view_id": _view(declaration, member, record),
        "notification_id": told.pk,
        "run_id": run.pk,
        "set_id": _set(member),
        "problem_id": problem.pk,
        "user_id": people.users["other"].pk,
        "team_id": Team.objects.get(name="Blue").pk,
        **ruled(declaration),
        "token_id": ApiToken.objects.get(user=member).pk,
        **app(member),
        "service_id": create_service("Web form").pk,
        "plan_id": _plan(member),
        "by_field": "external_id",
        "by_key": sample_values(declaration, 1).get("external_id", "none"),
        "all_id": everything.pk,
        "passkey_id": _passkey(member),
        "pair_id": record,
        "test_id": permission_test(member),
        "lock_id": lock(),
        "lead_id": record,
        "stage_id": record,
        **lead_rules(member),
        "question_id": lead_question(),
        "twin": _owned(declaration, 8, member),
        "digest": Session.objects.filter(user=member).order_by("created_at")[0].digest,
    }
    named["tag"] = make_sample("tag", 7)
    named["entry_id"] = called(declaration, record)
    named |= (
        _stocked(member, record) if declaration.name == "person" else dict.fromkeys(STOCK, NONE)
    )
    _layout(declaration)
    named |= _webhook(member)
    named |= {"kind": "text", "field_id": _fields(declaration), "object_id": _objects()}
    failed = _job(member, "nothing", declaration, Job.State.FAILED)
    return Things(declaration, record, trashed, failed.pk, export.pk, relations, named, people)


def _stocked(owner: User, person: UUID) -> dict[str, UUID]:
    """A warehouse of the member, what came to it, what is kept for the person, what is expected."""
    product, warehouse = make_sample("product", 3), _owned(registry.get("warehouse"), 2, owner)
    (movement,) = move_stock(HOUSE, "receive", [Line(product)], warehouse)
    move_stock(HOUSE, "receive", [Line(product)], warehouse)
    (reservation,) = reserve_stock(HOUSE, [Line(product)], warehouse, ("person", person))
    for code in ("NEW", "USED"):
        create("discount", name=code, code=code, percent="5")
    redeem_coupon(HOUSE, "USED", "person", person)
    delivery = expect_delivery(HOUSE, Line(product), warehouse, timezone.localdate())
    return {
        "product": product, "warehouse_id": warehouse, "movement_id": movement,
        "reservation_id": reservation, "incoming_id": delivery,
    }  # fmt: skip


def _plan(member: User) -> UUID:
    """What an agent of the member proposes."""
    values = {"name": "Proposed"}
    step: dict[str, Any] = {
        "do": "create", "object": "tag", "id": str(uuid7()), "values": values,
        "version": None, "others": [],
    }  # fmt: skip
    token = ApiToken.objects.filter(user=member).earliest("created_at")
    return AgentPlan.objects.create(token=token, user=member, title="Tag", steps=[step]).pk


def _passkey(user: User) -> UUID:
    return Passkey.objects.create(user=user, name="Phone", credential_id=b"1", credential=b"1").pk


def _webhook(user: User) -> dict[str, UUID]:
    """A webhook with the user's eyes, and what it was not told."""
    wish = Wish("Sheet", "https://hooks.example/in", ["person"])
    webhook, _secret = create_webhook(user, wish)
    dead = Delivery.objects.create(
        webhook=webhook, event="webhook.test", payload="{}", state="dead"
    )
    return {"webhook_id": webhook.pk, "delivery_id": dead.id}


def _layout(declaration: type[Object]) -> None:
    """A layout of the object's pages, for those that take one."""
    if can_be_arranged(declaration):
        with change(HOUSE, via="test") as made:
            made.create("page_layout", {"object": declaration.name})


def _objects() -> UUID:
    """An object of one's own that waits for its table, and a removed one."""
    made = [
        CustomObject.objects.create(
            name=name, plural=f"{name}s", label={"en": name}, label_plural={"en": f"{name}s"},
            removed_at=timezone.now() if name == "gone" else None,
        )
        for name in ("device", "gone")
    ]  # fmt: skip
    return made[0].pk


def _fields(declaration: type[Object]) -> UUID:
    """The first of two fields of its own, and a removed one; no process has heard of them."""
    made = [
        CustomField.objects.create(
            object=declaration.name, name=f"own_{number}", kind="text", label={"en": "Own"},
            position=number, removed_at=timezone.now() if number == 3 else None,
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    return made[0].pk


def _owned(declaration: type[Object], number: int, owner: User) -> UUID:
    made = make_sample(declaration.name, number)
    with change(HOUSE, via="test") as giving:
        giving.update(declaration.name, made, {"owner": owner.pk})
    return made


def _edited(declaration: type[Object], record: UUID) -> UUID:
    name = touched(declaration)
    kind = declaration.fields[name]
    value = kind.parse(sample_values(declaration, 5)[name], reader())
    with change(HOUSE, via="test") as made:
        made.update(declaration.name, record, {name: value})
    return made.id


def _task(declaration: type[Object], record: UUID, owner: User) -> UUID:
    values = {"about": [f"{declaration.name}:{record}"], "status": "open"}
    made = make_sample("task", 9, values=values)
    with change(HOUSE, via="test") as giving:
        giving.update("task", made, {"owner": owner.pk})
    return made


def _attached(declaration: type[Object], record: UUID) -> UUID:
    with change(HOUSE, via="test") as made:
        kept = attach(made, declaration.name, record, upload("offer.txt"))
    return kept.pk


def _shared(declaration: type[Object], record: UUID) -> UUID:
    """A share of the record with those who see it anyway, and are not told."""
    if not is_shareable(declaration):
        return record
    holder = Holder("role", Role.objects.get(key="owner").pk, "Owner")
    with change(HOUSE, via="test") as made:
        return share(made, declaration.name, record, holder, "view").pk


def _view(declaration: type[Object], owner: User, record: UUID) -> UUID:
    """A view that everybody sees; of views there are none, so it is one of something else."""
    if declaration.name == "saved_view":
        return record
    values = {"name": {"en": "All of it"}, "object": declaration.name, "audience": "everyone"}
    with change(HOUSE, via="test") as made:
        return made.create("saved_view", {**values, "owner": owner.pk})


def _job(
    user: User, kind: str, declaration: type[Object], state: Job.State = Job.State.DONE
) -> Job:
    arguments = {"object": declaration.name, "query": ""}
    facts = {"name": "x.csv", "content_type": "text/csv", "rows": 1, "bytes": 6}
    facts["objects"] = {declaration.name: 1}
    return Job.objects.create(
        kind=kind, title="Work", user=user, state=state, arguments=arguments, result=facts
    )


def _run(user: User, declaration: type[Object]) -> ImportRun:
    place = keep_upload(upload("rows.csv", b"Name\r\nAda\r\n"))
    run = draft(HOUSE, declaration.name, "rows.csv", place)
    ImportRun.objects.filter(pk=run.pk).update(user=user)
    return run


def _set(user: User) -> UUID:
    """A draft of several files, all the user's."""
    sent = upload("people.csv", b"First name,Last name\r\nAda,Berg\r\n")
    made = draft_set(HOUSE, "export", receive([("people.csv", sent)]))
    ImportSet.objects.filter(pk=made.pk).update(user=user)
    ImportRun.objects.filter(set=made).update(user=user)
    return made.pk


def backup() -> str:
    """The name of a backup on the shelf; another one when it was deleted."""
    path = shelf.new_path(this_instance(), is_sealed=False)
    path.write_bytes(b"everything")
    return path.name


def upload(name: str, content: bytes = b"hello") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)
