"""Deals on their way: what the database keeps right and what the actions do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Grant, Principal, Scope
from rapport.contacts.models import Company, Lead, Person
from rapport.kit.ids import uuid7
from rapport.records import access, registry
from rapport.records.changes.undo import undo
from rapport.records.compiled import ask_together
from rapport.records.declare import Panel
from rapport.records.models import Change
from rapport.records.store import Missing, Rejected, change
from rapport.records.testing import HOUSE, create, found, read, reader, update, why
from rapport.sales.actions import convert_lead, lose_deal, move_deal, refresh_amounts, win_deal
from rapport.sales.models import Deal, DealPerson, Pipeline, Stage
from rapport.sales.queries import lanes
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db


def stage(label: str) -> Stage:
    return Stage.objects.get(label__en=label)


def deal(**values: Any) -> Deal:
    return Deal.objects.get(pk=create("deal", **{"name": "Rollout", **values}))


def fresh(one: Deal) -> Deal:
    return Deal.objects.get(pk=one.pk)


def test_two_pipelines_are_there_once_in_both_languages() -> None:
    seed()
    names = list(Pipeline.objects.order_by("position").values_list("label", flat=True))
    assert [name["es"] for name in names] == ["Negocio nuevo", "Renovaciones"]
    assert [lane.label for lane in lanes(HOUSE, {})][:2] == ["Qualify", "Discover"]
    renewals = str(Pipeline.objects.get(label__en="Renewals").pk)
    assert [lane.state for lane in lanes(HOUSE, {"pipeline": renewals})][-2:] == ["won", "lost"]


def test_a_deal_begins_at_the_first_stage_of_the_first_pipeline() -> None:
    made = deal()
    assert (made.stage, made.pipeline) == (stage("Qualify"), stage("Qualify").pipeline)
    assert (made.probability, made.state, made.currency) == (Decimal(10), "open", "EUR")
    assert made.stage_since is not None
    renewal = deal(pipeline=Pipeline.objects.get(label__en="Renewals").pk)
    assert renewal.stage == stage("Coming up")


def test_moving_takes_the_stages_chance_unless_one_is_given() -> None:
    made = deal(probability="33")
    assert made.probability == Decimal(33)
    update("deal", made.pk, stage=stage("Propose").pk)
    assert fresh(made).probability == Decimal(50)
    update("deal", made.pk, stage=stage("Negotiate").pk, probability="60")
    assert fresh(made).probability == Decimal(60)
    update("deal", made.pk, probability="61")
    assert fresh(made).probability == Decimal(61)


def test_the_other_pipelines_stage_brings_its_pipeline_and_the_reverse() -> None:
    made = deal()
    update("deal", made.pk, stage=stage("In talks").pk)
    assert fresh(made).pipeline == stage("In talks").pipeline
    update("deal", made.pk, pipeline=stage("Qualify").pipeline_id)
    assert fresh(made).stage == stage("Qualify")


def test_time_in_a_stage_counts_from_the_move_and_an_undo_puts_it_back() -> None:
    made = deal()
    long_ago = timezone.now() - timedelta(days=19)
    with change(HOUSE, via="test"):
        Deal.objects.filter(pk=made.pk).update(stage_since=long_ago)
    moved = move_deal(HOUSE, [made.pk], {"stage": stage("Propose").pk})
    assert fresh(made).stage_since > long_ago
    _undone, result = undo(HOUSE, moved, via="test")
    back = fresh(made)
    assert (back.stage, back.stage_since, back.probability) == (stage("Qualify"), long_ago, 10)
    assert result.conflicts == []


def test_what_is_won_needs_no_next_step() -> None:
    made = deal()
    field = registry.get("deal").fields["next_step"]
    assert "No next step" in field.show(read("deal", made.pk, "next_step"), reader())
    win_deal(HOUSE, [made.pk], {})
    assert field.show(read("deal", made.pk, "next_step"), reader()) == ""


def test_winning_closes_each_deal_in_its_own_pipeline() -> None:
    one, other = deal(), deal(pipeline=Pipeline.objects.get(label__en="Renewals").pk)
    won = win_deal(HOUSE, [one.pk, other.pk], {})
    assert (fresh(one).stage, fresh(other).stage) == (stage("Won"), stage("Renewed"))
    assert (fresh(one).state, fresh(one).probability) == ("won", Decimal(100))
    assert fresh(one).closed_at is not None
    undo(HOUSE, won, via="test")
    assert (fresh(one).state, fresh(one).closed_at) == ("open", None)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_deal_that_comes_in_closed_closed_on_its_day_wherever_the_firm_is(zone: str) -> None:
    Workspace.objects.update(timezone=zone)
    made = deal(stage=stage("Won").pk, close_date="2017-03-01")
    closed = fresh(made).closed_at
    assert closed is not None
    assert timezone.localdate(closed, ZoneInfo(zone)) == date(2017, 3, 1)
    planned = fresh(deal(stage=stage("Won").pk, close_date="2917-03-01")).closed_at
    assert planned is not None
    assert planned <= timezone.now()


def test_losing_needs_a_reason_which_a_reopened_deal_forgets() -> None:
    made = deal()
    with pytest.raises(Rejected, match="why"):
        lose_deal(HOUSE, [made.pk], {})
    lose_deal(HOUSE, [made.pk], {"lost_reason": "price", "lost_note": "Too dear"})
    lost = fresh(made)
    assert (lost.state, lost.lost_reason, lost.lost_note) == ("lost", "price", "Too dear")
    update("deal", made.pk, stage=stage("Commit").pk)
    again = fresh(made)
    assert (again.state, again.lost_reason, again.closed_at) == ("open", "", None)


def test_what_follows_from_the_row_is_not_in_the_log() -> None:
    made = deal(amount="100 USD")
    logged = Change.objects.get(record_id=made.pk, kind="create").new or {}
    assert not {"state", "amount_base"} & set(logged)
    assert {"stage_id", "amount"} <= set(logged)


def test_who_may_only_read_moves_nothing() -> None:
    made = deal()
    watcher = Principal("staff", uuid7(), grants={"*": Grant(view=Scope.ALL)})
    own = Principal("staff", uuid7(), grants={"*": Grant(view=Scope.ALL, edit=Scope.OWN)})
    for act, values in ((win_deal, {}), (move_deal, {"stage": stage("Propose").pk})):
        with pytest.raises(access.Denied):
            act(watcher, [made.pk], values)
        with pytest.raises(Missing):
            act(own, [made.pk], values)
    assert fresh(made).stage == stage("Qualify")


def test_a_pipeline_without_an_end_says_so() -> None:
    made = deal()
    with change(HOUSE, via="test") as open_change:
        open_change.trash("stage", [stage("Won").pk])
    with pytest.raises(Rejected, match="no stage that counts as won"):
        win_deal(HOUSE, [made.pk], {})


def test_amounts_in_our_currency_follow_the_rates() -> None:
    euros, dollars = deal(amount="100 EUR"), deal(amount="100 USD")
    assert (fresh(euros).amount_base, fresh(dollars).amount_base) == (Decimal(100), None)
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.8")
    assert fresh(dollars).amount_base == Decimal(80)
    versions = fresh(dollars).version
    later = create("exchange_rate", currency="USD", day="2021-01-01", rate="0.9")
    assert fresh(dollars).amount_base == Decimal(90)
    with change(HOUSE, via="test") as made:
        made.trash("exchange_rate", [later])
    assert (fresh(dollars).amount_base, fresh(dollars).version) == (Decimal(80), versions)
    update("deal", dollars.pk, amount="200 USD")
    assert fresh(dollars).amount_base == Decimal(160)
    Workspace.objects.update(currency="USD")
    assert (fresh(dollars).amount_base, fresh(euros).amount_base) == (Decimal(200), None)
    assert refresh_amounts() == 0


def test_a_closed_deal_keeps_the_rate_of_its_day() -> None:
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.8")
    won = deal(amount="100 USD", stage=stage("Won").pk, closed_at="2020-06-01T10:00:00Z")
    create("exchange_rate", currency="USD", day="2021-01-01", rate="0.9")
    assert fresh(won).amount_base == Decimal(80)


def test_a_stage_that_counts_otherwise_takes_its_deals_along() -> None:
    made = deal(stage=stage("Commit").pk)
    update("stage", stage("Commit").pk, state="won")
    assert fresh(made).state == "won"


def test_people_have_parts_in_a_deal() -> None:
    ada, ben = create("person", first_name="Ada"), create("person", first_name="Ben")
    parts = [
        {"person": str(ada), "role": "decision_maker"},
        {"person": str(ben), "role": "champion"},
    ]
    made = deal(people=parts)
    people = read("deal", made.pk, "people")
    assert [(row["person"], row["role"]) for row in people] == [
        (ada, "decision_maker"),
        (ben, "champion"),
    ]
    kept = DealPerson.objects.get(person_id=ben).pk
    edited = update("deal", made.pk, people=[{"person": str(ben), "role": "user"}])
    assert DealPerson.objects.get(deal_id=made.pk).pk == kept
    undo(HOUSE, edited, via="test")
    assert [row["role"] for row in read("deal", made.pk, "people")] == [
        "decision_maker",
        "champion",
    ]
    assert found("deal", "people", "is", str(ada)) == {made.pk}
    shown = registry.get("deal").fields["people"]
    assert shown.references(people) == [("person", ada), ("person", ben)]


def test_open_deals_are_summed_by_currency_for_a_page() -> None:
    company, empty = create("company", name="Acme"), create("company", name="Bolt")
    person = create("person", first_name="Ada")
    parts = [{"person": str(person)}]
    deal(amount="100 EUR", company=company, people=parts)
    deal(amount="50 EUR", company=company)
    lost = deal(amount="900 EUR", company=company)
    lose_deal(HOUSE, [lost.pk], {"lost_reason": "price"})
    worth = read("company", company, "open_deals")
    assert (worth.count, worth.by_currency) == (2, {"EUR": Decimal(150)})
    assert read("person", person, "open_deals").count == 1
    kind = registry.get("company").fields["open_deals"]
    assert "€150" in kind.show(worth, reader())
    assert "in 2 deals" in kind.show(worth, reader())
    assert "none" in kind.show(read("company", empty, "open_deals"), reader())
    assert found("company", "open_deals", "filled") == {company}
    assert found("person", "open_deals", "filled") == {person}
    deal(amount="100 USD", company=company)
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
    assert "≈ €200" in kind.show(read("company", company, "open_deals"), reader())
    assert len(why("company", company, "open_deals").lines) == 3


def a_lead(**values: Any) -> UUID:
    person = create("person", name="Giulia Pedrazzini", lifecycle="lead")
    return create("lead", person=person, source="Fair", **values)


def test_a_lead_becomes_person_company_and_deal_in_one_change() -> None:
    lead = a_lead()
    made = convert_lead(HOUSE, [lead], {"company_name": "Azienda Acque", "amount": Decimal(79200)})
    row = Lead.objects.get(pk=lead)
    opened = Deal.objects.get(lead_id=lead)
    company = Company.objects.get(name="Azienda Acque")
    assert (row.status, row.company_id) == ("qualified", company.pk)
    assert row.converted_at is not None
    assert (opened.name, opened.company_id, opened.source, opened.amount) == (
        "Azienda Acque",
        company.pk,
        "Fair",
        Decimal(79200),
    )
    assert DealPerson.objects.get(deal=opened).person_id == row.person_id
    person = Person.objects.get(pk=row.person_id)
    assert (person.lifecycle, person.company_id) == ("opportunity", company.pk)
    with pytest.raises(Rejected, match="converted already"):
        convert_lead(HOUSE, [lead], {})
    undo(HOUSE, made, via="test")
    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.status, row.converted_at, row.company_id) == ("new", None, None)
    assert (person.lifecycle, person.company_id) == ("lead", None)
    assert access.rows(HOUSE, "deal").count() == access.rows(HOUSE, "company").count() == 0


def test_a_known_company_is_taken_by_its_name_and_a_deal_may_be_left_out() -> None:
    known = create("company", name="Azienda Acque")
    lead = a_lead()
    convert_lead(HOUSE, [lead], {"company_name": "azienda  acque", "with_deal": False})
    assert Lead.objects.get(pk=lead).company_id == known
    assert not Deal.objects.exists()


def drawn(panel: Panel, request: Any, record: Any) -> str:
    asks = panel.asks(HOUSE, record) if panel.asks else {}
    return str(panel.render(request, record, ask_together(asks)))


def test_the_pages_of_people_and_companies_show_open_deals() -> None:
    from django.test import RequestFactory

    company, person = create("company", name="Acme"), create("person", first_name="Ada")
    made = deal(
        amount="78000 EUR",
        company=company,
        stage=stage("Propose").pk,
        close_date="2030-12-18",
        people=[{"person": str(person), "role": "champion"}],
    )
    with change(HOUSE, via="test"):
        past = timezone.now() - timedelta(days=19)
        Deal.objects.filter(pk=made.pk).update(stage_since=past)
    request: Any = RequestFactory().get("/")
    request.principal = HOUSE
    for name, key in (("company", company), ("person", person)):
        declaration = registry.get(name)
        (panel,) = (one for one in declaration.panels if one.name == "deals")
        html = drawn(panel, request, declaration.model._default_manager.get(pk=key))
        assert f'href="/deals/{made.pk}/"' in html
        assert "€78,000" in html
        assert 'aria-label="Stage 3 of 5, Propose"' in html
        assert "19 days, usual 11" in html
        assert "Closes Dec 18, 2030" in html
    (panel,) = (one for one in registry.get("deal").panels if one.name == "people")
    assert "Champion" in drawn(panel, request, fresh(made))
