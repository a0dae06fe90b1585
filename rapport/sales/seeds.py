"""What an empty workspace needs to sell: two pipelines with their stages."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import service
from rapport.records.store import ChangeInProgress, change

# Seeds are written once and then belong to the owner, so the names carry every language we speak.
type Words = dict[str, str]
type Step = tuple[Words, int, str, int | None]

PIPELINES: tuple[tuple[Words, tuple[Step, ...]], ...] = (
    (
        {"en": "New business", "es": "Negocio nuevo"},
        (
            ({"en": "Qualify", "es": "Cualificar"}, 10, "open", 6),
            ({"en": "Discover", "es": "Descubrir"}, 25, "open", 9),
            ({"en": "Propose", "es": "Proponer"}, 50, "open", 11),
            ({"en": "Negotiate", "es": "Negociar"}, 75, "open", 8),
            ({"en": "Commit", "es": "Acordar"}, 90, "open", 5),
            ({"en": "Won", "es": "Ganado"}, 100, "won", None),
            ({"en": "Lost", "es": "Perdido"}, 0, "lost", None),
        ),
    ),
    (
        {"en": "Renewals", "es": "Renovaciones"},
        (
            ({"en": "Coming up", "es": "Próxima"}, 60, "open", 30),
            ({"en": "In talks", "es": "En conversación"}, 75, "open", 14),
            ({"en": "Agreed", "es": "Acordada"}, 95, "open", 7),
            ({"en": "Renewed", "es": "Renovada"}, 100, "won", None),
            ({"en": "Ended", "es": "Terminada"}, 0, "lost", None),
        ),
    ),
)


def seed_after_migrate(**_kwargs: Any) -> None:
    """Seed once the tables are there."""
    seed()


def seed() -> None:
    """Make the pipelines where there has never been one."""
    from rapport.sales.models import Pipeline

    if Pipeline.objects.exists():
        return
    with change(service("seeds"), via="setup", title="First pipelines") as made:
        for place, (label, steps) in enumerate(PIPELINES):
            pipeline = made.create("pipeline", {"label": label, "position": place})
            _add_stages(made, pipeline, steps)


def _add_stages(made: ChangeInProgress, pipeline: Any, steps: tuple[Step, ...]) -> None:
    for place, (label, probability, state, usual_days) in enumerate(steps):
        made.create(
            "stage",
            {
                "pipeline": pipeline,
                "label": label,
                "position": place,
                "probability": probability,
                "state": state,
                "usual_days": usual_days,
            },
        )
