"""What a file of people or firms tells about its duplicates."""

import csv
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from rapport.records.duplicates.matching import libraries
from rapport.records.duplicates.matching.evidence import in_english
from rapport.records.duplicates.matching.files import NothingToCompare, pairs_in
from rapport.records.duplicates.matching.finding import Pair

CHECKOUT = Path(__file__).parents[4]
PEOPLE = (
    ("First name", "Last name", "Email", "Phone", "Street", "Postal code", "City"),
    ("Иван", "Петров", "", "+7 495 123 45 67", "Lenina 5", "101000", "Moskva"),
    ("Marta", "Ruiz", "marta@ruiz.es", "+34 600 111 222", "Calle Mayor 3", "28001", "Madrid"),
    ("Pedro", "Ruiz", "pedro@ruiz.es", "+34 600 333 444", "Calle Mayor 3", "28001", "Madrid"),
    ("Petrov", "Ivan", "", "8 (495) 123-45-67", "", "", "Moskva"),
    ("Marta", "Ruíz", "marta@ruiz.es", "600111222", "", "", ""),
    ("Hans", "Groß", "", "", "Hauptstraße 9", "10115", "Berlin"),
    ("Hans", "Gross", "", "", "Hauptstr. 9", "10115", "Berlin"),
    ("Zoe", "Lind", "zoe@lind.se", "", "Torget 1", "11120", "Stockholm"),
)
FIRMS = (
    ("Name", "Website", "City"),
    ("Acme GmbH", "https://www.acme.de/start", "Berlin"),
    ("Bolt Ltd", "bolt.io", "London"),
    ("ACME", "acme.de", "Berlin"),
    ("Crane Inc", "crane.com", "Boston"),
)


def found_in(folder: Path, rows: Sequence[Sequence[str]]) -> list[Pair]:
    file = folder / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return list(pairs_in(file))


def test_people_are_found_across_scripts_swaps_and_accents_but_relatives_are_not(
    tmp_path: Path,
) -> None:
    pairs = found_in(tmp_path, PEOPLE)
    assert [(one.left, one.right) for one in pairs] == [(1, 4), (2, 5), (6, 7)]
    assert all(0.5 <= one.probability <= 1 for one in pairs)
    assert in_english(pairs[0].evidence).startswith("swapped name, same phone")
    assert in_english(pairs[1].evidence) == "same name, same email, same phone"


def test_firms_are_found_by_name_without_its_legal_form_and_by_web_domain(tmp_path: Path) -> None:
    (pair,) = found_in(tmp_path, FIRMS)
    assert (pair.left, pair.right) == (1, 3)
    assert "same company" in in_english(pair.evidence)


def test_a_file_that_names_nobody_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NothingToCompare, match="Colour"):
        found_in(tmp_path, (("Colour", "Weight"), ("red", "12"), ("blue", "13")))


def test_one_row_and_no_partners_give_no_pairs(tmp_path: Path) -> None:
    assert found_in(tmp_path, PEOPLE[:2]) == []


@pytest.mark.parametrize(
    "hidden",
    [pytest.param((), marks=pytest.mark.long), ("date_of_birth", "soc_sec_id")],
)
def test_labelled_people_are_told_apart(tmp_path: Path, hidden: tuple[str, ...]) -> None:
    with (CHECKOUT / "bench" / "labelled" / "febrl_dataset1.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = [name for name in rows[0] if name not in ("rec_id", *hidden)]
    pairs = found_in(tmp_path, [columns, *([row[name] for name in columns] for row in rows)])
    found = {(one.left, one.right) for one in pairs}
    people: dict[str, list[int]] = {}
    for number, row in enumerate(rows, 1):
        people.setdefault(row["rec_id"].split("-")[1], []).append(number)
    truth = {(both[0], both[1]) for both in people.values() if len(both) == 2}
    right = len(found & truth)
    f1 = 2 * right / (len(found) + len(truth))
    assert f1 >= (0.97 if hidden else 0.995)


def test_without_its_libraries_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "NEEDED", ("no_such_library",))
    with pytest.raises(libraries.LibrariesMissing, match="bin/extras analytics"):
        libraries.check()


def test_the_core_stands_without_the_extra() -> None:
    blocked = "; ".join(f"sys.modules[{name!r}] = None" for name in libraries.NEEDED)
    program = (
        f"import sys; {blocked}; from django.conf import settings; settings.configure(); "
        "import rapport.records.imports.reading, rapport.records.duplicates.matching.files"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=CHECKOUT)


@pytest.mark.long
def test_the_command_writes_pairs_and_leaves_heavy_libraries_out_of_the_web(tmp_path: Path) -> None:
    file, out = tmp_path / "people.csv", tmp_path / "pairs.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(PEOPLE)
    command = [sys.executable, "-P", "-m", "rapport.project.command"]
    subprocess.run(
        [*command, "duplicates", str(file), "--out", str(out)],
        check=True, cwd=CHECKOUT, env={"PYTHONPATH": str(CHECKOUT)}, capture_output=True,
    )  # fmt: skip
    with out.open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["left", "right", "probability", "evidence"]
    assert [row[:2] for row in rows[1:]] == [["1", "4"], ["2", "5"], ["6", "7"]]


@pytest.mark.long
def test_spark_finds_the_same_pairs_by_the_same_definitions(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: uv pip install pyspark")
    file, out = tmp_path / "people.csv", tmp_path / "pairs.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(PEOPLE)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "RAPPORT_MATCHING_ENGINE": "spark"}
    command = [sys.executable, "-P", "-m", "rapport.project.command"]
    subprocess.run(
        [*command, "duplicates", str(file), "--out", str(out)],
        check=True, cwd=CHECKOUT, env=environment, capture_output=True,
    )  # fmt: skip
    with out.open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert [row[:2] for row in rows[1:]] == [["1", "4"], ["2", "5"], ["6", "7"]]
