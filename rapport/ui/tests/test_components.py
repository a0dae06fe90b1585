import re
from pathlib import Path

import pytest

from rapport.ui import components as ui


@pytest.mark.parametrize(
    ("name", "org", "expected"),
    [
        ("Katharina Vogl", False, "KV"),
        ("Daan de Wit", False, "DW"),
        ("Élodie Lacroix", False, "ÉL"),
        ("E\u0301lodie Lacroix", False, "ÉL"),
        ("田中 美咲", False, "田美"),
        ("한지우", False, "한지"),
        ("ليلى الحداد", False, "ل ح"),
        ("K.Vogl", False, "KV"),
        ("ada lovelace", False, "AL"),
        ("Ama", False, "AM"),
        ("straße ßeta", False, "Sß"),
        ("Aguas del Maipo", True, "AM"),
        ("Kisumu Water & Sanitation", True, "KW"),
        ("Vinícola Serra Azul", True, "VS"),
        ("3M", True, "3M"),
        ("  ", False, "?"),
        ("—", True, "?"),
    ],
)
def test_initials_follow_the_script(name: str, org: bool, expected: str) -> None:
    assert ui.initials(name, org) == expected


def test_an_avatar_keeps_its_colour_and_escapes() -> None:
    assert ui.avatar("Ida Brandt", "k1") == ui.avatar("Ida Brandt", "k1")
    assert {ui.hue(n) for n in range(200)} == {f"hue-{n}" for n in range(1, 9)}
    assert "<b" not in ui.avatar("<b <i", "k")
    assert 'class="av org xl hue-' in ui.avatar("Nordwind", "k", org=True, size="xl")


def test_a_pulse_is_drawn_as_designed() -> None:
    drawn = ui.pulse([1, 0, 2, 3], [1, 1, 0, 0], width=24, height=24)
    assert '<path class="base" d="M0 12.0H24"/>' in drawn
    assert '<rect class="p-in" x="1.1" y="5.7" width="3.8" height="5.3" rx="1"/>' in drawn
    assert '<rect class="p-in" x="19.1" y="0.5" width="3.8" height="10.5" rx="1"/>' in drawn
    assert '<rect class="p-out" x="7.1" y="13.0" width="3.8" height="5.3" rx="1"/>' in drawn
    assert drawn.count("<rect") == 5
    assert 'title="Last 4 weeks: 6 from them, 2 from us"' in drawn


def test_an_empty_pulse_says_so() -> None:
    drawn = ui.pulse([0] * 12, [0] * 12)
    assert "<rect" not in drawn
    assert "No contact in the last 12 weeks" in drawn


def test_a_pulse_refuses_uneven_weeks() -> None:
    with pytest.raises(ValueError, match="as many weeks"):
        ui.pulse([1], [])


def test_icons_come_from_the_sprite() -> None:
    assert ui.icon("mail", small=True, extra="flip") == (
        '<svg class="i s flip" aria-hidden="true"><use href="/static/ui/icons.svg#mail"/></svg>'
    )
    with pytest.raises(LookupError, match="nonsense"):
        ui.icon("nonsense")


def test_every_icon_named_in_code_or_template_exists() -> None:
    """A misspelt icon would raise only on the page that shows it."""
    house = Path(ui.__file__).parents[1]
    named = set()
    for template in house.rglob("*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)"', template.read_text()))
    for module in house.rglob("*.py"):
        if "tests" not in module.parts:
            named |= set(re.findall(r'\bicon\(\s*"([^"]+)"', module.read_text()))
    assert named
    assert named <= ui.icon_names()


def test_the_next_step_is_a_sentence_or_a_gap() -> None:
    assert 'class="nx"' in ui.next_step("Site visit", "cal")
    gap = ui.next_step("", add_url="/tasks/new/?for=1&x=2")
    assert 'data-dialog-url="/tasks/new/?for=1&amp;x=2"' in gap
    assert "No next step" in gap
    assert "<button" not in ui.next_step("")


def test_a_meter_stays_on_its_scale() -> None:
    assert "v-35" in ui.meter(36, "36 percent done")
    assert "v-100" in ui.meter(260)
    assert "v-0" in ui.meter(-4)
