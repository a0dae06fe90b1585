"""One's own account and the administration screens, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.actions import create_team, create_token
from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.project.backups import shelf
from rapport.project.backups.work import this_instance
from tests.browser.axe import Theme, each_theme
from tests.browser.conftest import SIZES, OpenPage
from tests.browser.tasks import fits, has_whole_heading, undo

type Check = Callable[..., None]

PAGES = [
    "/account/",
    "/start/",
    "/setup/",
    "/setup/users/",
    "/setup/users/{member}/",
    "/setup/teams/",
    "/setup/teams/{team}/",
    "/setup/teams/{team}/delete/",
    "/setup/roles/member/",
    "/setup/roles/member/deal/",
    "/setup/workspace/",
    "/setup/mail/",
    "/setup/indexes/",
    "/setup/backups/",
    "/setup/health/",
    "/setup/health/statements/",
    "/setup/backups/{backup}/",
    "/setup/api/",
    "/setup/api/people/",
    "/setup/tokens/",
    "/setup/tokens/new/",
    "/setup/security/",
]


@pytest.mark.parametrize(
    ("this", "other", "has_every_page"),
    [
        (1440, 390, False),
        *(pytest.param(*one, True, marks=pytest.mark.long) for one in ((1440, 390), (390, 1440))),
    ],
)
@each_theme
def test_settings_are_accessible(
    page: Page, owner: User, axe: Check, this: int, other: int, theme: Theme, has_every_page: bool
) -> None:
    page.set_viewport_size({"width": this, "height": SIZES[this]})
    member = make_user("Luis Vega", "member")
    team = create_team("North", [owner.pk, member.pk])
    create_token(owner, "Sheet")
    backup = shelf.new_path(this_instance(), is_sealed=False)
    backup.write_bytes(b"everything")
    shelf.note_tested(backup, is_good=False, said="It could not be restored.")
    every = [one.format(member=member.pk, team=team.pk, backup=backup.name) for one in PAGES]
    for address in every if has_every_page else every[::4]:
        page.goto(address)
        axe(page, theme)
        for width in (other, this):
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            assert fits(page), f"{address} at {width}"
            assert has_whole_heading(page), f"{address} at {width}"


@pytest.mark.long
def test_the_bars_follow_a_scope_and_a_change_is_marked(page: Page) -> None:
    page.goto("/setup/roles/member/")
    choice = page.get_by_label("View: Everything else")
    bars = choice.locator("..").locator("rect")
    full = bars.nth(3).evaluate("bar => getComputedStyle(bar).fill")
    expect(choice).to_have_css("box-shadow", "none")
    choice.select_option("own")
    expect(bars.nth(0)).to_have_css("fill", full)
    expect(bars.nth(1)).not_to_have_css("fill", full)
    expect(choice).not_to_have_css("box-shadow", "none")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("View: Everything else")).to_have_value("own")


def test_a_newcomers_time_zone_is_the_browsers(open_page: OpenPage, live_server: object) -> None:
    window = open_page(timezone_id="Asia/Tokyo")
    window.goto("/welcome/")
    expect(window.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


@pytest.mark.long
def test_a_deactivated_colleague_comes_back_from_the_toast(page: Page) -> None:
    member = make_user("Luis Vega", "member")
    page.goto(f"/setup/users/{member.pk}/")
    page.get_by_role("button", name="Deactivate").click()
    undo(page)
    expect(page.get_by_role("button", name="Deactivate")).to_be_visible()
    member.refresh_from_db()
    assert member.is_active
