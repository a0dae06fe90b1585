"""The request as views meet it, after the middleware has said who asks."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from rapport.accounts.models import User, Workspace
from rapport.accounts.principals import Principal
from rapport.accounts.sessions import SessionStore


class Request(HttpRequest):
    """For hints only: `user` is anonymous where the view admits strangers."""

    user: User
    session: SessionStore
    principal: Principal
    workspace: Workspace
    htmx: HtmxDetails
