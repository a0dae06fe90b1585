"""A verb for more records than a form usually has fields."""

from uuid import uuid4

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.sample.rooms.models import Room
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db


def test_thousands_of_ticked_records_are_taken_in_one_form() -> None:
    made = str(make_sample("room"))
    others = [str(uuid4()) for _number in range(4999)]
    answer = signed_in(make_user()).post("/rooms/bulk/", {"do": "trash", "id": [*others, made]})
    assert answer.status_code == 302
    assert not Room.objects.filter(pk=made, deleted_at=None).exists()


def test_ticked_records_that_are_all_out_of_reach_are_refused() -> None:
    asked = {"do": "trash", "id": [str(uuid4())]}
    assert signed_in(make_user()).post("/rooms/bulk/", asked).status_code == 403
