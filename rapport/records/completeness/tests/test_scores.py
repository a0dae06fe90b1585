"""Scores of completeness as fields: shown, asked, sorted, exported; for whom; by which rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from rapport.accounts.actions import NOBODY
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.completeness.actions import begin_score, set_score, stop_score
from rapport.records.completeness.kind import score_of
from rapport.records.completeness.queue import next_turn, order_for, waiting
from rapport.records.completeness.rules import suggested
from rapport.records.declare import Expect
from rapport.records.jobs.running import run_job
from rapport.records.kinds.base import Context
from rapport.records.metadata.actions import remove_field
from rapport.records.metadata.files import apply, present
from rapport.records.metadata.indexes import prepare
from rapport.records.metadata.noticing import is_changed
from rapport.records.metadata.object_actions import add_object
from rapport.records.models import CustomField, Job
from rapport.records.reading import parse_sort
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, found, read, update
from rapport.records.tests.api import Program
from rapport.records.tests.fields import make_field
from rapport.records.tests.formulas import formula
from rapport.records.tests.test_rollups import counted

pytestmark = pytest.mark.django_db
RULES = [Expect("seats", 30), Expect("shape", 20), Expect("built", 60)]
FULL: dict[str, Any] = {"name": "Hall", "seats": "7", "shape": "round", "built": "2026-01-31"}


def scored(rules: Sequence[Expect] = RULES, worth: str = "") -> CustomField:
    return set_score(registry.get("room"), rules, worth, "", NOBODY)


def kind() -> Any:
    found = score_of(registry.get("room"))
    assert found is not None
    return found


def points(room: UUID) -> int:
    value = read("room", room, "completeness")
    return int(value.points)


def test_it_is_a_number_everywhere() -> None:
    owner = make_user()
    web = signed_in(owner)
    scored()
    hall, den = create("room", **FULL), create("room", name="Den", seats="2")
    bare = create("room", name="Bare")

    assert [points(one) for one in (hall, den, bare)] == [100, 20, 0]
    assert found("room", "completeness", "lt", "20") == {bare}
    assert found("room", "completeness", "gte", "20") == {hall, den}
    page = web.get("/rooms/?columns=name,completeness&sort=completeness").content.decode()
    assert re.findall(r'dir="auto">(\w+)</a></span></th>', page) == ["Bare", "Den", "Hall"]
    assert "Shape is missing (−20), Built is missing (−60)" in page
    file = b"".join(web.get("/rooms/export/?format=csv&columns=name,completeness"))
    assert b"Den,20" in file.replace(b'"', b"")
    program = Program(owner)
    told = program.get(f"/rooms/{den}").json()
    assert told["completeness"] == 20
    assert told["completeness_lacks"] == [
        {"field": "shape", "sort": "missing", "points": 20, "says": "Shape is missing"},
        {"field": "built", "sort": "missing", "points": 60, "says": "Built is missing"},
    ]
    asked = program.get("/rooms", {"where": "completeness<100", "sort": "-completeness"}).json()
    assert [row["id"] for row in asked["data"]] == [str(den), str(bare)]
    assert [len(row["completeness_lacks"]) for row in asked["data"]] == [2, 3]
    groups = web.get("/rooms/?columns=name,completeness&group=completeness").content.decode()
    assert [groups.index(f"Completeness: {one}") for one in ("0–59", "90 and more")]
    band = {"group": "completeness", "_in": "0"}
    rows = web.get("/rooms/", band, headers={"HX-Request": "true", "HX-Target": "in-1"})
    assert ("Den" in rows.content.decode(), "Hall" in rows.content.decode()) == (True, False)
    assert web.get("/rooms/", {**band, "_in": "7"}).status_code == 422
    told = web.get(f"/rooms/{den}/why/completeness/").content.decode()
    assert "Built is missing" in told
    assert f"/rooms/fix/?record={den}#f-built" in told
    formula("poor", "completeness < 50")
    assert found("room", "poor", "is", "yes") == {den, bare}


def test_who_may_not_read_what_it_asks_for_sees_no_score() -> None:
    make_field("text", "secret", readers=["owner"])
    scored([Expect("seats", 30), Expect("secret", 10)])
    create("room", name="Den")
    member, owner = make_user("Mia Member", role="member"), make_user()

    assert "completeness" in access.fields(principal_of(owner), "room").readable
    assert "completeness" not in access.fields(principal_of(member), "room").readable
    web = signed_in(member)
    assert web.get("/rooms/fix/").status_code == 404
    for page in ("/rooms/?columns=name,completeness&sort=completeness", "/rooms/columns/", "/"):
        assert "Completeness" not in web.get(page).content.decode(), page
    refused = Program(member).get("/rooms", {"where": "completeness<50"})
    assert refused.status_code == 422
    assert "secret" not in refused.content.decode()


def test_the_queue_goes_from_the_worst_and_most_valuable_on() -> None:
    make_field("decimal", "value")
    scored(worth="value")
    for name, value in (("Small", "5"), ("Large", "90"), ("None", "")):
        create("room", name=name, value=value)
    create("room", name="Better", seats="1", value="999")
    create("room", **FULL)
    names, after = [], ""
    while turn := next_turn(Context(HOUSE), kind(), ["name"], after):
        names.append(turn.row.values["name"])
        after = turn.after
        if not after:
            break

    assert names == ["Large", "Small", "None", "Better"]
    CustomField.objects.filter(name="value").update(readers=["owner"])
    registry.get("room").fields["value"].readers = frozenset({"owner"})
    member = principal_of(make_user("Mia Member", role="member"))
    assert order_for(member, kind()).text == "completeness"


def test_the_queue_shows_what_to_mend_saves_it_and_goes_on() -> None:
    web = signed_in(make_user())
    scored([Expect("seats", 30), Expect("shape", 20)])
    den, cell = create("room", name="Den"), create("room", name="Cell", seats="1")

    first = web.get("/rooms/fix/").content.decode()
    assert "Den" in first
    assert "2 left" in first
    assert 'name="seats"' in first
    assert 'name="built"' not in first
    after = web.get("/rooms/fix/").context["after"]
    sent = {"record": str(den), "after": after, "_shown": "seats,shape", "version": "1"}
    refused = web.post("/rooms/fix/", {**sent, "seats": "many", "shape": "round"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.content.decode()
    update("room", den, seats="9")
    clash = web.post("/rooms/fix/", {**sent, "seats": "4", "shape": "round"})
    assert clash.status_code == 422
    assert "changed the same fields meanwhile" in clash.content.decode()
    sent["version"] = str(clash.context["draft"].version)
    done = web.post("/rooms/fix/", {**sent, "seats": "4", "shape": "round"}, follow=True)
    assert read("room", den, "seats") == 4
    assert points(den) == 100
    assert "Cell" in done.content.decode()
    assert "Den saved" in done.content.decode()
    assert web.get(f"/rooms/fix/?record={cell}").context["left"].value == 1
    # What is no part of the rules is not changed here.
    web.post("/rooms/fix/", {"record": str(cell), "_shown": "name", "name": "Changed"})
    assert read("room", cell, "name") == "Cell"
    assert web.get("/rooms/fix/?after=nonsense").headers["Location"] == "/rooms/fix/?after="
    assert "the last one" in web.get("/rooms/fix/?after=end").content.decode()
    assert web.get("/rooms/fix/?record=x").status_code == 404


def test_nobody_mends_what_he_may_not_change() -> None:
    scored()
    room = create("room", name="Den")
    reads, narrow = make_user("Rea Reader", role="read_only"), make_user("Mo Other", role="member")
    sent = {"record": str(room), "_shown": "seats", "seats": "5"}

    assert signed_in(reads).get("/rooms/fix/").status_code == 403
    assert signed_in(narrow).post("/rooms/fix/", sent).status_code == 403
    assert not waiting(principal_of(narrow), kind()).exists()
    assert points(room) == 0


def test_rules_that_cant_be_are_refused_with_a_sentence() -> None:
    formula("age", "days_between(built, today())")
    make_field("text", "note")
    for rules, sentence in (
        ([], "at least one thing"),
        ([Expect("seats", 0)], "1 to 100 points"),
        ([Expect("seats", 10), Expect("seats", 20)], "twice"),
        ([Expect("age", 10)], "can't be asked"),
        ([Expect("nothing", 10)], "can't be asked"),
        ([Expect("seats", 10, "invalid")], "can't be asked"),
        ([Expect("built", 10, "stale")], "after 1 to"),
    ):
        with pytest.raises(Rejected, match=sentence):
            scored(rules)
    with pytest.raises(Rejected, match="chosen for that"):
        scored(worth="name")
    scored([Expect("note", 10)])
    with pytest.raises(Rejected, match="Completeness"):
        remove_field(CustomField.objects.get(name="note"), NOBODY)


def test_a_score_is_stopped_and_comes_back_with_its_rules() -> None:
    scored()
    room = registry.get("room")
    create("room", name="Den")

    stop_score(room, NOBODY)
    assert score_of(registry.get("room")) is None
    scored()
    with pytest.raises(Rejected, match="score already"):
        make_field("completeness", "other", formula={"rules": [], "worth": "", "checked": ""})
    assert len(kind().rules) == 3


def test_the_suggested_rules_are_those_declared_else_the_columns() -> None:
    assert [one.field for one in suggested(registry.get("rental"))] == ["starts"]
    assert {"seats", "shape"} <= {one.field for one in suggested(registry.get("room"))}
    assert sum(one.points for one in suggested(registry.get("room"))) == 100
    begin_score(registry.get("rental"), NOBODY)
    assert score_of(registry.get("rental")) is not None


def test_administrators_alone_set_rules_and_keep_what_they_typed() -> None:
    web, member = signed_in(make_user()), signed_in(make_user("Mia Member", role="member"))
    url = "/setup/completeness/room/"
    given = {"what": ["missing:seats", "", "missing:shape"], "points": ["30", "", "x"],
             "days": ["", "", ""], "worth": "", "checked": ""}  # fmt: skip

    assert url in web.get("/rooms/").content.decode()
    assert url not in member.get("/rooms/").content.decode()
    assert member.post(url, given).status_code == 403
    assert member.post(f"{url}begin/").status_code == 403
    refused = web.post(url, given)
    assert refused.status_code == 422
    assert "1 to 100 points" in refused.content.decode()
    assert 'value="x"' in refused.content.decode()
    assert web.post(url, given | {"points": ["30", "", "10"]}).status_code == 302
    assert [one.points for one in kind().rules] == [30, 10]
    assert "by 2 rules" in web.get("/setup/completeness/").content.decode()
    row = CustomField.objects.get()
    assert web.get(f"/setup/fields/{row.pk}/").headers["Location"] == url
    for page in (f"/setup/fields/{row.pk}/remove/", "/setup/fields/room/layout/"):
        assert "Completeness" in web.get(page).content.decode(), page
    assert "Completeness" in web.get("/setup/fields/room/").content.decode()
    assert web.post(f"{url}stop/").status_code == 302
    assert score_of(registry.get("room")) is None


@pytest.mark.django_db(transaction=True)
def test_an_index_serves_filters_orders_and_the_queue() -> None:
    make_field("decimal", "value")
    scored(worth="value")
    prepare()
    rooms = access.rows(HOUSE, "room")
    by_score = parse_sort("completeness", registry.get("room"), frozenset({"completeness"}))
    queue = order_for(HOUSE, kind())

    assert kind().index
    assert by_score.indexed
    for query in (
        rooms.filter(kind().condition("lt", 50)),
        rooms.annotate(_key=by_score.key).order_by("_key", "id")[:50],
        waiting(HOUSE, kind()).annotate(_key=queue.key).order_by("_key", "id")[:1],
    ):
        plan = plan_of(query.values_list("pk"))
        assert "cx_" in plan
        assert "Sort" not in plan


def plan_of(query: Any) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        text, params = query.query.sql_with_params()
        cursor.execute(f"EXPLAIN (COSTS off) {text}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_files_of_every_form_and_other_instances_take_it() -> None:
    web = signed_in(make_user())
    scored()
    den = create("room", name="Den", seats="2")
    shown = "columns=name,completeness&sort=completeness"
    assert b"".join(web.get(f"/rooms/export/?format=xlsx&{shown}"))
    web.get(f"/rooms/export/?format=parquet&{shown}")
    job = Job.objects.latest("created_at")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    lines = b"".join(web.get(f"/rooms/export/?format=jsonl&{shown}")).decode()
    assert '"completeness":20' in lines.replace(" ", "").lower()
    for page in (
        f"/rooms/?{shown}&totals=completeness&group=shape",
        "/rooms/filter/?_field=completeness",
        f"/rooms/{den}/",
        f"/rooms/{den}/edit/",
        "/rooms/conditions/?where=completeness<50",
        f"/rooms/{den}/?at=2026-01-01T00:00:00Z",
    ):
        assert web.get(page).status_code == 200, page
    kept = present()
    CustomField.objects.all().delete()
    is_changed()
    assert score_of(registry.get("room")) is None
    apply(kept)
    assert kind().rules == tuple(RULES)


@pytest.mark.django_db(transaction=True)
def test_objects_and_fields_of_ones_own_are_scored() -> None:
    words = {"label": {"en": "Device"}, "label_plural": {"en": "Devices"}}
    add_object(words, NOBODY)
    prepare()
    make_field("text", "serial", "device")
    make_field("phone", "desk", "device")
    begin_score(registry.get("device"), NOBODY)
    device = create("device", name="One")

    assert read("device", device, "completeness").points == 40
    rules = [Expect("serial", 40), Expect("desk", 30, "invalid")]
    set_score(registry.get("device"), rules, "", "", NOBODY)
    update("device", device, desk="12")
    counted()
    assert read("device", device, "completeness").points == 30
    assert signed_in(make_user()).get("/devices/fix/").status_code == 200
