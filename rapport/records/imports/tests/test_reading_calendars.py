"""Calendar files as rows: every time right, whatever program wrote them; faults told by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.records.imports.reading import Unreadable, open_table
from rapport.records.imports.reading.table import Row

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
LOCAL = """BEGIN:VTIMEZONE
TZID:Our office
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0545
TZOFFSETTO:+0545
END:STANDARD
END:VTIMEZONE
"""


def rows(tmp_path: Path, *events: str, rest: str = "") -> list[Row]:
    bodies = [f"BEGIN:VEVENT\r\n{one.strip()}\r\nEND:VEVENT\r\n" for one in events]
    return read(tmp_path, HEAD + rest + "".join(bodies) + "END:VCALENDAR\r\n")


def read(tmp_path: Path, text: str) -> list[Row]:
    path = tmp_path / "calendar.ics"
    path.write_bytes(text.encode())
    with open_table(path) as table:
        return list(table.rows())


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("DTSTART;TZID=Europe/Madrid:20260701T090000", "2026-07-01T07:00:00Z"),
        ("DTSTART;TZID=/mozilla.org/1/Europe/Madrid:20261201T090000", "2026-12-01T08:00:00Z"),
        ("DTSTART;TZID=Romance Standard Time:20261201T090000", "2026-12-01T08:00:00Z"),
        ("DTSTART;TZID=Our office:20261201T090000", "2026-12-01T03:15:00Z"),
        ("DTSTART:20261201T090000Z", "2026-12-01T09:00:00Z"),
        ("DTSTART:20261201T090000", "2026-12-01T09:00:00"),
        ("DTSTART;VALUE=DATE:20261201", "2026-12-01T00:00:00"),
    ],
)
def test_each_way_to_say_when(tmp_path: Path, start: str, told: str) -> None:
    [row] = rows(tmp_path, f"UID:1\r\nSUMMARY:Visit\r\n{start}", rest=LOCAL)
    assert (row.cells[2], row.problem) == (told, None)


def test_a_rule_is_kept_without_times_that_are_out_or_changed(tmp_path: Path) -> None:
    clock = ";TZID=Europe/Madrid:2026"
    weekly, moved = rows(
        tmp_path,
        f"UID:1\r\nSUMMARY:Jour fixe\r\nDTSTART{clock}1005T090000\r\nDURATION:PT45M\r\n"
        f"RRULE:FREQ=WEEKLY;COUNT=9\r\nEXDATE{clock}1005T090000,20261019T090000",
        f"UID:1\r\nSUMMARY:Jour fi\r\n xe\\, late\r\nDTSTART{clock}1026T110000\r\n"
        f"RECURRENCE-ID{clock}1026T090000\r\nATTENDEE;CN=Ann:mailto:ann@example.com",
    )
    assert weekly.cells[2:5] == [
        "2026-10-12T07:00:00Z", "2026-10-12T07:45:00Z",
        "FREQ=WEEKLY;COUNT=8;EXDATE=20261019T070000Z,20261026T080000Z;TZID=Europe/Madrid",
    ]  # fmt: skip
    assert moved.cells[:3] == ["1/20261026T080000Z", "Jour fixe, late", "2026-10-26T10:00:00Z"]
    assert (moved.cells[4], moved.cells[7]) == ("", "ann@example.com")


def test_what_is_wrong_with_an_event_is_told_with_its_name(tmp_path: Path) -> None:
    when = "DTSTART:20261201T090000Z"
    good, *bad = read(
        tmp_path,
        HEAD + f"BEGIN:VEVENT\nUID:0\nSUMMARY:Good\n{when}\nRDATE:20261203T090000Z\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:1\nSUMMARY:No start\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:2\nSUMMARY:No day\nDTSTART:20261341T090000Z\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:3\nSUMMARY:No place\nDTSTART;TZID=Mars/Olympus:20261201T090000\n"
        f"END:VEVENT\nBEGIN:VEVENT\nUID:4\nSUMMARY:Back\n{when}\nDTEND:20261130T090000Z\n"
        f"END:VEVENT\nBEGIN:VEVENT\nUID:5\nSUMMARY:Cut off\n{when}\n",
    )  # fmt: skip
    added = bad.pop(0)
    assert [good.cells[0], added.cells[0]] == ["0", "0/20261203T090000Z"]
    told = [one.problem or "" for one in bad]
    assert [one.split("”")[0] for one in told] == [
        "Event “No start", "Event “No day", "Event “No place", "Event “Back", "Event “Cut off",
    ]  # fmt: skip
    assert "20261341T090000Z" in told[1]
    assert "Mars/Olympus" in told[2]


def test_a_calendar_without_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, HEAD + "END:VCALENDAR\r\n")
    assert refused.value.code == "no_events"
