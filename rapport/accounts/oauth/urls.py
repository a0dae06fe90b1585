"""Addresses that apps ask; people are asked at `/oauth/authorize`, a page of `setup`."""

from django.urls import path

from rapport.accounts.oauth import metadata, views
from rapport.accounts.oauth.sites import METADATA

RESOURCE = METADATA.lstrip("/")

urlpatterns = [
    path("oauth/token", views.token, name="oauth_token"),
    path("oauth/revoke", views.revoke, name="oauth_revoke"),
    path(
        ".well-known/oauth-authorization-server",
        metadata.authorization_server,
        name="oauth_metadata",
    ),
    path(RESOURCE, metadata.protected_resource, name="oauth_resource"),
    path(f"{RESOURCE}/<path:place>", metadata.protected_resource, name="oauth_resource_at"),
]
