"""Takes the pictures of the guide; called by `bin/screenshots`.

Everything is as a new user meets it: a fresh data folder, the sample company, a real browser.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium
from tests.platform.instances import served

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "guide" / "images"
EMAIL, PASSWORD = "ida@nordwind.example", "a short sentence is good"
LARGEST = 200_000
SHEET = """\
Name;Firma;E-Mail;Telefon;Ort;Geburtstag
Ada Berg;Berg & Söhne;ada@berg.example;08382 704112;Lindau;03.11.1984
Ole Holm;Holm Papir;ole@holm.example;+47 22 12 34 56;Oslo;
Inés Prado;Bodega Prado;ines@prado.example;+34 941 12 34 56;Logroño;17.02.1990
Jean Roux;Papeterie Roux;jean@roux;;Lyon;31.11.1979
"""


def main() -> str | None:
    """Take all pictures, or those whose names are given; returns a sentence if one is too large."""
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="only these, such as board or history")
    wanted = parser.parse_args().names or list(PICTURES)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder, "password")
        secret.write_text(PASSWORD)
        options = ("--owner-email", EMAIL, "--owner-password-file", str(secret), "--demo")
        with served(Path(folder, "data"), *options) as instance, chromium() as browser:
            cookies = settle_in(browser, instance.address)
            for name in wanted:
                take(browser, instance.address, name, cookies)
    large = [path.name for path in IMAGES.glob("*.png") if path.stat().st_size > LARGEST]
    return f"Over {LARGEST // 1000} kB: {', '.join(large)}" if large else None


def settle_in(browser: Browser, address: str) -> Any:
    """Sign in and give the owner and the firm their names; returns the session."""
    window = browser.new_context(base_url=address, locale="en")
    page = window.new_page()
    page.goto("/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    for where, name in (("/account/", "Ida Brandt"), ("/setup/workspace/", "Nordwind Sensors")):
        page.goto(where)
        page.locator("#id_name").fill(name)
        page.locator("main form", has=page.locator("#id_name")).get_by_role(
            "button", name="Save"
        ).click()
        page.get_by_text("Saved.").first.wait_for()
    session = window.storage_state()
    window.close()
    return session


def take(browser: Browser, address: str, name: str, session: Any) -> None:
    """Take one picture, in a window of its own."""
    width, height = (390, 780) if name.startswith("phone") else (1440, 720)
    window = browser.new_context(
        base_url=address,
        storage_state=session,
        viewport={"width": width, "height": height},
        locale="en",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = window.new_page()
    PICTURES[name](page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    window.close()
    print(f"docs/guide/images/{name}.png")


# --- what each picture shows --------------------------------------------------------------------


def at(address: str) -> Callable[[Page], None]:
    """A picture of a page as it opens."""
    return lambda page: page.goto(address) and None


def person(page: Page) -> None:
    """Somebody with a long story."""
    page.goto("/people/?q=Vogl")
    page.get_by_role("link", name="Katharina Vogl").first.click()
    page.wait_for_selector("#record-head")


def importing(page: Page) -> None:
    """A sheet right after it was read: columns with their fields and reasons."""
    page.goto("/import/people/")
    sheet = {"name": "Kunden 2026.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.set_input_files("#import-file", [sheet])
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Import the file").wait_for()


def undo(page: Page) -> None:
    """A change, looked at before it is taken back."""
    page.goto("/")
    page.get_by_role("button", name="Done: ").first.click()
    page.wait_for_load_state("networkidle")
    page.goto("/history/")
    page.locator(".ev a[hx-target='#set']").first.click()
    page.locator("#undo-h").wait_for()


def palette(page: Page) -> None:
    """Search and commands over a list."""
    page.goto("/people/")
    page.keyboard.press("Control+k")
    page.keyboard.type("deal")
    page.locator("dialog[open] [role=option]").first.wait_for()


def keys(page: Page) -> None:
    """The overview of keys."""
    page.goto("/people/")
    page.keyboard.press("?")
    page.locator("#keys").wait_for()


def invoice(page: Page) -> None:
    """An invoice that is paid in part and overdue."""
    page.goto("/invoices/?state=partly_paid&sort=due")
    page.locator("tr[data-row] a").first.click()
    page.wait_for_selector("#record-head")


def conditions(page: Page) -> None:
    """A question of several parts, and how many companies answer it."""
    asked = "deals:(state:open amount>10000) -activities:(at:last_14_days)"
    page.goto(f"/companies/?where={quote(asked)}")
    page.get_by_role("link", name="More conditions", exact=True).click()
    page.locator("[data-tally] b").wait_for()


def views(page: Page) -> None:
    """A saved view in groups, with sums and colours, and a change that is not saved yet."""
    colours = [
        {"when": {"field": "amount", "op": "gt", "value": 75_000}, "tone": "good"},
        {"when": {"field": "close_date", "op": "in", "value": "this_month"}, "tone": "warn"},
    ]
    rules = quote(json.dumps(colours))
    page.goto(f"/deals/?columns=name,company,amount,close_date,owner&totals=amount&colours={rules}")
    page.get_by_role("link", name="Save this list as a view").click()
    page.locator("#view-name").fill("By stage")
    page.get_by_label("Everyone").check()
    page.locator("#dialog").get_by_role("button", name="Save view").click()
    page.wait_for_url(lambda url: "view=" in url)
    page.goto(f"{page.url}&group=stage")
    page.locator("tr[data-row]").nth(10).wait_for()


PICTURES: dict[str, Callable[[Page], object]] = {
    "today": at("/"),
    "import": importing,
    "conditions": conditions,
    "views": views,
    "people": at("/people/"),
    "person": person,
    "board": at("/deals/board/"),
    "tasks": at("/tasks/"),
    "invoice": invoice,
    "users": at("/setup/users/"),
    "role": at("/setup/roles/member/"),
    "keys": keys,
    "palette": palette,
    "phone-board": at("/deals/board/"),
    "phone-person": person,
    # Last, because it completes a task.
    "undo": undo,
}

if __name__ == "__main__":
    sys.exit(main())
