"""What files are called and how long they may grow."""

import re

from tests.house.sources import CHECKOUT, PACKAGE, Source, python, sources, with_suffix

EMPTY_NAMES = re.compile(r"(^|[_-])(utils?|helpers?|common|misc|services)($|[_-])")
LONGEST = 350
README_LINES = range(15, 31)
COUNTED = (".py", ".js", ".css", ".html", ".sql")
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:work|farm|root|home/[a-z]\w*|tmp/bash_jobs)/")
LONGEST_JAVASCRIPT = 2500


def empty_names(source: Source) -> list[str]:
    """Parts of a path that say nothing about what lies there."""
    stems = [part.split(".")[0] for part in source.parts]
    return [f"{source.path}: {stem}" for stem in stems if EMPTY_NAMES.search(stem)]


def test_no_room_is_called_after_nothing() -> None:
    assert [fault for one in sources() if not one.is_foreign for fault in empty_names(one)] == []


def test_empty_names_are_found() -> None:
    assert empty_names(Source("rapport/sales/utils/dates.py", ""))
    assert empty_names(Source("rapport/sales/form_helpers.py", ""))
    assert not empty_names(Source("rapport/service/tickets.py", ""))


def too_long(source: Source) -> bool:
    """Whether a newcomer would have to scroll too far."""
    return not source.is_generated and source.text.count("\n") > LONGEST


def test_files_stay_short() -> None:
    counted = with_suffix(*COUNTED)
    assert [f"{one.path}: {one.text.count('\n')}" for one in counted if too_long(one)] == []


def test_long_files_are_found() -> None:
    assert too_long(Source("rapport/sales/models.py", "\n" * (LONGEST + 1)))
    assert not too_long(Source("rapport/sales/migrations/0001_initial.py", "\n" * 999))


def machine_paths(source: Source) -> list[str]:
    """Lines that carry a path of the machine they were written on."""
    lines = enumerate(source.text.splitlines(), 1)
    return [f"{source.path}:{number}" for number, line in lines if MACHINE_PATH.search(line)]


def test_no_path_of_a_machine_is_in_the_tree() -> None:
    assert [fault for one in sources() if not one.is_foreign for fault in machine_paths(one)] == []


def test_machine_paths_are_found() -> None:
    for folder in ("work", "root", "home/ann"):
        assert machine_paths(Source("bin/x", f"cd /{folder}/project"))
    assert not machine_paths(Source("bin/x", "https://example.org/work/ $HOME/work/"))


def is_readable_paper(text: str) -> bool:
    """Whether a domain's README has the length that gets read."""
    return text.count("\n") in README_LINES


def test_each_domain_has_its_paper() -> None:
    rooms: dict[str, set[str]] = {}
    for one in python():
        if one.layer:
            rooms.setdefault(one.layer, set()).add(one.parts[2])
    papers = {layer: PACKAGE / layer / "README.md" for layer in rooms}
    lived_in = [layer for layer in papers if rooms[layer] - {"__init__.py", "apps.py"}]
    missing = [layer for layer in lived_in if not papers[layer].exists()]
    assert missing == [], "needs a README.md"
    wrong = [layer for layer in lived_in if not is_readable_paper(papers[layer].read_text())]
    assert wrong == [], "README.md has 15 to 30 lines"


def test_papers_of_a_wrong_length_are_found() -> None:
    assert not is_readable_paper("# Sales\n")
    assert not is_readable_paper("word\n" * 31)
    assert is_readable_paper("word\n" * 20)


def is_too_much(scripts: list[Source]) -> bool:
    """Whether our own JavaScript, all files together, has outgrown what one can know."""
    return sum(one.text.count("\n") for one in scripts) >= LONGEST_JAVASCRIPT


def test_our_javascript_stays_small() -> None:
    ours = [one for one in with_suffix(".js") if one.layer and not one.is_test]
    is_small = not is_too_much(ours)
    assert is_small, f"{len(ours)} files of JavaScript have {LONGEST_JAVASCRIPT} lines or more"


def test_too_much_javascript_is_found() -> None:
    assert is_too_much([Source("rapport/ui/static/a.js", "\n" * (LONGEST_JAVASCRIPT // 2))] * 2)


def test_the_tree_is_read_at_all() -> None:
    assert len(python(tests=True)) > 50
    assert (CHECKOUT / "conftest.py").exists()
