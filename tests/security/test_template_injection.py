"""Texts of people that a template or an expression language would run.

Nothing that people write is a template today: formulas are a typed grammar without attributes or
calls of their own (`rapport/records/tests/test_expressions.py`). `data becomes code` is
`tests/house/test_safety.py`.
"""

from itertools import product

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import create, read
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db

PROBES = [
    "{{7919*7919}}",
    "{% debug %}",
    "{% load log %}{% get_admin_log 10 as x %}",
    "${7919*7919}",
    "#{7919*7919}",
    "<%= 7919*7919 %>",
    "{{settings.SECRET_KEY}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "%(settings)s {0.__class__} {settings}",
    "{{request.user.password}}",
]
RESULT = str(7919 * 7919)
ESCAPES = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0]",
    "last_name.__class__",
    "owner.password",
    "eval('1')",
    "lambda: 1",
    "[x for x in (1,)]",
    "f'{7919*7919}'",
    "pg_sleep(9)",
    "current_setting('x')",
    "last_name; 1",
    "getattr(last_name, 'x')",
    "format('{0.__class__}', last_name)",
    "(select password from accounts_user)",
]


def test_cve_2026_9558_what_people_write_is_shown_as_written() -> None:
    browser = signed_in(make_user())
    for number, probe in enumerate(PROBES):
        key = create("person", last_name=probe, first_name=f"Nr {number}")
        assert read("person", key, "last_name") == probe
        assert RESULT not in browser.get(f"/people/{key}/").content.decode()
    for address in ("/people/", "/search/?q=7919", "/history/", "/"):
        assert RESULT not in browser.get(address).content.decode()


@pytest.mark.parametrize("text", ESCAPES)
def test_cve_2020_29396_a_formula_reaches_nothing_but_fields_and_functions(text: str) -> None:
    browser = signed_in(make_user())
    answer = browser.post("/setup/fields/person/formula/", {"formula": text, "expression": text})
    assert answer.status_code in (200, 404, 405, 422)
    assert b"argon2" not in answer.content
    assert RESULT.encode() not in answer.content


@pytest.mark.long
def test_cve_2021_23166_a_thousand_conditions_run_nothing() -> None:
    owner = program()
    opening = ("{{", "${", "#{", "<%=", "{%", "@(", "*{", "~{", "[[", "__")
    inner = (
        "7919*7919", "config", "self.__init__", "request", "''.__class__", "settings", "1/0",
        "range(9)", "lipsum", "cycler.__init__.__globals__", "system('id')", "exec('1')",
    )  # fmt: skip
    around = ("{}", "name:{}", "({})", "'{}'", '"{}"', "last_name={}", "-{}", "{}:1", "deals:({})")
    for start, middle, frame in product(opening, inner, around):
        text = frame.replace("{}", start + middle + "}}")
        answer = owner.get("/people", {"q": text})
        assert answer.status_code in (200, 422), text
        assert RESULT.encode() not in answer.content, text
