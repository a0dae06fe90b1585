"""How soon a first list page is seen and answers, with the processor four times as slow.

    bench/run paint --keep DIR [--loads 5]      DIR is what `bench/run company --keep DIR` left

In Chromium, signed in as who sees all: the largest paint, and from a key in the search box of the
list to the next frame. Other work on the machine counts in full.
"""

import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import servers
from bench.instance import OWNER, opened, password
from bench.loaded import options
from tests.browser.chromium import ARGUMENTS, program

SLOWER = 4
LARGEST = """
() => new Promise(done => new PerformanceObserver(list => {
  const all = list.getEntries(); done(all[all.length - 1].startTime)
}).observe({type: 'largest-contentful-paint', buffered: true}))
"""
ANSWERED = """
() => new Promise(done => {
  addEventListener('keydown', () => {
    const began = performance.now()
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
  }, {once: true, capture: true})
})
"""


def main() -> None:
    """Print both medians."""
    chosen = options(__doc__, loads=5)
    if chosen.keep is None:
        sys.exit("Say where the company is: --keep DIR")
    instance: Path = chosen.keep / "instance"
    with opened(instance):
        secret = password(instance)
    with (
        servers.rapport(instance, chosen.keep / "rapport.log") as (port, _pid),
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=program(), args=[*ARGUMENTS, "--no-sandbox"])
        painted, answered = measure(browser, f"http://127.0.0.1:{port}", secret, chosen.loads)
    print(f"largest paint {painted:.0f} ms (1,200 asked), a key {answered:.0f} ms (100 asked)")


def measure(browser: Browser, address: str, secret: str, loads: int) -> tuple[float, float]:
    """Milliseconds of the largest paint and of a key, each the median."""
    page = browser.new_context().new_page()
    page.goto(f"{address}/login/")
    page.fill("input[name=email]", OWNER)
    page.fill("input[name=password]", secret)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    times = [_once(page, f"{address}/people/") for _turn in range(loads)]
    return (
        statistics.median(one for one, _two in times),
        statistics.median(two for _one, two in times),
    )


def _once(page: Page, address: str) -> tuple[float, float]:
    page.goto(address)
    painted: Any = page.evaluate(LARGEST)
    page.focus("input[name=q]")
    answer = page.evaluate_handle(f"() => ({{waits: ({ANSWERED})()}})")
    page.keyboard.press("a")
    answered: Any = answer.evaluate("one => one.waits")
    return float(painted), float(answered)


if __name__ == "__main__":
    main()
