"""What is restored tells nobody anything until an owner lets it."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from rapport.accounts.testing import make_user
from rapport.automation.actions import switch_off
from rapport.automation.models import Webhook
from rapport.automation.tests.making import make_delivery, make_webhook
from rapport.project.backups import replacing
from rapport.project.backups.making import make_backup
from rapport.project.databases import DatabaseUrls
from rapport.project.instance import Instance

HELD = """
SELECT hook.name, hook.off_reason, one.event, one.state
FROM automation_delivery AS one JOIN automation_webhook AS hook ON hook.id = one.webhook_id
ORDER BY one.number
"""


@pytest.mark.django_db(transaction=True)
def test_a_restored_instance_tells_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instance, path = Instance(tmp_path / "data"), tmp_path / "a.tar"
    instance.prepare_folder()
    owner = make_user()
    heard = make_webhook("https://hooks.example/a", owner, name="On")
    off = make_webhook("https://hooks.example/b", owner, name="Off")
    switch_off(off)
    for hook in (heard, off):
        make_delivery(hook)
    make_delivery(heard, event="test", object="")
    own = settings.INSTANCE
    make_backup(instance, own.owner_database_url, path)
    found: list[Any] = []

    def look(_instance: Instance, _urls: DatabaseUrls, beside: DatabaseUrls, **_more: Any) -> None:
        with psycopg.connect(beside.owner) as copy:
            found.extend(copy.execute(HELD).fetchall())
            since = copy.execute("SELECT quiet_since FROM accounts_workspace").fetchone()
            found.append(since is not None and since[0] is not None)

    monkeypatch.setattr(replacing, "bring_up_to_date", lambda *_given: None)
    monkeypatch.setattr(replacing, "put_in_place", look)
    urls = DatabaseUrls(own.database_url, own.owner_database_url, own.direct_database_url)
    replacing.take_the_place(path, "", instance, urls)
    assert found == [
        ("On", "restored", "person.changed", "waiting"),
        ("Off", "by_hand", "person.changed", "waiting"),
        ("On", "restored", "test", "withheld"),
        True,
    ]
    # The one that was backed up goes on speaking.
    assert Webhook.objects.get(pk=heard.pk).is_on
