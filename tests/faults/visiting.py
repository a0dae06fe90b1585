"""A person with a browser: signed in, with one page that follows what others do."""

from __future__ import annotations

import re
import time
from collections import Counter
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

TOKEN = re.compile(r'csrfmiddlewaretoken" value="([^"]+)')


class Visitor:
    """Asks for pages, and listens to the stream until told to stop."""

    def __init__(self, base: str, email: str, password: str) -> None:
        self.base = base
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.is_over = Event()
        self.answers: Counter[int] = Counter()
        self.refusals: set[str] = set()
        self.heard: list[str] = []
        self.threads = [Thread(target=self._look), Thread(target=self._listen)]
        found = TOKEN.search(self.browser.open(f"{base}/login/", timeout=30).read().decode())
        assert found
        facts = {"csrfmiddlewaretoken": found[1], "email": email, "password": password}
        page = f"{base}/login/"
        self.browser.addheaders = [("Referer", page)]
        assert self.browser.open(page, urlencode(facts).encode(), timeout=30).geturl() != page

    def begin(self) -> None:
        """Look and listen."""
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Go away."""
        self.is_over.set()
        for thread in self.threads:
            thread.join(60)

    def _look(self) -> None:
        while not self.is_over.wait(0.2):
            try:
                with self.browser.open(f"{self.base}/people/", timeout=30) as answer:
                    self.answers[answer.status] += 1
            except HTTPError as refused:
                self.answers[refused.code] += 1
                self.refusals.add(refused.read().decode())
            except (OSError, HTTPException):
                self.answers[0] += 1

    def _listen(self) -> None:
        while not self.is_over.is_set():
            with (
                suppress(OSError, HTTPException),
                self.browser.open(f"{self.base}/live/", timeout=20) as stream,
            ):
                while (line := stream.readline()) and not self.is_over.is_set():
                    self.heard.append(line.decode())
            time.sleep(0.5)
