"""The page of a quote for its customer: what he can do there, and what nobody can."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from rapport.accounts.models import SignInAttempt
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import Note
from rapport.records.changes.undo import CannotUndo, undo
from rapport.records.models import ChangeSet, Notification
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.sales.actions import expire_quotes, send_quote
from rapport.sales.models import Quote, QuoteComment, QuoteDecision, QuoteLine, QuoteLink

pytestmark = pytest.mark.django_db
EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def free(name: str, price: str, **columns: Any) -> dict[str, Any]:
    return {"name": name, "price": price, "quantity": "1"} | columns


class Offer:
    """A quote that was sent, its owner's browser and its customer's."""

    def __init__(self, **values: Any) -> None:
        self.owner = make_user()
        self.seller, self.customer = signed_in(self.owner), Client()
        company = create("company", name="AquaTec")
        lines = [
            free("Pump", "1000", tax="10"),
            free("Gold service", "300", is_optional=True),
            free("Steel", "200", alternative="Housing", is_chosen=True),
            free("Bronze", "250", alternative="Housing"),
        ]
        product = create("product", name="Valve", price="50 EUR", cost="31.17 EUR")
        lines.append({"product": str(product)})
        given = {"name": "Rollout", "currency": "EUR", "language": "en", "notes": "Inner words"}
        owner = {"owner": str(self.owner.pk), "company": str(company)}
        self.key: UUID = create("quote", lines=lines, **{**given, **owner, **values})
        send_quote(HOUSE, [self.key], {})
        self.address = self.new_address()

    def new_address(self) -> str:
        answer = self.seller.post(f"/quotes/{self.key}/link/")
        found = re.search(r'value="[^"]*(/q/[\w-]{43}/)"', answer.text)
        assert found, answer.text
        return found[1]

    def write(self, **columns: Any) -> None:
        """What an undo or the clock writes, past the gates."""
        with change(HOUSE, via="test"):
            Quote.objects.filter(pk=self.key).update(**columns)

    @property
    def quote(self) -> Quote:
        return Quote.objects.get(pk=self.key)

    def line(self, name: str) -> str:
        return str(QuoteLine.objects.get(quote=self.key, name=name).pk)

    def read(self) -> str:
        answer = self.customer.get(self.address)
        assert answer.status_code == 200
        return str(answer.text)

    def form(self, *chosen: str) -> dict[str, Any]:
        """What the page sends to accept, with these lines ticked."""
        seen = re.search(r'name="seen" value="(\w{64})"', self.read())
        return {
            "name": "Katharina Vogl", "agree": "yes", "seen": seen[1] if seen else "",
            "choose.0": self.line(chosen[0]), "choose.x": [self.line(one) for one in chosen[1:]],
        }  # fmt: skip

    def post(self, what: str, **values: Any) -> Any:
        return self.customer.post(f"{self.address}{what}/", values)


@pytest.fixture
def offer() -> Offer:
    return Offer()


def words_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "")


def test_the_customer_chooses_signs_and_keeps_a_proof(offer: Offer) -> None:
    sums = offer.customer.post(
        f"{offer.address}sums/",
        {"choose.0": offer.line("Bronze"), "choose.x": offer.line("Gold service")},
        headers={"HX-Request": "true"},
    )
    assert "€1,700.00" in sums.text  # 1000 + 300 + 250 + 50 + 10 % of 1000
    assert offer.quote.net == 1250
    form = offer.form("Bronze", "Gold service")
    assert offer.post("accept", **form).status_code == 302
    quote, proof = offer.quote, QuoteDecision.objects.get()
    assert (quote.state, quote.net, quote.gross) == ("accepted", 1600, 1700)
    assert (proof.name, proof.ip, proof.is_accepted) == ("Katharina Vogl", "127.0.0.1", True)
    assert proof.chosen == ["Gold service", "Bronze"]
    shown = offer.seller.get(f"/quotes/{offer.key}/accepted/").getvalue()
    assert hashlib.sha256(shown).hexdigest() == proof.sha256
    signed = words_of(offer.seller.get(f"/quotes/{offer.key}/signed/").getvalue())
    for words in ("Katharina Vogl", "127.0.0.1", proof.sha256, "€1,700.00", "Gold service; Bronze"):
        assert words in signed
    assert "Katharina" not in words_of(shown)
    again = offer.customer.get(f"{offer.address}document/").getvalue()
    assert again == bytes(proof.signed)
    told = Notification.objects.filter(user=offer.owner, kind="quote").order_by("at")
    assert "Katharina Vogl accepted and signed" in told[len(told) - 1].text
    assert Note.objects.filter(body__contains="accepted and signed").exists()
    assert "Katharina Vogl" in offer.seller.get(f"/quotes/{offer.key}/").text


def test_what_was_signed_stays_as_it_was(offer: Offer) -> None:
    form = offer.form("Steel")
    offer.post("accept", **form)
    answer = offer.post("accept", **{**form, "name": "Somebody Else"})
    assert answer.status_code == 422
    assert "This quote was accepted." in answer.text
    assert offer.post("decline", name="Bo Berg", reason="No", seen=form["seen"]).status_code == 422
    assert QuoteDecision.objects.get().name == "Katharina Vogl"
    for forge in (
        lambda: QuoteDecision.objects.update(name="Forged"),
        lambda: QuoteDecision.objects.all().delete(),
        lambda: Quote.objects.filter(pk=offer.key).update(state="sent"),
    ):
        with pytest.raises(Error, match="stays as it is"), transaction.atomic():
            forge()


def test_an_acceptance_is_not_undone(offer: Offer) -> None:
    offer.post("accept", **offer.form("Bronze"))
    accepted = ChangeSet.objects.filter(title="A customer accepted a quote").latest("at")
    with pytest.raises((CannotUndo, Error)), transaction.atomic():
        undo(HOUSE, accepted.pk, via="test")
    assert offer.quote.state == "accepted"


def test_declining_needs_a_reason_and_comments_come_as_they_are(offer: Offer) -> None:
    seen = offer.form("Steel")["seen"]
    assert offer.post("decline", name="Kim", reason=" ", seen=seen).status_code == 422
    assert offer.post("comment", name=EVIL, text=f"{EVIL}\u202e & more").status_code == 302
    for page in (offer.read(), offer.seller.get(f"/quotes/{offer.key}/").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(2)" in page
    body = Note.objects.latest("at").body
    assert "<script" not in body
    assert offer.seller.post(f"/quotes/{offer.key}/answer/", {"text": "Yes"}).status_code == 302
    assert "Yes" in offer.read()
    assert offer.post("decline", name="Kim", reason="Too late", seen=seen).status_code == 302
    quote = offer.quote
    assert (quote.state, quote.decline_reason) == ("declined", "Too late")


def said(answer: Any) -> str:
    """What a page says, without what is new each time."""
    return str(answer.text).partition("<main")[2].partition("</main>")[0]


def test_nobody_guesses_and_guessing_is_slowed_down(offer: Offer) -> None:
    assert not QuoteLink.objects.filter(digest__contains=offer.address.strip("/")[2:]).exists()
    wrong = [offer.customer.get(f"/q/{'A' * size}/") for size in (1, 43, 4000)]
    assert {one.status_code for one in wrong} == {404}
    offer.seller.post(f"/quotes/{offer.key}/link/revoke/")
    revoked = offer.customer.get(offer.address)
    assert (revoked.status_code, said(revoked)) == (404, said(wrong[1]))
    assert SignInAttempt.objects.filter(purpose="guess").count() == 4
    found = {offer.customer.get(f"/q/{n:043}/").status_code for n in range(30)}
    assert found == {404, 429}


def test_an_answer_changes_nothing_but_the_choice(offer: Offer) -> None:
    form = offer.form("Steel")
    lines = list(QuoteLine.objects.filter(quote=offer.key).order_by("pk").values_list("price"))
    offer.post(
        "accept", **form, state="draft", price="0", net="0", gross="1", owner="", number="Q-1",
        lines="[]", discount="100", is_accepted="", sha256="0", decided_at="2000-01-01",
        **{"lines.0.price": "0", "name.0": "x"},
    )  # fmt: skip
    quote = offer.quote
    assert (quote.state, quote.gross, quote.owner_id) == ("accepted", 1350, offer.owner.pk)
    after = QuoteLine.objects.filter(quote=offer.key).order_by("pk").values_list("price")
    assert list(after) == lines


@pytest.mark.parametrize("choice", ["other", "fixed", "two", "none", "odd"])
def test_choices_that_are_not_offered_are_refused(offer: Offer, choice: str) -> None:
    foreign = create("quote", name="Other", lines=[free("Theirs", "1", is_optional=True)])
    theirs = str(QuoteLine.objects.get(quote=foreign).pk)
    steel, bronze = offer.line("Steel"), offer.line("Bronze")
    given = {
        "other": [steel, theirs], "fixed": [steel, offer.line("Pump")], "two": [steel, bronze],
        "none": [], "odd": ["' OR 1=1 --", steel],
    }[choice]  # fmt: skip
    form = {**offer.form("Steel"), "choose.0": given, "choose.x": []}
    answer = offer.post("accept", **form)
    assert answer.status_code == 422
    assert (offer.quote.state, offer.quote.net) == ("sent", 1250)
    assert not QuoteLine.objects.get(pk=theirs).is_chosen


def test_what_changed_or_ran_out_meanwhile_is_told(offer: Offer) -> None:
    form = offer.form("Steel")
    offer.write(terms="Pay at once")
    answer = offer.post("accept", **form)
    assert answer.status_code == 422
    assert "changed while you read it" in answer.text
    assert "Katharina Vogl" in answer.text
    past = timezone.localdate() - timedelta(days=1)
    offer.write(valid_until=past)
    late = offer.post("accept", **offer.form("Steel"))
    assert "was valid until" in late.text
    QuoteLink.objects.update(expires_at=timezone.now())
    assert offer.customer.get(offer.address).status_code == 410
    assert offer.post("accept", **form).status_code == 410
    assert offer.quote.state == "sent"


def test_a_quote_that_was_taken_back_opens_nothing(offer: Offer) -> None:
    offer.write(state="draft")
    assert offer.customer.get(offer.address).status_code == 410
    offer.write(state="sent", deleted_at=timezone.now())
    assert offer.customer.get(offer.address).status_code == 404
    assert offer.customer.get(f"{offer.address}document/").status_code == 404


def test_forms_of_other_sites_are_refused(offer: Offer) -> None:
    form = offer.form("Steel")
    strict = Client(enforce_csrf_checks=True)
    for what in ("accept", "decline", "comment", "document", "sums"):
        assert strict.post(f"{offer.address}{what}/", form).status_code == 403
    assert offer.quote.state == "sent"


def test_the_page_tells_nothing_inner_and_is_kept_by_nobody(offer: Offer) -> None:
    answer = offer.customer.get(offer.address)
    document = offer.customer.get(f"{offer.address}document/")
    for headers in (answer.headers, document.headers):
        assert "no-store" in headers["Cache-Control"]
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert "script-src" in headers["Content-Security-Policy"] or headers is document.headers
    for words in ("31.17", "18.83", "Inner words", "Margin", str(offer.key), offer.owner.email):
        assert words not in answer.text
    said = words_of(document.getvalue())
    for words in ("31.17", "18.83", "Inner words", "Margin"):
        assert words not in said


def test_opening_is_counted_for_customers_alone_and_told_once(offer: Offer) -> None:
    offer.seller.get(offer.address)
    offer.customer.head(offer.address)
    assert QuoteLink.objects.get().opened == 0
    offer.read()
    offer.read()
    link = QuoteLink.objects.get()
    assert link.opened == 2
    assert link.first_opened_at != link.last_opened_at
    assert Notification.objects.filter(user=offer.owner, kind="quote").count() == 1
    assert "Opened 2 times" in offer.seller.get(f"/quotes/{offer.key}/").text


def test_a_flood_ends(offer: Offer) -> None:
    found = [offer.post("comment", name="Kim", text="Hello").status_code for _n in range(22)]
    assert (found[0], found[-1]) == (302, 429)
    assert QuoteComment.objects.count() == 20
    huge = offer.customer.post(f"{offer.address}comment/", {"name": "K" * 70_000, "text": "x"})
    assert huge.status_code == 413
    SignInAttempt.objects.all().delete()
    offer.post("comment", name="K" * 5000, text="x" * 50_000)
    kept = QuoteComment.objects.latest("at")
    assert (len(kept.name), len(kept.text)) == (120, 2000)


def test_a_new_link_closes_the_old_one_and_needs_a_sent_quote(offer: Offer) -> None:
    old = offer.address
    offer.address = offer.new_address()
    assert offer.customer.get(old).status_code == 404
    assert offer.read()
    draft = create("quote", name="Draft", owner=str(offer.owner.pk), lines=[free("A", "1")])
    assert offer.seller.post(f"/quotes/{draft}/link/").status_code == 422
    reader = signed_in(make_user("Rea Der", role="read_only"))
    assert reader.post(f"/quotes/{offer.key}/link/").status_code == 403
    assert reader.post(f"/quotes/{offer.key}/answer/", {"text": "x"}).status_code == 403
    assert QuoteLink.objects.filter(revoked_at=None).count() == 1


def test_quotes_expire_by_the_clock_and_say_so(offer: Offer) -> None:
    kept = create("quote", name="Open", company=str(offer.quote.company_id), lines=[free("A", "1")])
    send_quote(HOUSE, [kept], {})
    assert expire_quotes() == 0
    offer.write(valid_until=timezone.localdate() - timedelta(days=2))
    assert expire_quotes() == 1
    assert expire_quotes() == 0
    assert (offer.quote.state, Quote.objects.get(pk=kept).state) == ("expired", "sent")
    assert "was valid until" in offer.read()
    seen = {"seen": "0" * 64, "name": "Kim Berg", "agree": "yes", "choose.0": offer.line("Steel")}
    assert "was valid until" in offer.post("accept", **seen).text
