"""A record can't name a user who is not there, whatever wrote it."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample

pytestmark = pytest.mark.django_db


def test_a_new_record_of_nobody_is_refused() -> None:
    with (
        pytest.raises(IntegrityError, match="names a user who is not there"),
        change(HOUSE, via="test"),
    ):
        Room.objects.create(name="Blue room", owner_id=uuid4())


def test_a_record_given_to_nobody_is_refused() -> None:
    key = make_sample("room")
    with (
        pytest.raises(IntegrityError, match="names a user who is not there"),
        transaction.atomic(),
        change(HOUSE, via="test"),
    ):
        Room.objects.filter(pk=key).update(owner_id=uuid4())
    assert Room.objects.get(pk=key).owner_id is None
