"""A form of a page as a browser without script would send it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Gathers the names and values of one form."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.sent: dict[str, list[str]] = {}
        self.is_inside = False
        self.select = ""
        self.options: list[tuple[str, bool]] = []
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("id") == self.form_id
        if not self.is_inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            is_box = given.get("type") == "checkbox"
            if not is_box or "checked" in given:
                self.add(name, given.get("value", ""))
        if tag == "select":
            self.select, self.options = name, []
        if tag == "option" and self.select:
            self.options.append((given.get("value", ""), "selected" in given))
        if tag == "textarea":
            self.area = name
            self.add(name, "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        if tag == "select" and self.select:
            chosen = [value for value, is_chosen in self.options if is_chosen]
            self.add(self.select, (chosen or [value for value, _is in self.options[:1]])[0])
            self.select = ""
        if tag == "form":
            self.is_inside = False

    def add(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)


def form_of(page: str, form_id: str) -> dict[str, list[str]]:
    """What the form with this id sends as it stands."""
    form = _Form(form_id)
    form.feed(page)
    assert form.sent, page[:2000]
    return form.sent
