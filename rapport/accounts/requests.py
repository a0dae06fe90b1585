"""The request as views meet it, for their type hints."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal


class Request(HttpRequest):
    """A request behind our middleware: who asks, of which firm, and how the page asks."""

    principal: Principal
    workspace: Workspace
    htmx: HtmxDetails
