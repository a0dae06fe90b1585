"""Coupons that are redeemed, each as often as its limit says, however many do so at once."""

from __future__ import annotations

from uuid import UUID

import psycopg
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import CouponUse
from rapport.catalog.queries.prices import valid_on
from rapport.records import access
from rapport.records.store import Missing, Rejected


def redeem_coupon(principal: Principal, code: str, object: str, record_id: UUID) -> UUID:
    """Use a coupon for a record, such as a quote, that one may change; the use's key.

    Once for a record: again is the same use. Raises Denied, Missing, Rejected where the coupon is
    not there, does not hold today, or is used up.
    """
    _check(principal, object, record_id)
    coupons = access.rows(principal, "discount").filter(valid_on(timezone.localdate()))
    coupon = coupons.filter(code=code).first() if code else None
    if coupon is None:
        words = {"code": code}
        raise Rejected({"code": _("The coupon “%(code)s” does not hold.") % words})
    try:
        with transaction.atomic():
            use, _is_new = CouponUse.objects.get_or_create(
                discount=coupon, record_id=record_id,
                defaults={"object": object, "by": principal.user_id},
            )  # fmt: skip
    except IntegrityError as fault:
        if not isinstance(fault.__cause__, psycopg.errors.CheckViolation):
            raise
        words = {"code": code}
        raise Rejected({"code": _("The coupon “%(code)s” is used up.") % words}) from fault
    return use.pk


def return_coupon(principal: Principal, code: str, object: str, record_id: UUID) -> None:
    """Take back that a coupon was used for a record; it may be used once more then.

    Raises Denied, Missing, Rejected where it was not used for it.
    """
    _check(principal, object, record_id)
    uses = CouponUse.objects.filter(discount__code=code, object=object, record_id=record_id)
    number, _kinds = uses.delete()
    if not number:
        words = {"code": code}
        raise Rejected({"code": _("The coupon “%(code)s” was not used for this record.") % words})


def _check(principal: Principal, object: str, record_id: UUID) -> None:
    access.check(principal, "edit", object)
    if not access.reachable(principal, object, [record_id], "edit"):
        raise Missing(_("This record is gone, or not yours to change."))
