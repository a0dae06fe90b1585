"""A file that is not a whole backup of ours is refused, with what is wrong with it."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from rapport.project.backups.archive import MANIFEST, PART, opened, writing
from rapport.project.backups.faults import Unusable
from rapport.project.backups.manifest import Manifest

ABOUT = Manifest(
    version="1.0", made_at="2026-11-22T10:00:00+00:00", reason="by hand", server=180006,
    migrations=("accounts.0001_initial",), tables={"accounts_user": 1}, sequences={}, key="",
    holds_key=False,
)  # fmt: skip


def written(path: Path, database: bytes = b"dump", about: bytes = ABOUT.to_json()) -> Path:
    photo = path.with_name("photo")
    photo.write_bytes(b"pixels" * 1000)
    with path.open("wb") as file, writing(file) as writer:
        writer.add(MANIFEST, about)
        writer.add_stream(io.BytesIO(database))
        writer.add_file("ab/photo", photo)
        writer.add_file("ab/gone", path.with_name("gone"))
    return path


def read(path: Path) -> dict[str, bytes]:
    with opened(path, "", lambda _at: None) as archive:
        return {name: content.read() for name, content in archive.members()}


def foreign(path: Path, *members: tuple[str, bytes, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, kind, content in ((MANIFEST, tarfile.REGTYPE, ABOUT.to_json()), *members):
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), "/etc/passwd"
            tar.addfile(member, io.BytesIO(content))
    return path


def test_it_comes_out_as_it_went_in(tmp_path: Path) -> None:
    database = bytes(PART) + b"rest"
    found = read(written(tmp_path / "a.tar", database))
    assert found.pop("files/ab/photo") == b"pixels" * 1000
    assert list(found) == ["database/000000", "database/000001"]
    assert b"".join(found.values()) == database


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, part: float) -> None:
    path = written(tmp_path / "a.tar", bytes(100_000))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content.rstrip(b"\0")) * part)])
    with pytest.raises(Unusable):
        read(path)


def test_an_altered_file_is_refused_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tar")
    path.write_bytes(path.read_bytes().replace(b"pixels", b"pixelz", 1))
    with pytest.raises(Unusable, match="ab/photo is not what was put into it"):
        read(path)


def test_a_member_that_was_taken_out_is_missed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tar")
    with tarfile.open(path) as tar:
        kept = [(one, tar.extractfile(one)) for one in tar if "photo" not in one.name]
        with tarfile.open(tmp_path / "b.tar", "w") as other:
            for member, content in kept:
                other.addfile(member, content)
    with pytest.raises(Unusable, match="ab/photo"):
        read(tmp_path / "b.tar")


@pytest.mark.parametrize("content", [b"", b"name,email\n", b"PK\3\4" + bytes(600), bytes(2000)])
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(Unusable, match=r"not a backup of Rapport|not whole"):
        read(tmp_path / "a.tar")


@pytest.mark.parametrize(
    "name",
    ["files/../../etc/cron", "/etc/cron", "files//etc/cron", "../x", "secrets/other", "files/a\\b"],
)
def test_cve_2026_33656_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = foreign(tmp_path / "a.tar", (name, tarfile.REGTYPE, b"x"))
    with pytest.raises(Unusable, match="which no backup"):
        read(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_is_refused(tmp_path: Path, kind: bytes) -> None:
    path = foreign(tmp_path / "a.tar", ("files/link", kind, b""))
    with pytest.raises(Unusable, match="which no backup"):
        read(path)


def test_a_newer_form_is_refused_with_what_to_do(tmp_path: Path) -> None:
    about = ABOUT.to_json().replace(b'"format": 1', b'"format": 2')
    with pytest.raises(Unusable, match="newer version"):
        read(written(tmp_path / "a.tar", about=about))


def test_a_manifest_without_its_parts_is_refused(tmp_path: Path) -> None:
    about = replace(ABOUT, tables={}).to_json().replace(b'"tables"', b'"tables_"')
    with pytest.raises(Unusable, match="damaged"):
        read(written(tmp_path / "a.tar", about=about))
