"""@mentions: names in a text become marks that know the user, and the users are told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of
from rapport.records import access, registry
from rapport.records.models import Notification

MARK = re.compile(r'<span data-mention="([0-9a-f-]{36})">')
WOVEN = re.compile(r"(<span data-mention=[^>]*>.*?</span>|<[^>]*>)", re.DOTALL)


def mentionable() -> Sequence[tuple[UUID, str]]:
    """Each active user with the words that mean no other: the name, else the e-mail address."""
    users = list(User.objects.filter(is_active=True).order_by("name").only("name", "email"))
    names = Counter(user.name.casefold() for user in users)
    return [
        (user.pk, user.name if names[user.name.casefold()] == 1 else user.email) for user in users
    ]


def weave_mentions(text: str) -> str:
    """A long text in which each `@Name` of an active user became a mark.

    A text without tags is taken as typed: its lines are kept.
    """
    if "@" not in text:
        return text
    known = _known()
    if not known:
        return text
    if "<" not in text:
        # `&` alone means that it was cleaned as HTML before, so that it is escaped already.
        plain = text if "&" in text else escape(text, quote=False)
        woven = _weave(plain, known)
        return woven if woven == plain else woven.replace("\n", "<br>")
    parts = WOVEN.split(text)
    return "".join(part if part.startswith("<") else _weave(part, known) for part in parts)


def _known() -> Mapping[str, tuple[UUID, str]]:
    users = User.objects.filter(is_active=True).values_list("pk", "name", "email")
    found = {email.casefold(): (key, name) for key, name, email in users}
    names = Counter(name.casefold() for _key, name, _email in users)
    return found | {
        escape(name, quote=False).casefold(): (key, name)
        for key, name, _email in users
        if names[name.casefold()] == 1
    }


def _weave(text: str, known: Mapping[str, tuple[UUID, str]]) -> str:
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(
        r"(?<![\w@])@(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE
    )
    return pattern.sub(lambda found: _mark(*known[found[1].casefold()]), text)


def _mark(key: UUID, name: str) -> str:
    return f'<span data-mention="{key}">@{escape(name, quote=False)}</span>'


def mentioned_in(texts: Iterable[str]) -> set[UUID]:
    """The users whose marks are in the texts."""
    return {UUID(key) for text in texts for key in MARK.findall(text or "")}


def tell_mentioned(
    author: Principal,
    texts: Iterable[str],
    source: tuple[str, UUID],
    about: tuple[str, UUID] | None = None,
    *,
    but_not: Collection[UUID] = (),
) -> list[UUID]:
    """Tell the mentioned users who may see the source; those told. The author is not, nor are
    those who know already (`but_not`).

    The words name the record it is about only to those who may see that too.
    """
    keys = mentioned_in(texts) - {author.user_id, *but_not}
    told = []
    for user in User.objects.filter(pk__in=keys, is_active=True):
        principal = principal_of(user)
        if _sees(principal, source):
            _tell(user, principal, author, source, about)
            told.append(user.pk)
    return told


def _tell(
    user: User,
    principal: Principal,
    author: Principal,
    source: tuple[str, UUID],
    about: tuple[str, UUID] | None,
) -> None:
    from rapport.records.notifications.telling import tell

    found = access.titles(principal, [about], user.language) if about else {}
    title = found.get(about[1]) if about else None
    url = title.url if title else registry.get(source[0]).url(source[1])

    def words() -> str:
        facts = {"who": author.name, "record": title.text if title else ""}
        if title:
            return _("%(who)s mentioned you at %(record)s") % facts
        return _("%(who)s mentioned you") % facts

    seen = about if about and title else source
    tell(user, Notification.Kind.MENTION, words, url, about=seen)


def _sees(principal: Principal, source: tuple[str, UUID]) -> bool:
    return bool(access.reachable(principal, source[0], [source[1]], "view"))
