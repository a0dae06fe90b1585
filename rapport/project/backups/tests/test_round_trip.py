"""What is backed up while people work comes out again, counted and in order."""

import os
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from rapport.accounts.actions import NOBODY
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user
from rapport.project.backups.contents import differences, settle
from rapport.project.backups.faults import BackupFault, Unusable
from rapport.project.backups.making import make_backup
from rapport.project.backups.manifest import Manifest
from rapport.project.backups.restoring import bring_in, check_versions, verify
from rapport.project.backups.scratch import scratch_database
from rapport.project.instance import Instance
from rapport.records import registry
from rapport.records.metadata.indexes import prepare
from rapport.records.metadata.noticing import refresh
from rapport.records.metadata.object_actions import add_object
from rapport.records.models import Seal
from rapport.records.store import change
from rapport.records.tests.test_sealing import seal_all

PHRASE = "correct horse"


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(tmp_path / "data")
    made.prepare_folder()
    (made.data / "files" / "ab").mkdir()
    (made.data / "files" / "ab" / "photo").write_bytes(b"pixels")
    (made.data / "files" / "exports").mkdir()
    (made.data / "files" / "exports" / "download").write_bytes(b"made on request")
    return made


def name_people(principal: Principal, *names: str) -> None:
    for name in names:
        with change(principal, via="web", title=name) as made:
            made.create("person", {"name": name})


def object_of_its_own(principal: Principal) -> str:
    """An object that an administrator made, with a record in it; the name of its table."""
    words = {"label": {"en": "Device"}, "label_plural": {"en": "Devices"}}
    add_object(words, NOBODY)
    prepare()
    refresh()
    with change(principal, via="web") as made:
        made.create("device", {"name": "Probe"})
    return str(registry.get("device").model._meta.db_table)


@pytest.mark.django_db(transaction=True)
def test_it_comes_out_as_it_was_at_that_moment(instance: Instance, tmp_path: Path) -> None:
    owner = principal_of(make_user())
    name_people(owner, "Ada Berg", "Łukasz 李")
    table = object_of_its_own(owner)
    seal_all()
    path, url = tmp_path / "a.tar.age", settings.INSTANCE.owner_database_url
    instance.sealing_keys.write_text("newer\nolder")
    made = make_backup(instance, url, path, passphrase=PHRASE)
    name_people(owner, "Came Later")
    assert made.files == 1
    assert made.manifest.tables["contacts_person"] == 2
    assert b"Berg" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with scratch_database(url) as beside:
        files = tmp_path / "files"
        brought = bring_in(path, PHRASE, beside, files=files)
        assert brought.key == (instance.secrets / "session-key").read_text().strip()
        assert brought.sealing_keys == "newer\nolder"
        assert (files / "ab" / "photo").read_bytes() == b"pixels"
        with psycopg.connect(beside) as copy:
            names = copy.execute("SELECT name FROM contacts_person ORDER BY name").fetchall()
            assert [name for (name,) in names] == ["Ada Berg", "Łukasz 李"]
            _is_guarded(copy, "contacts_person")
            _is_guarded(copy, table)
            copy.execute("DELETE FROM records_seal")
            found = differences(copy, made.manifest.tables, made.manifest.sequences)
            count = Seal.objects.count()
            assert found == [f"records_seal has 0 rows instead of {count}"]
    with psycopg.connect(url) as connection:
        query = "SELECT count(*) FROM pg_database WHERE datname LIKE '%\\_scratch\\_%'"
        found_left = connection.execute(query + " AND starts_with(datname, current_database())")
        assert found_left.fetchone() == (0,)


def _is_guarded(copy: psycopg.Connection, table: str) -> None:
    """Triggers are there: a write past the store is refused."""
    with pytest.raises(psycopg.DatabaseError, match="store"), copy.transaction():
        copy.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


@pytest.mark.django_db(transaction=True)
def test_a_plain_backup_tells_no_secret(instance: Instance, tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    url = settings.INSTANCE.owner_database_url
    instance.sealing_keys.write_text("newer\nolder")
    made = make_backup(instance, url, path)
    key = (instance.secrets / "session-key").read_text().strip()
    assert key.encode() not in path.read_bytes()
    assert made.manifest.key
    with tarfile.open(path) as tar:
        assert not any(name.startswith("secrets") for name in tar.getnames())
    assert verify(path, "").key == ""


@pytest.mark.django_db
def test_new_rows_of_the_log_come_after_those_of_another_server(owner_database_url: str) -> None:
    far = 10**12
    with psycopg.connect(owner_database_url) as owner:
        owner.execute(
            "INSERT INTO records_cursor (name, xid, change_id, updated_at) "
            "VALUES ('another server', %s, 0, now())",
            [far],
        )
        settle(owner)
        made = owner.execute(
            "INSERT INTO records_change (change_set, object, table_name, row_id, kind, new) "
            "VALUES (gen_random_uuid(), 'person', 'contacts_person', gen_random_uuid(), 'create', "
            "'{}') RETURNING xid::text::bigint"
        ).fetchone()
        assert made is not None
        assert made[0] > far
        owner.rollback()


def test_a_backup_of_a_newer_version_is_refused_by_name() -> None:
    about = Manifest(
        version="9.0", made_at="", reason="", server=180006, key="", holds_key=False,
        migrations=("records.0001_initial", "records.9999_later"), tables={}, sequences={},
    )  # fmt: skip
    with pytest.raises(Unusable, match=r"newer version of Rapport \(9.0, with records.9999_later"):
        check_versions(about)


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_breaks_off_leaves_no_file(instance: Instance, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    full = folder / "full.tar"

    def disk_is_full(_done: int, _total: int) -> None:
        raise OSError(28, os.strerror(28))

    url = settings.INSTANCE.owner_database_url
    with pytest.raises(BackupFault, match="full"):
        make_backup(instance, url, full, progress=disk_is_full)
    assert list(folder.iterdir()) == []
