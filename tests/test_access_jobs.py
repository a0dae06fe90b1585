"""Every kind of job and every live channel, for everyone: what is done, and who hears of it.

A job runs with the rights that whoever asked for it has then, or the token by which he asked. The
record, the change set, the files and what is exported are the member's, as in `access/`. A kind of
job or a channel that is not here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions import create_token, revoke_token
from rapport.accounts.models import ApiToken, User
from rapport.accounts.narrowing import as_agent, for_token
from rapport.accounts.principals import ALL_GRANTED, EVERY_OBJECT, Principal, principal_of
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.jobs import kinds, run_job
from rapport.records.live import telling
from rapport.records.live.changed import Touched
from rapport.records.live.listener import events_of, events_of_word
from rapport.records.models import Change, Job
from rapport.records.surfaces.export.job import file_of
from tests.access.people import COLUMNS, People, gather, useless_secrets
from tests.access.things import Things, make_things
from tests.test_access_matrix import Undone

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db]

#: The member's tokens: one that only reads, one for companies only, one that was revoked and one
#: that has ended since; then an owner who was shut out since.
TOKENS = ("reading", "companies", "revoked", "ended")
ASKERS = (*COLUMNS, *TOKENS, "deactivated")
#: some: it is done with the record of the member; none: done, but not with that; no: refused.
TABLE = """
bulk          some  some  some  none  none  none  no    no    no    no    some  no
bulk_merge    some  some  some  no    no    no    no    no    no    no    some  no
undo          some  some  some  some  no    no    no    no    no    no    some  no
undo_preview  some  some  some  some  no    no    no    no    no    no    some  no
import        some  some  some  some  some  some  no    no    no    no    some  no
import_set    some  some  some  some  some  some  none  none  none  no    some  no
export        some  some  some  none  none  none  no    some  no    no    some  no
export_all    some  some  some  none  none  none  none  some  none  no    some  no
index         -     no    no    no    no    no    no    no    no    no    no    no
backup        -     no    no    no    no    no    no    no    no    no    no    no
backup_test   -     no    no    no    no    no    no    no    no    no    no    no
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
#: In these no right of anybody is asked, and why.
WITHOUT_RIGHTS = {
    "duplicates": "compares all records; who looks at the pairs sees his own only",
    "count_rollups": "measures are the same for everybody",
    "read_files": "reads texts of files into the search, which asks for rights itself",
    "demo": "makes records by the store, which asks; who may begin it is start_demo in the table",
}


def arguments_of(kind: str, things: Things) -> dict[str, Any]:
    """What the job of a kind is asked to do."""
    record, twin = str(things.record), str(things.named["twin"])
    deed = {"object": things.declaration.name, "verb": "trash", "field": "", "value": None}
    every: dict[str, dict[str, Any]] = {
        "bulk": {"deed": deed, "choice": {"ids": [record], "query": None}, "number": 1},
        "bulk_merge": {"object": things.declaration.name, "kept": record, "gone": [twin]},
        "undo": {"change_set": str(things.named["change_set_id"])},
        "undo_preview": {"change_set": str(things.named["change_set_id"])},
        "import": {"run": str(things.named["run_id"])},
        "import_set": {"set": str(things.named["set_id"])},
        "export": {"object": things.declaration.name, "query": "columns=id"},
        "export_all": {"query": "format=csv"},
        "index": {"name": "none", "do": "build"},
        "backup": {},
        "backup_test": {"name": "none"},
    }
    return every[kind]


@dataclass(frozen=True)
class Asker:
    """A user, and the token by which he asks."""

    user: User
    token: ApiToken | None = None

    @property
    def principal(self) -> Principal:
        """As whom he comes now."""
        return for_token(self.token) if self.token else principal_of(self.user)


def askers(people: People) -> dict[str, Asker]:
    """All of them by their columns."""
    member = people.member
    found = {who: Asker(people.users[who]) for who in COLUMNS}
    rights = ["view", "create", "edit", "delete", "export", "import", "bulk", "merge"]
    made = {
        "reading": _token(member, may_write=False),
        "companies": _token(member, scopes={"company": rights}),
        "revoked": _token(member),
        "ended": _token(member),
    }
    revoke_token(made["revoked"])
    gone = timezone.now() - timedelta(days=1)
    ApiToken.objects.filter(pk=made["ended"].pk).update(expires_at=gone)
    found |= {who: Asker(member, token) for who, token in made.items()}
    leaver = make_user("Lou Leaver", "owner")
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    return found | {"deactivated": Asker(User.objects.get(pk=leaver.pk))}


def _token(user: User, **options: Any) -> ApiToken:
    create_token(user, "Works", **options)
    return ApiToken.objects.filter(user=user).latest("created_at")


