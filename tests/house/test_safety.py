"""Doors that stay shut: code from data, mark-up from text, clients past the gateways."""

import ast
from collections.abc import Callable, Iterator

from tests.house.sources import Source, python

HTML = "rapport/ui/html.py"
# Who may talk to the outside, and why.
GATEWAYS = {
    "rapport/project/ports.py": "takes the port that pages are served on",
    "rapport/project/supervisor/options.py": "asks this machine for its own names",
    "rapport/project/supervisor/readiness.py": "asks our own web process whether it answers",
    "bench/live.py": "keeps live streams open, on this machine only",
    "bench/webhooks.py": "posts to a receiver, on this machine only",
    "bench/colleagues.py": "people at work, on this machine only",
    "bench/machines.py": "asks machines on loopback addresses",
    "bench/several.py": "asks machines on loopback addresses whether they are ready",
    "bench/users.py": "gives jobs to an instance on this machine",
    "bench/client.py": "asks servers for their pages, on this machine only",
    "rapport/accounts/outgoing.py": "mail of the house: invitations, resets, notices",
    "rapport/accounts/outbound/reach.py": "connects to the very address that was checked",
    "rapport/accounts/outbound/web.py": "asks servers whose address somebody typed",
}
CLIENTS = {
    "aiohttp", "aiosmtplib", "asyncio.open_connection", "caldav", "django.core.mail", "ftplib",
    "http.client", "httplib2", "httpx", "imap_tools", "imaplib", "niquests", "poplib", "pycurl",
    "requests", "smtplib", "socket", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets",
    "xmlrpc",
}  # fmt: skip
RUNNING_DATA = {
    "cloudpickle", "dill", "jsonpickle", "marshal", "pickle", "shelve", "eval", "exec",
    "yaml.load", "yaml.unsafe_load",
}  # fmt: skip
SQL_CALLS = {"execute", "executemany", "copy", "SQL"}
RAW_CALLS = {"raw", "extra", "RawSQL"}
BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

type Rule = Callable[[Source], Iterator[ast.AST]]


def faults(rule: Rule, source: Source) -> list[str]:
    """Places in a file that break a rule."""
    return [f"{source.path}:{getattr(node, 'lineno', 0)}" for node in rule(source)]


def in_house(rule: Rule) -> list[str]:
    """Places in the whole product that break a rule."""
    return [fault for source in python() for fault in faults(rule, source)]


def in_text(rule: Rule, text: str, path: str = "rapport/sales/views.py") -> int:
    """How often a sample breaks a rule."""
    return len(faults(rule, Source(path, text)))


def imports_and_calls(source: Source) -> Iterator[tuple[str, ast.AST]]:
    """Dotted names that are imported or called."""
    for plain in source.all(ast.Import):
        yield from ((alias.name, plain) for alias in plain.names)
    for node in source.all(ast.ImportFrom):
        if not node.level:
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)
    yield from source.calls


def runs_data(source: Source) -> Iterator[ast.AST]:
    """Turning data into code or objects."""
    return _named(source, RUNNING_DATA)


def other_clients(source: Source) -> Iterator[ast.AST]:
    """Talking to the outside from anywhere but a gateway."""
    if source.path in GATEWAYS:
        return iter(())
    return _named(source, CLIENTS)


def _named(source: Source, names: set[str]) -> Iterator[ast.AST]:
    for name, node in imports_and_calls(source):
        parts = name.split(".")
        if any(".".join(parts[:length]) in names for length in range(1, len(parts) + 1)):
            yield node


def trusts_text(source: Source) -> Iterator[ast.AST]:
    """Calling text safe mark-up without escaping it."""
    if source.path == HTML:
        return
    yield from (one for one in source.all(ast.FunctionDef) if one.name == "__html__")
    yield from (one for one in source.all(ast.alias) if one.name == "mark_safe")
    yield from (call for name, call in source.calls if _calls_safe(name, call))


def _calls_safe(dotted_name: str, call: ast.Call) -> bool:
    name = dotted_name.split(".")[-1]
    if name == "SafeString":
        return not all(map(_is_fixed, call.args))
    # They escape their arguments, never what they are told to fill.
    fills = name in ("format_html", "Markup", "joined")
    built = fills and bool(call.args) and _is_built(call.args[0])
    return name == "mark_safe" or built


