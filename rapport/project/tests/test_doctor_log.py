"""What the doctor says of the seals on the change log."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from rapport.project.doctor.log import is_log_sealed, is_log_unbroken
from rapport.records.models import Seal

pytestmark = pytest.mark.django_db
MADE_UP = {"root": b"r", "digest": b"d", "signature": b"s"}


def test_a_log_without_a_broken_seal_is_well() -> None:
    assert (is_log_unbroken().grade, is_log_unbroken().name) == ("good", "seals")


def test_a_seal_that_was_made_up_is_bad_news() -> None:
    Seal.objects.create(number=1, after=0, last=1, rows=1, **MADE_UP)
    found = is_log_unbroken()
    assert found.grade == "bad"
    assert "1 seal is broken: seal 1" in found.sentence
    with override("es"):
        assert "(1 sello roto: " in is_log_unbroken().sentence


def test_a_time_is_said_as_its_reader_writes_it() -> None:
    at = datetime(2026, 11, 23, 10, 17, tzinfo=UTC)
    Seal.objects.create(number=1, after=0, last=2**62, rows=1, at=at, **MADE_UP)
    with timezone.override("Europe/Madrid"), override("es"):
        assert "23/11/26, 11:17" in is_log_sealed().sentence
    with timezone.override("UTC"), override("en"):
        assert "11/23/26, 10:17 AM" in is_log_sealed().sentence
