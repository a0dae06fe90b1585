"""Why somebody sees a record: the reasons, and that the answer is that of `access`."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts import actions
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import ApiToken, Role, Team, User
from rapport.accounts.narrowing import for_token
from rapport.accounts.principals import ACTIONS, RULED, Principal, principal_of
from rapport.accounts.testing import make_user
from rapport.kit.formats import format_day
from rapport.records import access, registry
from rapport.records.explaining import ASKED, Explanation, explain, explain_for
from rapport.records.metadata.noticing import refresh
from rapport.records.reaching import is_shareable
from rapport.records.sharing.holders import Holder
from rapport.records.sharing.verbs import share, today
from rapport.records.store import Missing, change
from rapport.records.testing import HOUSE, create, make_sample

pytestmark = pytest.mark.django_db

NOTHING = dict.fromkeys(ACTIONS, "none")
MADRID = {"field": "city", "op": "is", "value": "Madrid"}
MINE = {"field": "owner", "op": "is", "value": "me"}


def role(scopes: dict[str, str], rules: dict[str, Any] | None = None, name: str = "company") -> str:
    """A role that reaches so far on one object and nowhere else."""
    made = actions.create_role(f"Role {Role.objects.count()}", "en", Role.objects.get(key="member"))
    wanted = {"*": NOTHING, name: NOTHING | scopes}
    actions.change_grants(made, wanted, rules={name: rules or {}})
    return made.key


def asking(user: User) -> Principal:
    return principal_of(User.objects.get(pk=user.pk))


def company(owner: User | None = None, **values: Any) -> UUID:
    made = create("company", **{"name": "Sol", **values})
    with change(HOUSE, via="test") as giving:
        giving.update("company", made, {"owner": owner and owner.pk})
    return made


def told(
    asker: User, record: UUID, about: User | None = None, name: str = "company"
) -> Explanation:
    return explain(asking(asker), registry.get(name), record, about.pk if about else None)


def says(explanation: Explanation, action: str = "view") -> list[tuple[str, str]]:
    return [(one.kind, one.says) for one in explanation.answers[action].grounds]


@pytest.fixture
def owner() -> User:
    return make_user("Ida Brandt")


def test_a_team_mate_and_a_team_below_are_named(owner: User) -> None:
    ana = make_user("Ana Lima", role({"view": "below", "edit": "team"}))
    bo, cleo = make_user("Bo Vik", "member"), make_user("Cleo Ray", "member")
    north = actions.create_team("North", [ana.pk, cleo.pk])
    actions.create_team("Harbour", [bo.pk], parent=north)
    hers, below = company(cleo), company(bo)
    assert says(told(owner, hers, ana)) == [(
        "team",
        "It belongs to Cleo Ray, who is in the team North with Ana Lima, and the role “Role 4” "
        "reaches what is the team's.",
    )]  # fmt: skip
    assert says(told(owner, below, ana)) == [(
        "below",
        "Ana Lima is in the team North; it belongs to Bo Vik in Harbour, which is below it, and "
        "the role “Role 4” reaches what is below.",
    )]  # fmt: skip
    assert says(told(owner, below, ana), "edit") == [(
        "team",
        "The role “Role 4” reaches what is the team's; it belongs to Bo Vik, who is in no team "
        "with Ana Lima.",
    )]  # fmt: skip


def test_a_manager_sees_by_the_chain_that_is_named(owner: User) -> None:
    ana = make_user("Ana Lima", role({"view": "below"}))
    bo, cleo = make_user("Bo Vik", "member"), make_user("Cleo Ray", "member")
    actions.set_manager(cleo, ana)
    actions.set_manager(bo, cleo)
    (found,) = says(told(owner, company(bo), ana))
    assert "(Bo Vik → Cleo Ray → Ana Lima)" in found[1]


def test_of_several_roles_the_one_whose_rule_is_met_is_named(owner: User) -> None:
    ana = make_user("Ana Lima", role({"view": "rule"}, {"view": MADRID}))
    actions.set_further_roles(ana, [role({"view": "rule"}, {"view": MINE})])
    here, there = company(city="Madrid"), company(city="Oslo")
    assert says(told(owner, here, ana)) == [
        ("rule", "It meets the rule of the role “Role 4”: City is Madrid.")
    ]
    unmet = told(owner, there, ana)
    assert not unmet.may("view")
    assert [kind for kind, _says in says(unmet)] == ["rule", "rule"]
    assert "Role 4" in says(unmet)[0][1]
    assert "Role 5" in says(unmet)[1][1]


def test_what_is_shared_with_somebody_or_his_team_says_until_when(owner: User) -> None:
    ana, record = make_user("Ana Lima", role({"view": "own", "edit": "own"})), company()
    team = actions.create_team("North", [ana.pk])
    last = today() + timedelta(days=400)
    with change(asking(owner), via="test") as made:
        share(made, "company", record, Holder("user", ana.pk, ana.name), "view", last)
        share(made, "company", record, Holder("team", team.pk, team.name), "edit")
    found = told(owner, record, ana)
    assert says(found) == [
        ("share", f"It is shared with Ana Lima. That ends after {format_day(last, 'en')}."),
        ("share", "It is shared with the team North."),
    ]
    assert says(found, "edit") == [("share", "It is shared with the team North.")]
    assert [kind for kind, _says in says(found, "delete")] == ["none"]


def test_a_rule_on_what_the_asker_does_not_read_is_not_spelled_out() -> None:
    key = role({"view": "rule"}, {"view": MADRID})
    ana = make_user("Ana Lima", key)
    change_field_levels(Role.objects.get(key=key), "company", {"city": "hidden"})
    refresh()
    found = told(ana, company(city="Madrid"))
    assert says(found) == [("rule", "A rule of the role “Role 4” lets it.")]
    assert "city" not in [one.name for one in found.fields]


def test_a_field_says_which_role_hides_it_and_which_only_reads_it(owner: User) -> None:
    ana = make_user("Ana Lima", "member")
    levels = {"city": "hidden", "website": "read"}
    change_field_levels(Role.objects.get(key="member"), "company", levels)
    refresh()
    fields = {one.name: one for one in told(owner, company(ana), ana).fields}
    assert (fields["city"].may_read, fields["city"].may_edit) == (False, False)
    assert fields["city"].grounds[0].says == "The role “Member” hides it."
    assert (fields["website"].may_read, fields["website"].may_edit) == (True, False)
    assert fields["website"].grounds[0].says == "The role “Member” only reads it."
    assert (fields["name"].may_edit, fields["name"].grounds) == (True, ())


def test_a_deactivated_account_a_token_and_the_trash_say_so(owner: User) -> None:
    ana, record = make_user("Ana Lima", "member"), company()
    actions.create_token(ana, "Reads", may_write=False)
    program = for_token(ApiToken.objects.get(name="Reads"))
    found = explain(program, registry.get("company"), record)
    assert (found.may("view"), found.may("create")) == (True, False)
    assert says(found, "create") == [("token", "The token does not allow it, the roles do.")]
    actions.deactivate(ana)
    gone = told(owner, record, ana)
    assert {kind for action in ASKED for kind, _says in says(gone, action)} == {"deactivated"}
    with change(HOUSE, via="test") as made:
        made.trash("company", [record])
    trashed = told(owner, record)
    assert (trashed.may("view"), trashed.may("edit")) == (True, False)
    assert says(trashed, "edit") == [("trash", "It is in the trash.")]


def test_one_asks_about_oneself_only_and_about_what_one_sees(owner: User) -> None:
    ana = make_user("Ana Lima", role({"view": "own"}))
    hers, other = company(ana), company(owner)
    assert told(ana, hers).may("view")
    assert told(ana, hers, ana).may("view")
    with pytest.raises(access.Denied):
        told(ana, hers, owner)
    with pytest.raises(access.Denied):
        explain_for(asking(ana), registry.get("company"), hers, [ana])
    unseen = _refusal(ana, other)
    assert unseen == _refusal(ana, UUID(int=5))


def _refusal(asker: User, record: UUID) -> str:
    with pytest.raises(Missing) as refusal:
        told(asker, record, make_user(f"Else {record}"))
    return str(refusal.value)


def test_records_that_say_who_sees_them_name_whoever_keeps_them(owner: User) -> None:
    ana, bo = make_user("Ana Lima", "member"), make_user("Bo Vik", "member")
    record = make_sample("saved_view", 1, values={"audience": "team", "object": "person"})
    with change(HOUSE, via="test") as giving:
        giving.update("saved_view", record, {"owner": bo.pk})
    assert says(told(bo, record, name="saved_view")) == [("audience", "It belongs to Bo Vik.")]
    assert says(told(owner, record, ana, "saved_view")) == [
        ("audience", "Bo Vik shares it with their team only.")
    ]


@pytest.mark.parametrize(
    "name",
    [
        "company",
        "saved_view",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("tag", "note", "page_layout")),
    ],
)
def test_the_answer_is_that_of_access_for_anybody(name: str, owner: User) -> None:
    """For many roles, teams and records at once; each answer has its reasons."""
    chance = Random(f"why {name}")
    people = _people(chance, name)
    declaration = registry.get(name)
    records = [_record(chance, name, number, people) for number in range(4)]
    if is_shareable(declaration):
        with change(asking(owner), via="test") as made:
            for record in records[1:3]:
                share(made, name, record, Holder("user", people[0].pk, "Ana"), "view")
                team = Team.objects.get(name="North")
                share(made, name, record, Holder("team", team.pk, team.name), "edit")
    with change(HOUSE, via="test") as made:
        made.trash(name, records[:1])
    for record in (one for one in records if _sees(owner, name, one)):
        for person in people:
            found = explain(asking(owner), declaration, record, person.pk)
            _assert_true(found, asking(person), name, record)


def _assert_true(found: Explanation, person: Principal, name: str, record: UUID) -> None:
    for action in ASKED:
        answer = found.answers[action]
        if action == "create":
            wanted = access.may(person, "create", name)
        else:
            trashed = None if action == "view" else False
            reached = access.rows(person, name, action, trashed=trashed)
            wanted = reached.filter(pk=record).exists()
        assert answer.is_allowed == wanted, (action, answer)
        assert answer.grounds, action
        assert {one.opens for one in answer.grounds} == {wanted}, (action, answer)
    fields = access.fields(person, name)
    reads = {one.name for one in found.fields if one.may_read}
    edits = {one.name for one in found.fields if one.may_edit}
    assert reads == (fields.readable if found.may("view") else set())
    assert edits == (fields.editable if found.may("edit") else set())


def _sees(owner: User, name: str, record: UUID) -> bool:
    return access.rows(asking(owner), name, trashed=None).filter(pk=record).exists()


def _people(chance: Random, name: str) -> list[User]:
    scopes = ["none", "own", "team", "below", "all", "rule"]
    keys = []
    for _number in range(5):
        picked = {one: chance.choice(scopes) for one in ACTIONS}
        wanted = {
            one: scope if scope != "rule" or one in RULED else "own"
            for one, scope in picked.items()
        }
        rules = {one: MINE for one, scope in wanted.items() if scope == "rule"}
        keys.append(role(wanted, rules, name))
    change_field_levels(Role.objects.get(key=keys[0]), name, _levels(name))
    refresh()
    people = [make_user(f"Person {number}", chance.choice(keys)) for number in range(5)]
    for person in people[:3]:
        actions.set_further_roles(person, [chance.choice(keys)])
    north = actions.create_team("North", [people[0].pk, people[1].pk])
    actions.create_team("Harbour", [people[2].pk], parent=Team.objects.get(pk=north.pk))
    actions.set_manager(people[3], people[1])
    return [*(User.objects.get(pk=one.pk) for one in people), make_user("Max Manager", "manager")]


def _levels(name: str) -> dict[str, str]:
    from rapport.records.metadata.restrictions import why_not_hidden

    declaration = registry.get(name)
    free = [one for one in declaration.fields if not why_not_hidden(declaration, one)]
    return dict(zip(free, ("hidden", "read"), strict=False))


def _record(chance: Random, name: str, number: int, people: list[User]) -> UUID:
    made = make_sample(name, number)
    whose = chance.choice([*people, None])
    with change(HOUSE, via="test") as giving:
        giving.update(name, made, {"owner": whose and whose.pk})
    return made
