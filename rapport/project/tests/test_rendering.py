"""Migrations make the same tables, whichever models they render on the way."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from rapport.project.postgres.roles import OWNER
from rapport.project.rendering import narrow_rendering
from tests.database import MIGRATE, Copy, migrate

SHAPES = """
SELECT format('%s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
              attnotnull, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND relkind = 'r' AND NOT attisdropped
UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1
"""

#: As Django does it by itself.
WIDELY = f"""
from contextlib import nullcontext
import django; django.setup()
from rapport.project import schema
schema.narrow_rendering = nullcontext
{MIGRATE}
"""


def _link(to: str) -> models.ForeignKey[models.Model]:
    return models.ForeignKey(to, models.CASCADE)


@pytest.fixture
def state() -> Iterator[ProjectState]:
    """Lines of orders of customers, rendered."""
    made = ProjectState()
    key = ("id", models.AutoField(primary_key=True))
    made.add_model(ModelState("shop", "Customer", [key]))
    made.add_model(ModelState("shop", "Order", [key, ("customer", _link("shop.Customer"))]))
    made.add_model(ModelState("shop", "Line", [key, ("order", _link("shop.Order"))]))
    made.add_model(ModelState("shop", "Rush", [], bases=("shop.order",)))
    assert made.apps
    with narrow_rendering():
        yield made


def test_what_leads_to_a_changed_model_leads_to_the_new_one(state: ProjectState) -> None:
    customer, line = (state.apps.get_model("shop", name) for name in ("customer", "line"))
    state.add_field("shop", "order", "note", models.TextField(), preserve_default=True)
    order, rush = (state.apps.get_model("shop", name) for name in ("order", "rush"))
    assert order._meta.get_field("note")
    assert rush._meta.get_field("note")
    later = state.apps.get_model("shop", "line")
    assert later is not line
    assert later._meta.get_field("order").related_model is order
    assert state.apps.get_model("shop", "customer") is customer


def test_what_a_migration_does_with_rows_it_does_with_all_rendered_anew(
    state: ProjectState,
) -> None:
    customer = state.apps.get_model("shop", "customer")
    state.add_field("shop", "order", "note", models.TextField(), preserve_default=True)
    state.clear_delayed_apps_cache()
    assert state.apps.get_model("shop", "customer") is not customer


@pytest.mark.long
@pytest.mark.django_db
def test_the_tables_are_those_that_django_makes_by_itself(django_db_setup: Copy) -> None:
    server, name = django_db_setup.server, "migrated_widely"
    with server.admin() as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
        migrate(server.cluster, name, WIDELY)
        assert _shapes(server.url("admin", name)) == _shapes(
            server.url("admin", django_db_setup.name)
        )
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _shapes(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = [line for (line,) in connection.execute(SHAPES)]
    assert len(found) > 1_000
    return found
