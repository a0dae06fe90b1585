"""Files that come together: what is kept of them, and what a ZIP can't do to us."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from rapport.records.imports.reading import Unreadable
from rapport.records.imports.reading.limits import MIB
from rapport.records.imports.sets.packing import Delivery, files_in, receive
from rapport.records.imports.stored import path_of

CSV = b"Name,City\nAcme,Lindau\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def received(*files: tuple[str, bytes]) -> Delivery:
    return receive((name, io.BytesIO(content)) for name, content in files)


def refused(*files: tuple[str, bytes]) -> str:
    before = kept()
    with pytest.raises(Unreadable) as caught:
        received(*files)
    assert kept() == before, "what was refused is still on the disk"
    return caught.value.code


def kept() -> set[Path]:
    return set((Path(settings.MEDIA_ROOT) / "imports").glob("*"))


def names(delivery: Delivery) -> list[str]:
    return [one.name for one in delivery.files]


def test_files_and_those_of_an_archive_are_kept_under_names_of_ours() -> None:
    made = received(("a.csv", CSV), ("b.zip", zipped({"in/c.csv": CSV, "__MACOSX/._c.csv": b"x"})))
    assert names(made) == ["a.csv", "in/c.csv"]
    assert all(path_of(one.storage).read_bytes() == CSV for one in made.files)
    assert all(Path(one.storage).parent == Path("imports") for one in made.files)
    assert made.left == {}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "/etc/passwd.csv", "a/../../b.csv", "C:/x.csv", "..\\b.csv"]
)
def test_a_name_that_leads_out_of_the_archive_is_left_with_a_sentence(name: str) -> None:
    made = received(("x.zip", zipped({name: CSV, "good.csv": CSV})))
    assert names(made) == ["good.csv"]
    assert ["leads out of the archive" in why for why in made.left.values()] == [True]


def test_a_symbolic_link_is_not_followed() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("people.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good.csv", CSV)
    made = received(("x.zip", content.getvalue()))
    assert names(made) == ["good.csv"]
    assert "not followed" in made.left["people.csv"]


def test_an_archive_within_the_archive_is_named() -> None:
    made = received(("x.zip", zipped({"inner.zip": zipped({"a.csv": CSV}), "good.csv": CSV})))
    assert names(made) == ["good.csv"]
    assert "archive within the archive" in made.left["inner.zip"]


def test_a_member_that_unpacks_too_far_is_left_and_the_others_come() -> None:
    made = received(("x.zip", zipped({"bomb.csv": bytes(40 * MIB), "good.csv": CSV})))
    assert names(made) == ["good.csv"]
    assert "unpacks to far more" in made.left["bomb.csv"]


def test_a_member_that_lies_about_its_size_is_left() -> None:
    content = bytearray(zipped({"liar.csv": b"a" * MIB, "good.csv": CSV}))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 4)
    made = received(("x.zip", bytes(content)))
    assert names(made) == ["good.csv"]
    assert "damaged" in made.left["liar.csv"]


def test_what_is_too_large_locked_or_endless_is_refused_whole(
    settings: Settings,
) -> None:
    locked = bytearray(zipped({"a.csv": CSV, "b.csv": CSV}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert refused(("x.zip", bytes(locked))) == "encrypted"
    assert refused(("x.zip", zipped({f"{n}.csv": b"" for n in range(2_100)}))) == "zip_bomb"
    assert refused(("a.csv", CSV), ("x.zip", zipped({"a.csv": CSV})[:-30])) == "truncated"
    assert refused(*[(f"{n}.csv", CSV) for n in range(501)]) == "too_many_files"
    assert refused() == "empty"
    settings.IMPORT_FILE_LIMIT = 1_000
    two = {"a.csv": CSV * 30, "b.csv": CSV * 30}
    assert refused(("x.zip", zipped(two))) == "too_large"


def test_our_own_export_says_what_its_files_are() -> None:
    about = {"made_by": "Rapport", "files": [{"object": "tag", "file": "tags.csv", "rows": 1}]}
    made = received(
        ("x.zip", zipped({"tags.csv": CSV, "contents.json": json.dumps(about).encode()}))
    )
    assert (names(made), made.objects) == (["tags.csv"], {"tags.csv": "tag"})
    stranger = received(("x.zip", zipped({"contents.json": b'{"made_by": "Nobody"}'})))
    assert (names(stranger), stranger.objects) == (["contents.json"], {})


def test_a_folder_is_read_without_what_hides_or_leads_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b.csv", "sub/a.csv", ".hidden.csv", ".git/c.csv"):
        (tmp_path / name).write_bytes(CSV)
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    (tmp_path / "out").symlink_to("/etc", target_is_directory=True)
    assert files_in(tmp_path) == [tmp_path / "b.csv", tmp_path / "sub/a.csv"]
