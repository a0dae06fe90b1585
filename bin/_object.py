"""Writes the stubs of a new object into a domain; called by `bin/object`.

What is written compiles, passes the gate and works: the new object has its pages at once. The
words in it are guesses to be replaced.
"""

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "rapport"
STUBS = Path(__file__).with_name("_stubs")
MODEL_IMPORTS = """\
from django.utils.translation import gettext_lazy as _
from rapport.records import kinds as k
from rapport.records.models import Record
"""
DECLARATION_IMPORTS = """\
from django.utils.translation import gettext_lazy as _
from rapport.records import kinds as k
from rapport.records.declare import Object, Section, declare
from rapport.$domain.models import $Class
"""


class CannotWrite(Exception):
    """The stubs can't be written; the message says why."""


def main() -> str | None:
    """Write all parts; returns a sentence if that is not possible."""
    parser = argparse.ArgumentParser(prog="bin/object", description=__doc__.split("\n")[0])
    parser.add_argument("domain", help="a folder of rapport/ above the engine, such as sales")
    parser.add_argument("name", help="the noun, singular, as in price_list")
    parser.add_argument("--plural", help="its plural, where adding an s is wrong")
    asked = parser.parse_args()
    try:
        words = words_for(asked.domain, asked.name, asked.plural)
        touched = write_all(words)
    except CannotWrite as reason:
        return str(reason)
    tidy(touched)
    migrations = make_migration(words["domain"], words["name"])
    tidy(migrations)
    touched += migrations
    for path in touched:
        print(path.relative_to(ROOT))
    print("\nNow put your own words into them, and run bin/check.")
    return None


def words_for(domain: str, name: str, plural: str | None) -> dict[str, str]:
    """Every form of the names that the stubs use. Raises CannotWrite."""
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name):
        raise CannotWrite(f"“{name}” is not a name; use small letters and _, such as price_list.")
    if domain not in domains_above_the_engine():
        choices = ", ".join(reversed(domains_above_the_engine()))
        raise CannotWrite(f"“{domain}” is no domain for objects. Choose one of {choices}.")
    label = name.replace("_", " ")
    many = (plural or pluralise(label)).replace("_", " ").replace("-", " ")
    article = "An" if label[0] in "aeiou" else "A"
    return {
        "domain": domain,
        "Domain": domain.capitalize(),
        "name": name,
        "plural": many.replace(" ", "-"),
        "Class": label.title().replace(" ", ""),
        "label": label,
        "labels": many,
        "Label": label.capitalize(),
        "Labels": many.capitalize(),
        "A_label": f"{article} {label}",
    }


def pluralise(label: str) -> str:
    """The plural as English mostly makes it."""
    if re.search(r"[^aeiou]y$", label):
        return label[:-1] + "ies"
    return label + ("es" if re.search(r"(s|x|z|ch|sh)$", label) else "s")


