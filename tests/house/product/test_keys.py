"""Which way foreign keys look: down the layers, as imports do."""

from collections.abc import Iterable, Iterator

from django.apps import apps

from tests.house.layers import Layers, layers, parse_layers

SAMPLE = parse_layers(["project", "(sales) | (marketing)", "(contacts)", "kit"])

type Reference = tuple[str, str, str]


def wrong_references(order: Layers, references: Iterable[Reference]) -> list[str]:
    """Foreign keys that look up or sideways; a reference is (from, to, name of the field)."""
    return [
        f"{field}: {upper} may not know {lower}"
        for upper, lower, field in references
        if not order.may_look(upper, lower)
    ]


def _foreign_keys() -> Iterator[Reference]:
    labels = {config.label for config in apps.get_app_configs() if _is_ours(config.name)}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in labels:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and field.related_model
            if not target or field.auto_created or target._meta.app_label not in labels:
                continue
            yield model._meta.app_label, target._meta.app_label, f"{model.__name__}.{field.name}"


def _is_ours(name: str) -> bool:
    return name.startswith("rapport.") and name.count(".") == 1


def test_foreign_keys_run_down() -> None:
    assert wrong_references(layers(), _foreign_keys()) == []


def test_foreign_keys_up_and_sideways_are_found() -> None:
    keys = [
        ("sales", "contacts", "Deal.party"),
        ("contacts", "sales", "Person.deal"),
        ("sales", "marketing", "Deal.campaign"),
    ]
    assert len(wrong_references(SAMPLE, keys)) == 2
