"""A verb for more records than a form usually has fields."""

from uuid import uuid4

import pytest

from rapport.accounts.testing import make_user, signed_in

pytestmark = pytest.mark.django_db


def test_thousands_of_ticked_records_are_taken_in_one_form() -> None:
    ids = [str(uuid4()) for _number in range(5000)]
    answer = signed_in(make_user()).post("/people/bulk/", {"do": "trash", "id": ids})
    assert answer.status_code == 302
