from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.accounts.validators import is_country, is_currency, is_language, is_site, is_zone

THE_ONLY_ID = 1


class Workspace(models.Model):
    """The firm this installation belongs to: one row, its defaults and its mail server."""

    class MailSecurity(models.TextChoices):
        TLS = "tls", _("TLS from the start (usual port 465)")
        STARTTLS = "starttls", _("STARTTLS (usual port 587)")
        NONE = "none", _("None (only inside your own network)")

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONLY_ID)
    name = models.CharField(max_length=200, blank=True, default="")
    public_address = models.CharField(max_length=300, blank=True, default="", validators=[is_site])
    currency = models.CharField(max_length=3, default="EUR", validators=[is_currency])
    language = models.CharField(max_length=10, default="en", validators=[is_language])
    timezone = models.CharField(max_length=64, default="UTC", validators=[is_zone])
    country = models.CharField(max_length=2, blank=True, default="", validators=[is_country])
    fiscal_year_start = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    # ISO numbers: 1 is Monday, 7 is Sunday.
    first_day_of_week = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    mail_host = models.CharField(max_length=253, blank=True, default="")
    mail_port = models.PositiveIntegerField(
        default=587, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    mail_security = models.CharField(
        max_length=8, choices=MailSecurity.choices, default=MailSecurity.STARTTLS
    )
    mail_user = models.CharField(max_length=254, blank=True, default="")
    mail_password_sealed = models.TextField(blank=True, default="")
    mail_from = models.EmailField(max_length=254, blank=True, default="")
    #: Hosts whose apps may come without being registered (client ID metadata documents).
    app_hosts = models.JSONField(
        default=list, blank=True, db_default=models.Value([], models.JSONField())
    )
    metadata_version = models.PositiveBigIntegerField(default=1)
    #: Since when nothing leaves the house: it was restored, and an owner has not let it speak yet.
    quiet_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=THE_ONLY_ID), name="workspace_is_the_only_one"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sends_mail(self) -> bool:
        """Whether a mail server and a sender are set."""
        return bool(self.mail_host and self.mail_from)
