"""Cards on the page of a product."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.catalog.models import CouponUse, Discount, Product
from rapport.kit.formats import format_day
from rapport.records import access, registry
from rapport.records.attachments import address_of
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.records.models import Attachment
from rapport.ui.html import Markup

SHOWN, USES = 20, 50
#: What every browser draws; other files are no pictures to look at.
DRAWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")
IMAGE = Markup('<div class="pane-pad"><img class="product-image" src="{}" alt="{}"></div>')
WAY = Markup('<p class="pane-pad"><a class="link" href="/prices/?{}">{}</a></p>')
USE = (
    '<a class="reli" href="{}"><span class="spread"><span class="medium trunc" dir="auto">{}</span>'
    '<span class="small muted">{}</span></span></a>'
)
HIDDEN = '<p class="pane-pad small muted">{}</p>'
VARIANT = (
    '<a class="reli" href="/products/{}/"><span class="spread">'
    '<span class="medium trunc" dir="auto">{}</span><span class="num muted">{}</span></span></a>'
)


def ask_image(principal: Principal, product: Product) -> Mapping[str, Ask]:
    """The first picture among the files of a product."""
    return {"image": Ask(_image(), {"pictured": product.pk})}


@cache
def _image() -> Compiled:
    found = Attachment.objects.filter(record_id=Given("pictured"), content_type__in=DRAWN)
    return compiled(found.order_by("added_at", "pk").values_list("pk", JSONArray("name"))[:1])


def product_image(request: Request, product: Product, answers: Answers) -> SafeString | str:
    """The first picture among the files of a product."""
    for key, (name,) in answers["image"]:
        return IMAGE(address_of(key, request.principal)[0], name)
    return ""


def product_prices(request: Request, product: Product) -> SafeString | str:
    """The way to what a customer would pay for it."""
    if not access.may(request.principal, "view", "price_list") or product.deleted_at:
        return ""
    query = urlencode({"product.id": product.pk, "product": product.name})
    return WAY(query, _("What would a customer pay?"))


def ask_variants(principal: Principal, product: Product) -> Mapping[str, Ask]:
    """The variants of a product."""
    reached = access.reach(principal, registry.get("product"))
    hidden = access.unread(principal, "product", "parent", "sku", "name")
    if "parent" in hidden:
        return {}
    query = _variants(registry.edition(), reached, hidden)
    return {"variants": Ask(query, {"parent": product.pk})}


@lru_cache(maxsize=64)
def _variants(_edition: int, reached: access.Reach, hidden: frozenset[str]) -> Compiled:
    found = access.reached_rows(registry.get("product"), reached).filter(parent_id=Given("parent"))
    card = JSONArray.without(hidden, "name", "sku")
    return compiled(found.order_by("name", "pk").values_list("pk", card)[:SHOWN])


def product_variants(request: Request, product: Product, answers: Answers) -> SafeString | str:
    """The variants of a product, by name."""
    rows = ((key, *card) for key, card in answers.get("variants", ()))
    return format_html_join("", VARIANT, rows)


def coupon_uses(request: Request, coupon: Discount) -> SafeString | str:
    """What a coupon was used for, the newest first; of what the reader does not see, how many."""
    if not coupon.used or "used" in access.unread(request.principal, "discount", "used"):
        return ""
    uses = list(CouponUse.objects.filter(discount=coupon).order_by("-at", "-pk")[:USES])
    who, today = request.principal, timezone.localdate()
    titles = access.titles(who, [(one.object, one.record_id) for one in uses], who.language)
    seen = [(titles[one.record_id], one.at) for one in uses if one.record_id in titles]
    locale = who.locale or who.language
    rows = (
        (one.url, one.text, format_day(timezone.localtime(at).date(), locale, today))
        for one, at in seen
    )
    rest = coupon.used - len(seen)
    words = ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}
    return format_html_join("", USE, rows) + (format_html(HIDDEN, words) if rest else "")
