"""The system's Chromium under Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

#: Milliseconds: how long a page may need on a busy machine until it shows what a test waits for.
PATIENCE = 30_000
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    # A page is gone before what compiles its scripts at leisure has paid.
    "--js-flags=--no-turbofan,--no-maglev",
    "--num-raster-threads=1",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a Chromium that reaches nobody but this machine; skips the test where there is none."""
    found = program()
    if found is None:
        pytest.skip("Chromium is not installed; bin/test says how to get it")
    # Chromium's sandbox refuses root; this one only ever sees our own pages.
    extra = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *extra])
        yield browser
        browser.close()


def program() -> str | None:
    """Where the system's Chromium is, if it has one."""
    names = filter(None, (os.environ.get("RAPPORT_CHROMIUM"), *PROGRAMS))
    return next(filter(None, map(shutil.which, names)), None)
