"""Tokens from the command line: what they may, from where, and for how long."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.accounts.models import ApiToken
from rapport.accounts.narrowing import for_token
from rapport.accounts.testing import make_user
from rapport.project.command import token
from rapport.project.command.__main__ import main
from rapport.records.surfaces.agents.terms import terms_of

pytestmark = pytest.mark.django_db

CREATE = ("token", "create", "--user", "ida.brandt@nordwind.example")


@pytest.fixture(autouse=True)
def _ida(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user()
    monkeypatch.setattr(token, "open_instance", lambda data: nullcontext())


def made(*limits: str) -> ApiToken:
    assert main([*CREATE, *limits]) == 0
    return ApiToken.objects.get()


def test_limits_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    limits = ("--network", "10.0.0.0/8", "--network", "::1", "--days", "30", "--name", "Sheet")
    kept = made("--scope", "read", "--scope", "deal.edit deal.create", *limits)
    assert capsys.readouterr().out.startswith(kept.prefix)
    assert kept.name == "Sheet"
    assert kept.networks == ["10.0.0.0/8", "::1"]
    assert kept.expires_at
    assert timedelta(days=29) < kept.expires_at - timezone.now() <= timedelta(days=30)
    principal = for_token(kept)
    assert (principal.grant("person").view, principal.grant("person").edit) == ("all", "none")
    assert (principal.grant("deal").view, principal.grant("deal").edit) == ("all", "all")


def test_without_limits_it_may_what_its_person_may() -> None:
    kept = made()
    assert (kept.scopes, kept.networks, kept.expires_at) == (None, [], None)


def test_all_but_administration_is_a_limit_too() -> None:
    principal = for_token(made("--scope", "write"))
    assert principal.grant("person").delete == "all"
    assert not principal.administers


@pytest.mark.parametrize(
    "limits",
    [
        ("--scope", "everything"),
        ("--scope", "person.own"),
        ("--scope", "nothing.view"),
        ("--network", "nowhere"),
        ("--network", "10.0.0.1/8"),
    ],
)
def test_limits_that_are_none_make_no_token(
    limits: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CREATE, *limits]) == 1
    assert capsys.readouterr().err
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("days", ["0", "-1", "999999", "x"])
def test_days_that_are_none_are_refused(days: str) -> None:
    with pytest.raises(SystemExit):
        main([*CREATE, "--days", days])


def test_an_agent_of_the_command_line_proposes_within_limits() -> None:
    kept = made("--propose", "--calls-per-hour", "200", "--writes-per-day", "0")
    terms = terms_of(kept.pk)
    assert terms
    assert terms.proposes
    assert not kept.may_write
    assert (terms.calls_per_hour, terms.writes_per_day, terms.calls_per_day) == (200, 0, None)


def test_limits_that_are_none_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*CREATE, "--calls-per-hour", "-1"])
    assert "from 0 to" in capsys.readouterr().err
