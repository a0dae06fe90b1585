"""Where each public record is tried, and that what `docs/operate/security.md` names is there.

A record that needs something we do not have yet says what; whoever builds that thing writes the
test and moves the record up.
"""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operate" / "security.md"

#: By the identifier in the name of a test.
NAMED = {
    "cve_2026_46624", "cve_2025_54788", "cve_2013_3213", "cve_2016_10754", "cve_2026_27023",
    "cve_2026_33975", "cve_2026_33534", "twenty_17973", "cve_2026_33740", "cve_2025_54786",
    "cve_2018_15640", "cve_2026_32754", "cve_2021_27911", "cve_2021_45071", "cve_2018_15635",
    "cve_2024_50335", "cve_2026_107393", "cve_2026_9558", "cve_2020_29396", "cve_2021_23166",
    "cve_2026_33656", "cve_2026_33733", "cve_2021_25960", "cve_2021_25961", "cve_2024_36406",
    "cve_2021_26947", "cve_2020_19363", "cve_2018_7196",
}  # fmt: skip
#: By a test that asks more than the record did.
WIDER = {
    "CVE-2026-41160": ("tests/test_access_matrix.py", "Undone"),
    "GHSA-2jrw-c95w-h43g": ("tests/test_access_matrix.py", "api-records"),
    "CVE-2026-29109": ("tests/house/test_safety.py", "test_data_never_becomes_code"),
    "CVE-2025-54785": ("tests/house/test_safety.py", "test_data_never_becomes_code"),
    "CVE-2021-44476": ("tests/house/test_safety.py", "test_data_never_becomes_code"),
    "CVE-2020-8801": (
        "rapport/records/tests/test_attachments.py",
        "test_the_type_is_told_from_the_content",
    ),
    "GHSA-6r9h-4h75-7q4x": (
        "tests/test_files_of_programs.py",
        "test_a_name_is_never_a_path",
    ),
    "CVE-2020-15301": (
        "rapport/records/tests/test_export_files.py",
        "test_no_cell_runs_as_a_formula_cve_2021_25960",
    ),
    "CVE-2026-9557": ("tests/house/test_safety.py", "test_only_gateways_talk_to_the_outside"),
    "GHSA-mgv8-w49f-822w": ("tests/house/test_safety.py", "test_only_gateways_talk_to_the_outside"),
}
#: What it takes before there is anything to try.
LATER = {
    "CVE-2024-36411": "mail that is read",
    "CVE-2018-1000154": "mail that is read",
    "twenty_17403": "webhooks",
    "CVE-2026-41141": "templates with merge fields",
    "CVE-2021-23203": "documents made for printing",
    "CVE-2018-15631": "mails with files from records",
}


@cache
def names_of_tests() -> str:
    files = [*ROOT.glob("rapport/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]
    lines = (line for file in files for line in file.read_text().splitlines())
    return "\n".join(line for line in lines if line.lstrip().startswith(("def test_", "async def")))


@pytest.mark.parametrize("record", sorted(NAMED))
def test_a_test_carries_the_record_in_its_name(record: str) -> None:
    assert re.search(rf"{record}(?!\d)", names_of_tests())


@pytest.mark.parametrize("record", WIDER)
def test_the_wider_test_is_there(record: str) -> None:
    path, word = WIDER[record]
    assert word in (ROOT / path).read_text()


@pytest.mark.parametrize("record", LATER)
def test_what_is_tried_is_not_called_open(record: str) -> None:
    assert record.lower().replace("-", "_") not in names_of_tests()


def test_the_page_names_tests_that_are_there_and_gives_each_number_one_status() -> None:
    text = PAGE.read_text()
    for path in re.findall(r"`((?:tests|rapport|docs)/[\w/.-]+)`", text):
        assert (ROOT / path).exists(), path
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([\w/ ]+) \| (.+) \|$", text, re.M)
    assert len(rows) == len({number for number, _status, _how in rows}) == 246
    assert {status for _number, status, _how in rows} == {"met", "partly", "not yet", "n/a"}