def _is_fixed(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_fixed(node.body) and _is_fixed(node.orelse)
    return isinstance(node, ast.Constant)


def _is_built(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod) or _is_built(node.left) or _is_built(node.right)
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format")):
            return True
    return False


def builds_sql(source: Source) -> Iterator[ast.AST]:
    """SQL put together from text instead of parameters and `psycopg.sql`."""
    named = {id(call): name.split(".")[-1] for name, call in source.calls}
    if not {*SQL_CALLS, *RAW_CALLS} & {*named.values()}:
        return
    for scope in _scopes(source):
        within = list(ast.walk(scope))
        built = {
            target.id
            for node in within
            if isinstance(node, ast.Assign) and _is_built(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in within:
            if isinstance(node, ast.Call) and _runs_built(named[id(node)], node, built):
                yield node


def _scopes(source: Source) -> list[ast.AST]:
    outside = [one for one in source.tree.body if not isinstance(one, BLOCKS)]
    scopes = [*source.all(ast.FunctionDef), *source.all(ast.AsyncFunctionDef)]
    return [*scopes, ast.Module(outside, [])]


def _runs_built(name: str, call: ast.Call, built: set[str]) -> bool:
    if name in RAW_CALLS:
        return isinstance(call.func, ast.Attribute) or name == "RawSQL"
    return name in SQL_CALLS and bool(call.args) and _is_text_from(call.args[0], built)


def _is_text_from(node: ast.expr, built: set[str]) -> bool:
    return _is_built(node) or (isinstance(node, ast.Name) and node.id in built)


def test_data_never_becomes_code() -> None:
    assert in_house(runs_data) == []


def test_data_that_becomes_code_is_found() -> None:
    sample = "import pickle\nfrom yaml import load\nimport yaml\nyaml.load(a)\neval(b)\nexec(c)\n"
    assert in_text(runs_data, sample) == 5
    assert in_text(runs_data, "evaluate(b)\nre.compile(c)\nyaml.safe_load(d)\n") == 0


def test_only_gateways_talk_to_the_outside() -> None:
    assert in_house(other_clients) == []


def test_every_gateway_is_there() -> None:
    assert set(GATEWAYS) <= {source.path for source in python()}


def test_clients_past_the_gateways_are_found() -> None:
    sample = (
        "import requests\nfrom django.core import mail\nimport smtplib\nimport http.client\n"
        "from urllib.request import urlopen\nfrom urllib.parse import urlsplit\n"
    )
    assert in_text(other_clients, sample) == 5
    assert in_text(other_clients, "import smtplib", "rapport/accounts/outgoing.py") == 0


def test_text_is_never_trusted_as_mark_up() -> None:
    assert in_house(trusts_text) == []


def test_trusted_text_is_found() -> None:
    sample = (
        "from django.utils.safestring import SafeString, mark_safe\n"
        "mark_safe(text)\nSafeString(text)\nSafeString(' on' if on else '')\n"
        "format_html(f'<b>{name}</b>')\nMarkup(f'<b>{name}</b>')\n"
        "format_html('<b>{}</b>', name)\ndef __html__(self): ...\n"
    )
    assert in_text(trusts_text, sample) == 6
    assert in_text(trusts_text, "SafeString(text)", HTML) == 0


def test_no_sql_is_built_from_text() -> None:
    assert in_house(builds_sql) == []


def test_sql_built_from_text_is_found() -> None:
    sample = (
        "def ask(cursor, name):\n"
        "    cursor.execute(f'SELECT {name}')\n"
        "    cursor.execute('SELECT %s' % name)\n"
        "    cursor.execute('SELECT ' + f'{name}')\n"
        "    text = 'SELECT {}'.format(name)\n"
        "    cursor.execute(text)\n"
        "    sql.SQL(f'SELECT {name}')\n"
        "    People.objects.raw('SELECT 1')\n"
        "    cursor.execute('SELECT %s', [name])\n"
        "    cursor.execute(sql.SQL('SELECT {}').format(sql.Identifier(name)))\n"
    )
    assert in_text(builds_sql, sample) == 6
