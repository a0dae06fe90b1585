"""The watch itself: each kind of fault is seen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import axe
from tests.browser.watch import Watch

POLICY = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'self'\">"


def _faults_of(browser: Browser, page: str, folder: Path) -> list[str]:
    (folder / "page.html").write_text(page)
    watch = Watch()
    window = browser.new_context()
    watch.follow(window)
    window.new_page().goto((folder / "page.html").as_uri(), wait_until="networkidle")
    window.close()
    return [one for one in watch.faults() if "host: file:" not in one]


rarer = pytest.mark.long


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("<script>console.error('lost')</script>", "console: lost"),
        pytest.param("<script>console.warn('odd')</script>", "console: odd", marks=rarer),
        pytest.param("<script>nothing()</script>", "script: nothing is not defined", marks=rarer),
        (f"{POLICY}<p style='color: red'>", "policy: style-src-attr"),
        ("<img src='http://elsewhere.example/a.png'>", "request to another host"),
    ],
)
def test_faults_are_seen(browser: Browser, tmp_path: Path, page: str, fault: str) -> None:
    assert any(fault in one for one in _faults_of(browser, page, tmp_path))


def test_a_quiet_page_has_no_faults(browser: Browser, tmp_path: Path) -> None:
    assert _faults_of(browser, "<p>Quiet</p>", tmp_path) == []


def test_expected_faults_are_left_out() -> None:
    watch = Watch()
    watch._faults.append("console: the server responded with a status of 422")
    watch.allow("422")
    assert watch.faults() == []


@pytest.mark.long
def test_axe_finds_pale_words_in_either_theme(browser: Browser) -> None:
    page = browser.new_page()
    colours = ("light-dark(#ddd, #fff)", "light-dark(#000, #333)")
    words = "".join(f"<p id='p{n}'>Pale</p>" for n in range(2))
    style = "".join(f"#p{n} {{ color: {one} }}" for n, one in enumerate(colours))
    page.set_content(
        "<html lang='en'><title>x</title><style>:root { color-scheme: light dark; "
        f"background: light-dark(#fff, #000) }} {style}</style><main><h1>x</h1>{words}</main>"
    )
    found = [one.split(": ")[:3] for one in axe.violations(page)]
    assert found == [["light", "color-contrast", "#p0"], ["dark", "color-contrast", "#p1"]]
    page.close()


def test_axe_finds_an_image_without_words(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang='en'><title>x</title><main><h1>x</h1><img src='data:,'></main>")
    assert any("image-alt" in one for one in axe.violations(page))
    page.close()
