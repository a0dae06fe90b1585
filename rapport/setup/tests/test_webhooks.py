"""The pages of webhooks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from rapport.accounts.actions import create_service
from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.automation.actions import Wish, create_webhook, switch_off
from rapport.automation.models import Delivery, Webhook
from rapport.records.conditions import Rule, to_json
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db

LIST, NEW = "/setup/webhooks/", "/setup/webhooks/new/"


def form(owner: User, **more: Any) -> dict[str, Any]:
    given = {"name": "Sheet", "url": "https://hooks.example/in", "owner": str(owner.pk)}
    return given | {"objects": ["person"], "events": ["created", "changed"]} | more


def made(owner: User, **wish: Any) -> Webhook:
    given = {"name": "Sheet", "url": "https://hooks.example/in", "objects": ["person"]}
    webhook, _secret = create_webhook(owner, Wish(**given | wish))
    return webhook


def sent(webhook: Webhook, **facts: Any) -> Delivery:
    given = {"event": "person.changed", "object": "person", "payload": '{"type":"t"}'}
    return Delivery.objects.create(webhook=webhook, **given | facts)


def test_a_secret_is_shown_once() -> None:
    owner = make_user()
    client = signed_in(owner)
    page = client.post(NEW, form(owner))
    found = re.search(r"whsec_[\w+/=]+", page.content.decode())
    assert found
    assert "no-store" in page["Cache-Control"]
    webhook = Webhook.objects.get()
    address = f"{LIST}{webhook.pk}/"
    assert "whsec_" not in client.get(address).content.decode()
    again = client.post(f"{address}secret/").content.decode()
    assert "whsec_" in again
    assert found.group() not in again


def test_condition_fields_and_headers_are_kept_as_typed() -> None:
    owner = make_user()
    webhook = made(owner)
    client, address = signed_in(owner), f"{LIST}{webhook.pk}/"
    more = {"condition": "city:Oslo", "fields_changed": ["city"], "headers": "X-Key: abc"}
    assert client.post(address, form(owner, **more)).status_code == 302
    webhook.refresh_from_db()
    assert webhook.fields == ["city"]
    assert webhook.condition is not None
    assert webhook.headers == {"X-Key": "abc"}
    page = client.get(address).content.decode()
    assert "Oslo" in page
    assert "X-Key" not in page
    client.post(address, form(owner))
    webhook.refresh_from_db()
    assert (webhook.headers, webhook.condition, webhook.fields) == ({"X-Key": "abc"}, None, [])
    client.post(address, form(owner, forget_headers="on"))
    webhook.refresh_from_db()
    assert webhook.headers == {}


@pytest.mark.parametrize(
    "more",
    [
        {"url": "http://169.254.169.254/"},
        {"objects": ["no_such"]},
        {"events": []},
        {"condition": "no_such_field:x"},
        {"headers": "Host: elsewhere"},
        {"headers": "no colon"},
    ],
)
def test_a_fault_keeps_what_was_typed(more: dict[str, Any]) -> None:
    owner = make_user()
    webhook = made(owner)
    page = signed_in(owner).post(f"{LIST}{webhook.pk}/", form(owner, name="Renamed", **more))
    assert page.status_code == 422
    assert "Renamed" in page.content.decode()
    webhook.refresh_from_db()
    assert webhook.name == "Sheet"


def test_a_service_can_be_its_eyes_and_nobody_else() -> None:
    owner, other = make_user(), make_user("Ola Other")
    service = create_service("Web form")
    client = signed_in(owner)
    assert client.post(NEW, form(other)).status_code == 422
    assert client.post(NEW, form(service)).status_code == 200
    assert Webhook.objects.get().owner_id == service.pk


def test_a_manager_does_not_meet_the_webhook_of_an_owner() -> None:
    webhook = made(make_user())
    delivery = sent(webhook)
    client = signed_in(make_user("Mia Manager", "manager"))
    one = f"{LIST}{webhook.pk}/"
    assert "Sheet" not in client.get(LIST).content.decode()
    for address in (one, f"{one}deliveries/", f"{one}deliveries/{delivery.id}/"):
        assert client.get(address).status_code == 404
    for verb in ("secret", "switch", "test", "delete", "deliveries/dead"):
        assert client.post(f"{one}{verb}/").status_code == 404


def test_the_delivery_of_one_is_not_reached_through_another() -> None:
    manager = make_user("Mia Manager", "manager")
    delivery, own = sent(made(make_user())), made(manager)
    address = f"{LIST}{own.pk}/deliveries/{delivery.id}/"
    client = signed_in(manager)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}replay/").status_code == 404


def test_deliveries_are_listed_shown_and_sent_again() -> None:
    owner = make_user()
    webhook = made(owner)
    tries = [{"at": timezone.now().isoformat(), "ms": 5, "status": 500, "fault": "No."}]
    facts = {"answer": "<script>x</script>", "status": 500, "tries": tries, "attempts": 10}
    dead = sent(webhook, state="dead", **facts)
    sent(webhook, state="withheld", payload="")
    client, base = signed_in(owner), f"{LIST}{webhook.pk}/deliveries/"
    assert str(dead.id) in client.get(base).content.decode()
    assert str(dead.id) not in client.get(f"{base}?state=delivered").content.decode()
    page = client.get(f"{base}{dead.id}/").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>x" not in page
    client.post(f"{base}{dead.id}/replay/")
    dead.refresh_from_db()
    assert dead.state == "waiting"
    Delivery.objects.update(state="dead")
    client.post(f"{base}dead/")
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
    Delivery.objects.update(state="delivered")
    today = timezone.localdate().isoformat()
    assert client.post(f"{base}period/", {"first": today, "last": "x"}).status_code == 422
    client.post(f"{base}period/", {"first": "2026-01-01", "last": "2999-01-01"})
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}


def test_switching_testing_and_deleting() -> None:
    owner = make_user()
    webhook = made(owner, condition=to_json(Rule("city", "is", "Oslo")))
    client, address = signed_in(owner), f"{LIST}{webhook.pk}/"
    for is_on in (False, True):
        client.post(f"{address}switch/")
        webhook.refresh_from_db()
        assert webhook.is_on == is_on
    page = client.post(f"{address}test/", follow=True)
    assert "webhook.test" in page.content.decode()
    switch_off(webhook, Webhook.Reason.FAILING)
    assert client.get(address).status_code == 200
    client.post(f"{address}delete/")
    assert not Webhook.objects.exists()


def test_its_condition_is_built_of_parts_and_counted_as_its_owner_sees() -> None:
    owner = make_user()
    member = create_service("Web form", "member")
    webhook = made(member)
    for name in ("Ada", "Bo"):
        make_sample("person", values={"first_name": name, "city": "Oslo", "owner": member.pk})
    make_sample("person", values={"first_name": "Cy", "city": "Bergen", "owner": owner.pk})
    client, address = signed_in(owner), f"{LIST}{webhook.pk}/"
    saved = client.post(address, form(owner, name="Renamed", build="1"))
    builder = f"{address}conditions/"
    assert saved.headers["Location"] == builder
    assert 'hx-post="' + builder + 'count/"' in client.get(builder).content.decode()
    rule = {
        "node": "n1", "n1.in": "n0", "n1.what": "rule", "n1.field": "city", "n1.op": "is",
        "n1.value": "Oslo", "n1.value.shape": "text", "n0.mode": "all", "n0.what": "group",
    }  # fmt: skip
    counted = client.post(f"{builder}count/", rule).content.decode()
    assert "<b>2</b> people match" in counted
    applied = client.post(builder, rule | {"do": "apply"})
    assert applied.headers["Location"] == address
    webhook.refresh_from_db()
    assert webhook.name == "Renamed"
    assert webhook.condition == {"all": [to_json(Rule("city", "is", "Oslo"))]}
    page = client.get(address).content.decode()
    assert "City is Oslo" in page
    client.post(builder, {"n0.mode": "all", "n0.what": "group", "do": "apply"})
    webhook.refresh_from_db()
    assert webhook.condition is None


def test_several_kinds_of_record_have_no_condition_to_build() -> None:
    owner = make_user()
    webhook = made(owner, objects=["person", "company"])
    assert signed_in(owner).get(f"{LIST}{webhook.pk}/conditions/").status_code == 404
