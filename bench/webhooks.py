"""How many events a second reach a receiver on this machine, beside bare HTTP posts.

    bench/run webhooks [--people 5000] [--keep DIR]

One change of all people is read from the log into deliveries, then sent. The floor posts the same
bodies to the same receiver, as many at once, with nothing around them: no log, no rights looked up,
no signature, no address judged, nothing written down.
"""

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import psycopg

from bench.compare import admin_url, kept_folder
from bench.instance import OWNER, opened
from bench.loaded import options
from bench.search import load_people, make_users


def main() -> None:
    """Load, measure, and print a line for each."""
    chosen = options(__doc__, people=5_000)
    with kept_folder(chosen.keep) as folder, opened(folder / "instance"):
        prepare(folder, admin_url(folder / "instance"), chosen.people)
        with receiver() as port:
            measure(port, chosen.people)


def prepare(folder: Path, url: str, people: int) -> None:
    """The people, unless the folder has them."""
    marker = folder / "people"
    if marker.exists():
        return
    owner, member = make_users(folder / "instance")
    with psycopg.connect(url, autocommit=True) as connection:
        load_people(connection, {"owner": owner, "member": member, "people": people})
        connection.execute("VACUUM ANALYZE")
    marker.touch()


@contextmanager
def receiver() -> Iterator[int]:
    """A process of its own that takes what comes; its port."""
    command = [sys.executable, "-m", "bench.receiver"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.communicate()


def measure(port: int, people: int) -> None:
    """Change all people and follow what becomes of it."""
    from django.conf import settings

    from rapport.accounts.models import User
    from rapport.automation.actions import Wish, create_webhook
    from rapport.automation.models import Delivery, Webhook
    from rapport.automation.webhooks.courier import AT_ONCE, Courier
    from rapport.automation.webhooks.following import follow

    settings.OUTBOUND_NETWORKS = (ip_network("127.0.0.1/32"),)
    Webhook.objects.all().delete()
    url = f"http://127.0.0.1:{port}/"
    create_webhook(User.objects.get(email=OWNER), Wish("Bench", url, ["person"]))
    change_all(people)
    told("from the log into deliveries", people, taken(follow))
    bodies = list(Delivery.objects.values_list("payload", flat=True)[:people])
    courier = Courier()
    told("sent, signed and written down", people, taken(courier.run_until_idle))
    courier.close()
    assert Delivery.objects.filter(state="delivered").count() == people
    told("floor: bare posts", people, taken(lambda: post_all(port, bodies, AT_ONCE)))


def change_all(people: int) -> None:
    """One act that changes every person."""
    from rapport.contacts.models import Person
    from rapport.records.store import change
    from rapport.records.testing import HOUSE

    ids = Person.objects.values_list("pk", flat=True)[:people]
    with change(HOUSE, via="api"):
        Person.objects.filter(pk__in=list(ids)).update(department=f"Moved {time.time():.0f}")


def post_all(port: int, bodies: list[str], at_once: int) -> None:
    """Post bodies, a connection each."""

    def post(body: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        line.request("POST", "/", body.encode(), {"Content-Type": "application/json"})
        assert line.getresponse().status == 204
        line.close()

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(post, bodies))


def taken(act: Callable[[], object]) -> float:
    """The seconds that something takes."""
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def told(what: str, number: int, seconds: float) -> None:
    """Say how many a second."""
    print(f"{what:32}{number / seconds:>10,.0f}/s{seconds:>10.1f} s", flush=True)


if __name__ == "__main__":
    main()
