"""What is kept of a page is never another reader's; what is filled in late is this request's."""

from typing import Any

from django.template import Context, Engine
from django.utils.translation import override

PART = "{% load i18n %}{% translate 'Close' %} {{ name }} {{ here }} {% csrf_token %}"
ENGINE = Engine(
    loaders=[("django.template.loaders.locmem.Loader", {"part.html": PART})],
    libraries={"ui": "rapport.ui.templatetags.ui", "i18n": "django.templatetags.i18n"},
)
PAGE = ENGINE.from_string('{% load ui %}{% kept "part.html" key here=here %}')


def shown(**values: Any) -> str:
    return str(PAGE.render(Context({"here": "/", "csrf_token": "t0", **values})))


def test_a_part_is_kept_under_its_key_and_language() -> None:
    with override("en"):
        assert "Ada" in shown(key="kept", name="Ada")
        assert "Ada" in shown(key="kept", name="Bo")
        assert "Bo" in shown(key="another", name="Bo")
    with override("es"):
        assert "Cerrar" in shown(key="kept", name="Bo")
    with override("en"):
        assert "Close" in shown(key="kept", name="Bo")


def test_without_a_key_nothing_is_kept() -> None:
    assert "Ada" in shown(name="Ada")
    assert "Bo" in shown(name="Bo")


def test_late_values_are_filled_in_each_time_and_escaped() -> None:
    first, second = (shown(key="late", here=f"/?<{n}>", csrf_token=f"t{n}") for n in (1, 2))
    assert "/?&lt;1&gt;" in first
    assert 'value="t1"' in first
    assert "/?&lt;2&gt;" in second
    assert 'value="t2"' in second
