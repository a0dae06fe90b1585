"""Accessibility by axe-core, in light and dark."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

THEMES = ("light", "dark")
# A colour half-way between two themes is nobody's choice.
SETTLE = """() => new Promise((settled) => requestAnimationFrame(() => {
  document.getAnimations().forEach((one) => one.finish());
  requestAnimationFrame(settled);
}))"""
# Without copies of the style sheets: the page's policy stops those that the editor brings along.
OPTIONS = "{resultTypes: ['violations'], preload: false}"
RUN = f"() => axe.run(document, {OPTIONS}).then((found) => found.violations)"


@cache
def _script() -> str:
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, in both themes: rule, element, and why."""
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        # As text to the engine, since the page's policy lets no foreign script in.
        page.evaluate(_script())
        page.evaluate(SETTLE)
        found += [f"{theme}: {line}" for rule in page.evaluate(RUN) for line in _describe(rule)]
    return found


def _describe(rule: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in rule["nodes"]
    ]