def domains_above_the_engine() -> list[str]:
    """Names of the layers that hold objects, from the bottom up."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = project["tool"]["importlinter"]["contracts"]
    rows = [re.findall(r"\w+", line) for line in contract["layers"]]
    above = rows[: rows.index(["records"])]
    return [name for row in reversed(above) for name in row if name not in ("project", "setup")]


def write_all(words: dict[str, str]) -> list[Path]:
    """Write every part but the migration. Raises CannotWrite if the object is there already."""
    folder = PACKAGE / words["domain"]
    test = folder / "tests" / f"test_{words['name']}.py"
    if test.exists() or re.search(rf"\bclass {words['Class']}\b", text_of(folder)):
        raise CannotWrite(f"rapport/{words['domain']} has a {words['Class']} already.")
    touched = [] if folder.exists() else found_domain(folder, words)
    touched += add_to_room(folder, "models", words, MODEL_IMPORTS, "model")
    touched += add_to_room(folder, "records", words, DECLARATION_IMPORTS, "declaration")
    write(folder / "migrations" / "__init__.py", "", keep=True)
    write(folder / "tests" / "__init__.py", "", keep=True)
    write(test, filled("test", words))
    readme = folder / "README.md"
    line = f"- **{words['Class']}**: {words['A_label'].lower()}.\n"
    write(readme, (readme.read_text() if readme.exists() else f"# {words['domain']}\n\n") + line)
    return [*touched, test, readme]


def text_of(folder: Path) -> str:
    """All Python of a domain."""
    return "\n".join(path.read_text() for path in folder.rglob("*.py"))


def found_domain(folder: Path, words: dict[str, str]) -> list[Path]:
    """Make the folder of a domain in which nothing lived so far, and install it."""
    settings = PACKAGE / "project" / "settings.py"
    order = domains_above_the_engine()
    above = [*order[order.index(words["domain"]) + 1 :], "setup"]
    text = settings.read_text()
    next_one = min(
        text.find(f'    "rapport.{name}",') for name in above if f'"rapport.{name}"' in text
    )
    entry = f'    "rapport.{words["domain"]}",\n'
    settings.write_text(text[:next_one] + entry + text[next_one:])
    write(folder / "__init__.py", f'"""{words["Labels"]}."""\n')
    write(folder / "apps.py", filled("apps", words))
    return [settings, folder / "__init__.py", folder / "apps.py"]


def add_to_room(
    folder: Path, room: str, words: dict[str, str], imports: str, stub: str
) -> list[Path]:
    """Add a class to a room: a file of its own where the room is a folder, else at the end."""
    imports = Template(imports).substitute(words)
    body = filled(stub, words)
    if (folder / room).is_dir():
        own, index = folder / room / f"{words['name']}.py", folder / room / "__init__.py"
        write(own, f'"""{words["Labels"]}."""\n\n{imports}\n\n{body}')
        export(index, f"rapport.{words['domain']}.{room}.{words['name']}", words["Class"])
        return [own, index]
    path = folder / f"{room}.py"
    text = path.read_text() if path.exists() else f'"""{words["Labels"]}."""\n'
    write(path, f"{with_imports(text, imports)}\n\n{body}")
    return [path]


def with_imports(text: str, imports: str) -> str:
    """Put imports before the first of the file; the formatter merges and sorts them."""
    first = re.search(r"^(?:from (?!__future__)|import )", text, re.M)
    place = first.start() if first else len(text)
    return text[:place] + imports + text[place:]


def export(index: Path, module: str, name: str) -> None:
    """Name a class in the room's `__init__`."""
    text = with_imports(index.read_text(), f"from {module} import {name}\n")
    index.write_text(re.sub(r"__all__ = \[\s*", f'\\g<0>"{name}", ', text))


def filled(stub: str, words: dict[str, str]) -> str:
    """A stub with the words put in."""
    return Template((STUBS / f"{stub}.txt").read_text()).substitute(words)


def write(path: Path, text: str, *, keep: bool = False) -> None:
    """Write a file and the folders it needs."""
    if keep and path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def tidy(touched: list[Path]) -> None:
    """Merge, sort and format what was put together."""
    files = [str(path) for path in touched if path.suffix == ".py"]
    ruff = [sys.executable, "-m", "ruff"]
    fix = ["check", "--quiet", "--fix", "--select", "I,F401,RUF022"]
    subprocess.run([*ruff, *fix, *files], cwd=ROOT, check=True)
    subprocess.run([*ruff, "format", "--quiet", *files], cwd=ROOT, check=True)


def make_migration(domain: str, name: str) -> list[Path]:
    """Write the domain's next migration; needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.project.settings")
    import django
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    django.setup()
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = detector.changes(loader.graph, {domain}, {domain}, name)
    writers = [MigrationWriter(migration) for migration in changes.get(domain, [])]
    for writer in writers:
        Path(writer.path).write_text(writer.as_string())
    return [Path(writer.path) for writer in writers]


if __name__ == "__main__":
    sys.exit(main())
