"""A quote of 200 lines saved: server time by the page and by programs, beside bare SQL.

    bench/run quote [--lines 200] [--loads 30] [--keep DIR]

Every line is changed by each save, half of them are of products with a cost. The floor is one
transaction that writes the same rows into a table without a trigger and adds them up. The limit is
150 ms for either door.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.core.management import call_command

from bench.compare import kept_folder
from bench.instance import opened
from bench.loaded import options

LIMIT = 150
#: So that the page types other quantities than programs sent.
MORE = 1000
FLOOR = """
DROP TABLE IF EXISTS floor_line;
CREATE TABLE floor_line (id int PRIMARY KEY, quantity numeric, price numeric, tax numeric);
"""
NEW = "INSERT INTO floor_line VALUES (%s, 1, 12.5, 21)"
WRITE = "UPDATE floor_line SET quantity = %s WHERE id = %s"
ADD_UP = "SELECT sum(round(quantity * price, 2)), sum(quantity * price * tax / 100) FROM floor_line"


def main() -> None:
    """Make the quote, save it by both doors, and print a line for each."""
    chosen = options(__doc__, lines=200, loads=30)
    with kept_folder(chosen.keep) as folder, opened(folder / "instance") as instance:
        call_command("collectstatic", interactive=False, verbosity=0)
        quote, rows = fill(chosen.lines)
        web = _web()
        doors = {
            "bare SQL": by_hand(instance.urls.owner, chosen.lines),
            "by a program": by_program(web, quote, rows),
            "by its page": by_page(web, quote, rows),
        }
        floor = 0.0
        for name, save in doors.items():
            times = [_timed(save, quantity) for quantity in range(2, chosen.loads + 2)]
            middle, p95 = statistics.median(times), sorted(times)[-max(1, len(times) // 20)]
            floor = floor or middle
            told = f"{name:14}{middle:8.1f} ms p50{p95:8.1f} ms p95{middle / floor:8.1f} x"
            print(told + ("   over the limit" if middle > LIMIT else ""), flush=True)


def fill(lines: int) -> tuple[UUID, list[dict[str, Any]]]:
    """A draft of so many lines, as programs send them with their ids."""
    from rapport.records.testing import create
    from rapport.sales.models import QuoteLine

    products = [
        create("product", name=f"Product {n}", price="12.50 EUR", cost="7 EUR")
        for n in range(lines // 2)
    ]
    rows: list[dict[str, Any]] = [
        {"name": f"Line {n}", "quantity": 1, "price": 12.5, "discount": 5, "tax": 21,
         "product": str(products[n // 2]) if n % 2 else None}
        for n in range(lines)
    ]  # fmt: skip
    quote = create("quote", name="Bench", currency="EUR", lines=rows)
    keys = QuoteLine.objects.filter(quote=quote).order_by("position").values_list("pk", flat=True)
    return quote, [{**row, "id": str(key)} for row, key in zip(rows, keys, strict=True)]


def by_hand(url: str, lines: int) -> Callable[[int], None]:
    """One transaction that writes each row, and reads what they come to."""
    connection = psycopg.connect(url)
    connection.execute(FLOOR)
    with connection.cursor() as cursor:
        cursor.executemany(NEW, [(n,) for n in range(lines)])
    connection.commit()

    def save(quantity: int) -> None:
        with connection.cursor() as cursor, connection.transaction():
            cursor.executemany(WRITE, [(quantity, n) for n in range(lines)])
            cursor.execute(ADD_UP).fetchone()

    return save


def by_program(web: Any, quote: UUID, rows: Sequence[Mapping[str, Any]]) -> Callable[[int], None]:
    """PATCH of all lines."""

    def save(quantity: int) -> None:
        body = {"lines": [{**row, "quantity": quantity} for row in rows]}
        answer = web.patch(f"/api/v1/quotes/{quote}", body, content_type="application/json")
        _check(answer, 200)

    return save


def by_page(web: Any, quote: UUID, rows: Sequence[Mapping[str, Any]]) -> Callable[[int], None]:
    """The form of the quote with all its lines, as a browser sends it."""
    typed = {
        f"lines.{n}.{name}": value or ""
        for n, row in enumerate(rows)
        for name, value in (*row.items(), ("product.id", row["product"]))
    }

    def save(quantity: int) -> None:
        amounts = {f"lines.{n}.quantity": str(quantity + MORE) for n in range(len(rows))}
        _check(web.post(f"/quotes/{quote}/edit/", typed | amounts), 302)

    return save


def _web() -> Any:
    from django.conf import settings

    from rapport.accounts.models import User
    from rapport.accounts.testing import signed_in

    settings.ALLOWED_HOSTS = ["*"]
    return signed_in(User.objects.order_by("created_at")[0])


def _check(answer: Any, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"The save answered {answer.status_code}.")


def _timed(save: Callable[[int], None], quantity: int) -> float:
    begun = time.perf_counter()
    save(quantity)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
