"""Accessibility by axe-core, in light and dark."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

type Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
# A colour half-way between two themes is nobody's choice.
SETTLE = """() => new Promise((settled) => requestAnimationFrame(() => {
  document.getAnimations().forEach((one) => one.finish());
  requestAnimationFrame(settled);
}))"""
# A long list says the same of each row: the first six stand for the rest.
REST_OF_ROWS = "tr[data-row]:nth-child(n+7)"
MENU = "nav.nav"
# Without copies of the style sheets: the page's policy stops those that the editor brings along.
RUN = """([leave, rules]) => axe.run({include: [document], exclude: leave.map((one) => [one])}, {
  resultTypes: ["violations"], preload: false, ...(rules.length && {runOnly: rules})
}).then((found) => found.violations)"""
# For walks over many pages, whose colours are those of the pages that are looked at in both.
each_theme = pytest.mark.parametrize(
    "theme", ["light", pytest.param("dark", marks=pytest.mark.long)]
)
# All that a theme changes is colours.
RULES = {"light": [], "dark": ["color-contrast", "link-in-text-block"]}


@cache
def _script() -> str:
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text()


def violations(
    page: Page, themes: Sequence[Theme] = THEMES, *, with_menu: bool = False
) -> list[str]:
    """What axe finds on the page as it stands, in these themes: rule, element, and why.

    The menu, which is the same on every page, is looked at where that is asked for.
    """
    found = []
    leave = [REST_OF_ROWS] if with_menu else [REST_OF_ROWS, MENU]
    # As text to the engine, since the page's policy lets no foreign script in.
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_script())
    for theme in themes:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(SETTLE)
        rules = page.evaluate(RUN, [leave, RULES[theme]])
        found += [f"{theme}: {line}" for rule in rules for line in _describe(rule)]
    return found


def _describe(rule: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in rule["nodes"]
    ]
