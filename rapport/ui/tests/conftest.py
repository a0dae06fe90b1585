"""A browser and the showcase site, shared by this folder's tests."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import setting_changed
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test import override_settings
from django.test.testcases import QuietWSGIRequestHandler
from django.urls import clear_url_caches
from playwright.sync_api import Browser, BrowserContext, Page

from rapport.ui.tests import showcase
from tests.browser.chromium import chromium
from tests.browser.slowness import slow_answers

PROCESSORS = [
    "django.template.context_processors.csp",
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "rapport.ui.tests.showcase.shell",
]
SITE: dict[str, Any] = {
    "ROOT_URLCONF": "rapport.ui.tests.showcase",
    "ALLOWED_HOSTS": ["*"],
    "DEBUG": False,
    "MIDDLEWARE": [
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": PROCESSORS},
        }
    ],
}


# Not for the whole run: its event loop would be in the way of tests that start one themselves.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    """Serve the showcase under the product's own policy; yields its address."""
    showcase.memory.__init__()  # type: ignore[misc]
    with override_settings(**SITE):
        clear_url_caches()
        _renew_templates()
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
        server.set_app(StaticFilesHandler(WSGIHandler()))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with slow_answers(request.node.nodeid):
            yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()
    clear_url_caches()


def _renew_templates() -> None:
    """Have the templates found that the settings name now.

    A request of the test before that was still at work may have kept the engine it began with.
    """
    try:
        get_template("showcase/people.html")
    except TemplateDoesNotExist:
        setting_changed.send(
            sender=override_settings, setting="TEMPLATES", value=SITE["TEMPLATES"], enter=True
        )


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=site, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    yield opened
    opened.close()


@pytest.fixture
def faults() -> list[str]:
    """Script errors and policy reports of the page so far."""
    return []


@pytest.fixture
def page(context: BrowserContext, faults: list[str]) -> Iterator[Page]:
    """A page that fails its test on any script error or policy report."""
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console",
        lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield opened
    assert faults == []
