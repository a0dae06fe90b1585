"""What the documents promise is there, and what is there is documented."""

import re
import tomllib
from collections.abc import Iterable
from typing import Any, cast

from tests.house.sources import CHECKOUT, project, sources, with_suffix

SETTING = re.compile(r"\bRAPPORT_[A-Z]+(?:_[A-Z]+)*\b")
PINNED = re.compile(r"^([a-z0-9][\w.-]*)==\S+")
LOCKS = tuple(f"requirements/{name}.lock" for name in ("core", "dev", "analytics", "tracing"))


def declared(project: dict[str, Any]) -> set[str]:
    """Names of the dependencies that `pyproject.toml` asks for."""
    groups = [
        project["project"]["dependencies"],
        *project["project"].get("optional-dependencies", {}).values(),
        *project.get("dependency-groups", {}).values(),
    ]
    asked = [one for group in groups for one in group]
    return {re.split(r"[\[~=<>;! ]", one)[0].lower() for one in asked}


def explained(paper: str) -> set[str]:
    """Names of the dependencies that have their line in the paper."""
    return set(re.findall(r"^- \*\*([\w.-]+)\*\* \(.+\): .{20,}", paper, re.M))


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    paper = (CHECKOUT / "docs" / "dependencies.md").read_text()
    assert explained(paper) == declared(cast("dict[str, Any]", project()))


def test_unexplained_dependencies_are_found() -> None:
    sample = tomllib.loads('[project]\ndependencies = ["a[b]~=1", "c"]')
    assert declared(sample) == {"a", "c"}
    assert explained("- **a** (MIT): does it well and stays small\n- **c**: no licence") == {"a"}


def lock_faults(text: str) -> list[str]:
    """Requirements without a hash, and lines that name a server to fetch from."""
    faults = [line for line in text.splitlines() if "://" in line or line.startswith(("-i", "--"))]
    for block in re.split(r"\n(?=\S)", text.strip()):
        name = PINNED.match(block)
        if name is None or "--hash=sha256:" not in block:
            faults.append(block.splitlines()[0])
    return faults


def test_locks_carry_hashes_and_no_addresses() -> None:
    for lock in LOCKS:
        assert lock_faults((CHECKOUT / lock).read_text()) == []


def test_weak_locks_are_found() -> None:
    assert lock_faults("a==1 \\\n    --hash=sha256:ab\n") == []
    assert lock_faults("a==1\n")
    assert lock_faults("a>=1 \\\n    --hash=sha256:ab\n")
    assert lock_faults("--index-url https://example.org\na==1 \\\n    --hash=sha256:ab\n")
    assert lock_faults("a @ https://example.org/a.whl \\\n    --hash=sha256:ab\n")


def test_locks_hold_what_is_declared() -> None:
    names = declared(cast("dict[str, Any]", project()))
    assert names <= set(re.findall(r"^([\w.-]+)==", (CHECKOUT / LOCKS[1]).read_text(), re.M))


def unmentioned(words: Iterable[str], papers: str) -> list[str]:
    """Words that no document speaks of."""
    return sorted(word for word in words if not re.search(rf"(?<!\w){re.escape(word)}\b", papers))


def _papers() -> str:
    return "\n".join(one.text for one in with_suffix(".md"))


def test_every_command_is_documented() -> None:
    commands = [
        f"bin/{path.name}" for path in (CHECKOUT / "bin").iterdir() if path.name[0].isalpha()
    ]
    assert unmentioned(commands, _papers()) == []


def test_every_setting_is_documented() -> None:
    code = [one for one in sources() if one.path.startswith(("rapport/", "bin/"))]
    code = [one for one in code if not one.is_test and not one.path.endswith(".md")]
    settings = {name for one in code for name in SETTING.findall(one.text)}
    assert unmentioned(settings, _papers()) == []


def test_undocumented_words_are_found() -> None:
    assert unmentioned(["bin/run", "bin/lift"], "Start it with `bin/run`.") == ["bin/lift"]
    assert unmentioned(["RAPPORT_PORT"], "RAPPORT_PORTS") == ["RAPPORT_PORT"]
