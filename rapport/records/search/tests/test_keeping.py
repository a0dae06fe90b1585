"""Documents and lexicon follow the log, and hold no more than the records do."""

from __future__ import annotations

from threading import Event
from time import monotonic
from uuid import UUID

import pytest

from rapport.records.changes.undo import undo
from rapport.records.models import (
    Change,
    Cursor,
    Job,
    SearchDocument,
    SearchShape,
    SearchWord,
)
from rapport.records.search import documents, finding, keeping
from rapport.records.search.following import follow
from rapport.records.search.keeping import catch_up
from rapport.records.search.testing import ids, take_in
from rapport.records.store import change
from rapport.records.testing import HOUSE, Statements, create, update
from rapport.records.tests.fields import make_field

LONG = 60


def document(record_id: UUID) -> str:
    """What the document of a record holds; nothing where there is none."""
    return str(SearchDocument.objects.filter(pk=record_id).values_list("words", flat=True).first())


@pytest.mark.django_db(transaction=True)
def test_documents_follow_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = create("person", name="Ada Quokka", emails="ada@wombat.example")
    keep = create("company", name="Wombat")
    assert document(ada) == "None"
    assert ids("quokka") == ids("ada wombat") == [ada]
    catch_up()
    assert (
        document(ada)
        == "'person-ada' 'person-example' 'person-wombat' 'person=ada' 'person=quokka'"
    )
    assert ids("quokka") == ids("ada wombat") == [ada]

    # From here on the documents alone have to know.
    monkeypatch.setattr(finding, "MOST_AHEAD", 0)
    update("person", ada, name="Ada Numbat", emails="ada@numbat.example")
    take_in_the_log()
    assert ids("numbat") == [ada]
    assert ids("quokka") == []
    assert words() >= {"numbat", "ada", "wombat"}
    assert "quokka" not in words()
    with change(HOUSE, via="test") as made:
        made.trash("person", [ada])
    take_in_the_log()
    assert document(ada) == "None"
    assert words() == {"wombat"}
    undo(HOUSE, made.id, via="test")
    take_in_the_log()
    assert ids("numbat") == [ada]
    assert ids("wombat") == [keep]


def take_in_the_log() -> None:
    """Follow the log to its end, however long other tests on the server hold it open."""
    pause, until = Event(), monotonic() + LONG
    last = int(Change.objects.order_by("-id").values_list("xid", flat=True)[0])
    catch_up()
    while Cursor.objects.get(name="search").xid < last:
        assert monotonic() < until
        pause.wait(0.05)
        catch_up()


def words() -> set[str]:
    """The lexicon."""
    return set(SearchWord.objects.values_list("word", flat=True))


@pytest.mark.django_db
def test_what_an_object_is_found_by_changes_with_its_fields() -> None:
    row = make_field("text", "serial", search=True)
    room = create("room", name="Lab", serial="Xylophone")
    take_in()
    assert ids("xylophone") == [] or ids("xylophone") == [room]
    SearchShape.objects.filter(object="room").update(digest="of another release")
    SearchDocument.objects.filter(pk=room).update(words="'room=lab' 'room-secret'")
    # Documents made by other rules may tell what they must not: names alone are looked at.
    assert ids("secret") == []
    assert ids("lab") == [room]
    take_in()
    assert "secret" not in document(room)
    assert row.pk


@pytest.mark.django_db
def test_sensitive_texts_have_no_place_in_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        documents, "sensitive_fields", lambda one: {"notes"} if one.name == "room" else set()
    )
    create("room", name="Lab", notes="Xylophone")
    take_in()
    assert ids("xylophone") == []
    assert "xylophone" not in words()


@pytest.mark.django_db
def test_a_long_text_is_taken_in_as_far_as_a_document_goes() -> None:
    text = " ".join(f"{'w' * 50}{number}" for number in range(3000))
    note = create("note", body=f"Begin {text} 王{'中' * 30_000}")
    take_in()
    assert ids("begin") == [note]


@pytest.mark.django_db
def test_an_import_has_the_machine_to_itself() -> None:
    one = create("room", name="Lab")
    job = Job.objects.create(kind="import", title="People", state=Job.State.RUNNING)
    follow()
    assert document(one) == "None"
    assert ids("lab") == [one]
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    follow()
    assert document(one) == "'room=lab'"


@pytest.mark.django_db
def test_after_many_new_documents_searches_are_planned_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    create("room", name="Lab")
    catch_up()
    SearchShape.objects.all().delete()
    monkeypatch.setattr(keeping, "STEP", 1)
    monkeypatch.setattr(keeping, "MANY", 1)
    with Statements() as sent:
        catch_up()
    assert sum("rapport_survey_documents" in one for one in sent.statements) == 1
    with Statements() as sent:
        catch_up()
    assert not any("rapport_survey_documents" in one for one in sent.statements)
