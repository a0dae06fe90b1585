"""What a browser must not do while a test looks at pages."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
OWN_SCHEMES = {"about", "blob", "data"}
# Says how busy the machine is; that the page uses what it loads beforehand is a test of its own.
UNHURRIED = "was preloaded using link preload but not used within a few seconds"
# The browser tells the page, and only the page, what the policy stopped.
REPORT_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} stopped ${event.blockedURI} ${event.sample}`));
"""


class Watch:
    """Collects console errors and warnings, policy reports and requests to other hosts."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Expect a fault, such as the browser's own line about a refused request: `"422"`."""
        self._allowed.append(re.compile(pattern))

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of a browser window."""
        context.add_init_script(REPORT_POLICY)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def faults(self) -> list[str]:
        """What was seen and not expected."""
        return [one for one in self._faults if not any(p.search(one) for p in self._allowed)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and UNHURRIED not in message.text:
            address = message.location.get("url", "")
            self._faults.append(f"console: {message.text} ({address})")

    def _on_error(self, error: WebError) -> None:
        self._faults.append(f"script: {error.error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and address.hostname not in LOOPBACK:
            self._faults.append(f"request to another host: {request.url}")
