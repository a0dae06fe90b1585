"""Nouns introduce themselves, and migrations keep step with them."""

import inspect
import re

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

ONE_SENTENCE = re.compile(r"[A-Z\"“'][^.!?]*(\.(?=[\w\"”])[^.!?]*)*\.")
LONGEST_SENTENCE = 200


def introduces_itself(model: type[models.Model]) -> bool:
    """Whether the class opens with one sentence of its own; people read it in the product."""
    paragraphs = inspect.cleandoc(model.__dict__.get("__doc__") or "").split("\n\n")
    sentence = paragraphs[0].replace("\n", " ")
    # Django writes a signature where nobody wrote a sentence.
    is_written = not sentence.startswith(f"{model.__name__}(")
    is_short = len(sentence) <= LONGEST_SENTENCE
    return is_written and is_short and bool(ONE_SENTENCE.fullmatch(sentence))


def test_each_model_has_one_sentence() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("rapport.")]
    assert [model._meta.label for model in ours if not introduces_itself(model)] == []


def test_models_without_a_sentence_are_found() -> None:
    def model(text: str | None) -> type[models.Model]:
        return type("Deal", (), {"__doc__": text})

    assert introduces_itself(model("A chance to sell something to a customer."))
    assert introduces_itself(model('Users who see each other where a role says "team".'))
    assert introduces_itself(model("A chance to sell.\n\nMore. For those who build."))
    assert not introduces_itself(model(None))
    assert not introduces_itself(model("Deal(id, name)"))
    assert not introduces_itself(model("a chance"))
    assert not introduces_itself(model("A chance. To sell."))


def test_migrations_keep_step_with_the_models() -> None:
    loader = MigrationLoader(None)
    before, now = loader.project_state(), ProjectState.from_apps(apps)
    changes = MigrationAutodetector(before, now).changes(graph=loader.graph)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("rapport.")}
    assert {label: changes[label] for label in changes if label in ours} == {}
