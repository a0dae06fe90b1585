from django.core.validators import MaxValueValidator
from django.db import models

from rapport.accounts.validators import is_color

DEFAULT_COLOR = "#0f5c5a"
THE_ONLY_ID = 1


class Letterhead(models.Model):
    """How documents of the firm look: its address, colour, logo and what stands at the foot."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONLY_ID)
    address = models.CharField(max_length=500, blank=True, default="", db_default="")
    foot = models.CharField(max_length=500, blank=True, default="", db_default="")
    color = models.CharField(max_length=7, default=DEFAULT_COLOR, validators=[is_color])
    #: Within how many days customers pay, where nothing else was agreed.
    payment_days = models.PositiveSmallIntegerField(
        default=30, db_default=30, validators=[MaxValueValidator(365)]
    )
    #: Beside the workspace and not in it: that row is read with each request.
    logo = models.BinaryField(blank=True, default=b"")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=THE_ONLY_ID), name="letterhead_is_the_only_one"
            )
        ]
