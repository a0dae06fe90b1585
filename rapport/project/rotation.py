"""Sealing every secret of the database with a fresh key."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from rapport.accounts.sealing import CannotOpen, reseal, sealing_keys

from .secrets import write_secret

SEALED = "_sealed"


@dataclass(slots=True)
class Rotated:
    """How many secrets were sealed anew, and how many nobody can open."""

    sealed: int = 0
    lost: int = 0


def rotate_keys() -> Rotated:
    """Put a fresh key before the present one, and seal all secrets with it.

    The key before stays for one more round, for what a process that had just read it is sealing
    meanwhile. Keys that the environment names are its to change; then all is sealed with the first.
    """
    if not settings.SEALING_KEYS:
        path = Path(settings.SEALING_KEYS_FILE)
        write_secret(
            path.parent, path.name, "\n".join([secrets.token_urlsafe(48), *sealing_keys()[:1]])
        )
    done = Rotated()
    for model, name in sealed_fields():
        _reseal_all(model, name, done)
    return done


def sealed_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that holds sealed text, known by its name."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.endswith(SEALED):
                yield model, field.name


@transaction.atomic
def _reseal_all(model: type[models.Model], name: str, done: Rotated) -> None:
    rows = model._default_manager.select_for_update().exclude(**{name: ""}).order_by("pk")
    for key, sealed in rows.values_list("pk", name):
        try:
            fresh = reseal(sealed)
        except CannotOpen:
            done.lost += 1
            continue
        model._default_manager.filter(pk=key).update(**{name: fresh})
        done.sealed += 1