def outcome(kind: str, asker: Asker, things: Things) -> str:
    """What becomes of the job; the database is as it was afterwards."""
    token = asker.token.pk if asker.token else None
    with Undone():
        job = Job.objects.create(
            kind=kind, title="Work", user=asker.user, token=token,
            arguments=arguments_of(kind, things),
        )  # fmt: skip
        before = Change.objects.count()
        run_job(job.pk, is_last_try=True)
        job.refresh_from_db()
        has_written = Change.objects.count() > before
        if job.state == Job.State.FAILED:
            assert not has_written, f"{kind} was refused and yet wrote"
            return "no"
        found = DONE.get(kind, lambda _job, _things: has_written)(job, things)
    return "some" if found else "none"


def _in_file(job: Job, things: Things) -> bool:
    """Whether the file that was written tells of the record."""
    content = file_of(job).read_bytes()
    if job.kind == "export_all":
        with ZipFile(BytesIO(content)) as archive:
            name = f"{things.declaration.plural}.csv"
            content = archive.read(name) if name in archive.namelist() else b""
    return str(things.record).encode() in content


#: By what one knows that it was done with the record, where nothing is written.
DONE: dict[str, Callable[[Job, Things], bool]] = {
    "undo_preview": lambda job, things: str(things.record) in str(job.result) or bool(job.result),
    "export": _in_file,
    "export_all": _in_file,
}


def test_every_kind_of_job_is_in_the_table() -> None:
    # Other tests have kinds of their own.
    ours = {kind for kind in kinds._handlers if not kind.startswith("tests.")}
    assert ROWS.keys() | WITHOUT_RIGHTS.keys() == ours
    assert all(len(words) == len(ASKERS) for words in ROWS.values())


@pytest.mark.parametrize(
    "kind",
    [pytest.param(one, marks=[] if one == "bulk" else pytest.mark.long) for one in ROWS],
)
def test_a_job_does_for_everyone_as_reviewed(kind: str) -> None:
    people = gather()
    things = make_things(registry.get("person"), people)
    who = askers(people)
    wanted = dict(zip(ASKERS, ROWS[kind], strict=True))
    met = {one: outcome(kind, who[one], things) for one in ASKERS if wanted[one] != "-"}
    assert met == {one: word for one, word in wanted.items() if word != "-"}


def listeners(people: People, who: Mapping[str, Asker]) -> dict[str, Principal]:
    """Whoever might hear: people, their programs and agents, and guests whom a mistake gave all."""
    member = principal_of(people.member)
    found = {name: who[name].principal for name in (*COLUMNS, "reading", "companies")}
    found["agent"] = as_agent(member)
    for kind in ("contact", "partner", "anonymous", "directory"):
        found[kind] = replace(member, kind=kind, grants={EVERY_OBJECT: ALL_GRANTED})
    return found


#: Those who do not see a person of the member's.
DEAF = {"narrow", "companies", "contact", "partner", "anonymous", "directory"}


def test_nobody_hears_of_a_record_that_he_does_not_see() -> None:
    people = gather()
    things = make_things(registry.get("person"), people)
    seen = {things.record}
    for name, principal in listeners(people, askers(people)).items():
        words = list(events_of({"person": Touched(ids=seen)}, principal, {}))
        presence = list(events_of_word(f"{telling.PRESENCE} person {things.record}", principal))
        for heard in (words, presence):
            assert any(str(things.record) in one for one in heard) == (name not in DEAF), name
        told = list(events_of_word(f"{telling.NOTIFICATION} {people.member.pk}", principal))
        is_himself = principal.user_id == people.member.pk
        assert bool(told) == is_himself, name


def test_no_token_opens_the_stream() -> None:
    member = make_user("Mo Member", "member")
    secrets = useless_secrets() | {
        "good": create_token(member, "All"),
        "reading": create_token(member, "Reads", may_write=False),
    }
    for secret in secrets.values():
        answer = Client().get("/live/", headers={"Authorization": f"Bearer {secret}"})
        assert answer.headers["Location"].startswith("/login/")


def test_every_channel_is_asked_of_here() -> None:
    """What is told beside the log is one of these words; each says who hears it."""
    told = {
        name for name, value in vars(telling).items() if name.isupper() and isinstance(value, str)
    }
    assert told == {"CHANNEL", "PRESENCE", "NOTIFICATION"}
    unknown = ("something", f"something {UUID(int=1)}", f"{telling.PRESENCE} nothing {UUID(int=1)}")
    owner = principal_of(make_user())
    assert not any(list(events_of_word(words, owner)) for words in unknown)
