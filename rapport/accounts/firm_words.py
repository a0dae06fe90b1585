"""Words that anybody tries first who guesses at the passwords of one firm."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.queries import workspace

#: Shorter ones stand in many a good password by chance.
SHORTEST = 4
#: So many letters must be left of a password without them.
LEFT = 6
PRODUCT = "rapport"


class FirmWordsValidator:
    """Refuses passwords made of the firm's name, its domains and ours, decorated or not."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if hardly a letter is left without those words."""
        rest = password.lower()
        words = sorted(set(_words(user)), key=lambda word: (-len(word), word))
        for word in words:
            rest = rest.replace(word, "")
        is_made_of_them = rest != password.lower() and sum(map(str.isalpha, rest)) < LEFT
        if is_made_of_them:
            raise ValidationError(
                _("This password is made of the name of your firm or of this program."),
                code="password_of_the_firm",
            )

    def get_help_text(self) -> str:
        """Say it before somebody has typed."""
        return _("Not the name of your firm.")


def _words(user: Any) -> Iterator[str]:
    found = workspace()
    domain = user.email.rpartition("@")[2] if isinstance(user, User) else ""
    host = urlsplit(found.public_address).hostname or ""
    for text in (PRODUCT, found.name, _without_end(domain), _without_end(host)):
        yield from (one for one in re.split(r"[\W_]+", text.lower()) if len(one) >= SHORTEST)


def _without_end(name: str) -> str:
    """A domain without what thousands of firms share."""
    return name.rpartition(".")[0]
