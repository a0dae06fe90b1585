from datetime import datetime
from urllib.parse import urlsplit

from django.db import models

from rapport.accounts.validators import are_networks
from rapport.kit.ids import uuid7


class OAuthApp(models.Model):
    """A program of somebody else that people here may let act for them (OAuth 2.1, a client)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    redirect_uris = models.JSONField(default=list)
    #: What it may ask for at most, as its requests write it.
    scopes = models.JSONField(default=list)
    #: How long it is let in before people are asked again.
    days = models.PositiveSmallIntegerField(default=90)
    networks = models.JSONField(default=list, blank=True, validators=[are_networks])
    #: As an agent it only reads; what it wants changed waits for its person.
    proposes = models.BooleanField(default=False, db_default=False)
    #: How often it may ask for something, and for a change, for each person; any number without.
    calls_per_hour = models.PositiveIntegerField(null=True, blank=True)
    calls_per_day = models.PositiveIntegerField(null=True, blank=True)
    writes_per_hour = models.PositiveIntegerField(null=True, blank=True)
    writes_per_day = models.PositiveIntegerField(null=True, blank=True)
    #: Where it describes itself, if it came by itself; its client id is this address then.
    document_url = models.CharField(max_length=500, blank=True, default="", db_default="")
    #: When the document was read last.
    read_at = models.DateTimeField(null=True, blank=True)
    #: Empty for a public one, which can keep no secret.
    secret_digest = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document_url"],
                condition=~models.Q(document_url=""),
                name="app_document_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def client_id(self) -> str:
        """What it calls itself in its requests."""
        return self.document_url or str(self.pk)

    @property
    def host(self) -> str:
        """Of one that came by itself, who vouches for it."""
        return urlsplit(self.document_url).hostname or ""

    @property
    def is_confidential(self) -> bool:
        """Whether it proves itself by a secret."""
        return bool(self.secret_digest)


#: How often an app may come as an agent.
APP_LIMITS = ("calls_per_hour", "calls_per_day", "writes_per_hour", "writes_per_day")


class AppAccess(models.Model):
    """That a person let an app in; the token is renewed in place until the access ends."""

    token = models.OneToOneField(
        "accounts.ApiToken", primary_key=True, on_delete=models.CASCADE, related_name="app_access"
    )
    app = models.ForeignKey(OAuthApp, on_delete=models.CASCADE, related_name="accesses")
    scope = models.TextField()
    given_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["-given_at", "-token_id"]

    def __str__(self) -> str:
        return f"{self.app} for {self.token.user}"

    def is_valid(self, now: datetime) -> bool:
        """Whether the app may still ask for tokens at `now`."""
        return self.token.revoked_at is None and self.ends_at > now


class AuthorizationCode(models.Model):
    """What a browser carries back to the app, to be exchanged once; kept as a digest."""

    digest = models.CharField(primary_key=True, max_length=64)
    app = models.ForeignKey(OAuthApp, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    redirect_uri = models.TextField()
    scope = models.TextField()
    challenge = models.CharField(max_length=43)
    expires_at = models.DateTimeField()
    #: What came of it; who brings the code again ends that.
    access = models.ForeignKey(AppAccess, null=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Code of {self.app}"


class RefreshToken(models.Model):
    """Good for one new access token; a used one is kept, so that it is known when it comes again.

    Then one of two who hold it has stolen it, and neither goes on.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    access = models.ForeignKey(AppAccess, on_delete=models.CASCADE, related_name="refresh_tokens")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Refresh token of {self.access}"
