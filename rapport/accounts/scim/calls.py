"""The last calls of the directory, for whoever sets it up."""

from __future__ import annotations

import json

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rapport.accounts.addresses import client_ip
from rapport.accounts.models import ProvisioningCall

KEPT = 100


def note_call(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Write a call down, and forget the oldest. What was asked for and sent is not kept."""
    ProvisioningCall.objects.create(
        method=(request.method or "")[:8],
        path=request.path_info[:200],
        status=answer.status_code,
        said=_said(answer)[:300],
        ip=client_ip(request),
    )
    oldest = ProvisioningCall.objects.values_list("pk", flat=True)[KEPT : KEPT + 1].first()
    if oldest is not None:
        ProvisioningCall.objects.filter(pk__lte=oldest).delete()


def _said(answer: HttpResponseBase) -> str:
    if answer.status_code < 400:
        return ""
    content: bytes = getattr(answer, "content", b"")
    return str(json.loads(content).get("detail", ""))
