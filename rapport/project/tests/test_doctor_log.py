"""What the doctor says of the seals on the change log."""

from __future__ import annotations

import pytest

from rapport.project.doctor.log import is_log_unbroken
from rapport.records.models import Seal

pytestmark = pytest.mark.django_db


def test_a_log_without_a_broken_seal_is_well() -> None:
    assert (is_log_unbroken().grade, is_log_unbroken().name) == ("good", "seals")


def test_a_seal_that_was_made_up_is_bad_news() -> None:
    made_up = {"root": b"r", "digest": b"d", "signature": b"s"}
    Seal.objects.create(number=1, after=0, last=1, rows=1, **made_up)
    found = is_log_unbroken()
    assert found.grade == "bad"
    assert "seal 1" in found.sentence
