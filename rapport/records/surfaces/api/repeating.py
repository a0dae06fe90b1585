"""Idempotency-Key: a request that is sent again is answered again, and done once.

Key, change and answer are one transaction. So a process that dies in the middle leaves none of
them, and of two that send the same at once the second waits until the first is through.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.utils import OperationalError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rapport.accounts.request import Request
from rapport.accounts.sealing import open_sealed, seal
from rapport.records.models import AnsweredRequest
from rapport.records.surfaces.api.problems import Problem

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: What an answer is more than its body.
TOLD = ("ETag", "Location", "Link", "Content-Type")
WAITS = "5s"
#: No JSON begins so.
SEALED = "sealed:"

type Respond = Callable[[], HttpResponse]


def answer_once(request: Request, respond: Respond) -> HttpResponse:
    """The answer of `respond`, or the one that the same request with the same key got before.

    Refusals are not kept: whoever mends what was wrong may go on with the same key. Raises Problem
    for a key that is none, 409 while the first is still under way, 422 for another request.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method not in WRITING:
        return respond()
    place: dict[str, Any] = {
        "user_id": request.principal.user_id,
        "key_digest": _key_digest(request, key),
    }
    asked = _request_digest(request)
    with transaction.atomic():
        is_new = _claim(place, asked)
        made = AnsweredRequest.objects.get(**place)
        if not is_new:
            return _again(made, asked)
        answer = respond()
        if answer.status_code >= 400 or answer.streaming:
            transaction.set_rollback(True)
            return answer
        made.status, made.body = answer.status_code, _kept(answer)
        made.headers = {name: answer[name] for name in TOLD if name in answer}
        made.save(update_fields=["status", "body", "headers"])
    return answer


@app.periodic(cron="7 * * * *")
@app.task(name="records.forget_answered", queue="maintenance")
def forget_answered(timestamp: int) -> None:
    """Let go of answers that were kept for a day."""
    AnsweredRequest.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()


def _claim(place: dict[str, Any], asked: str) -> bool:
    """Take the key; whether nobody had it. Waits for one who is just taking it."""
    AnsweredRequest.objects.filter(**place, at__lt=timezone.now() - KEPT_FOR).delete()
    row = AnsweredRequest(**place, request_digest=asked)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAITS])
            made = AnsweredRequest.objects.bulk_create([row], ignore_conflicts=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError:
        raise Problem(
            409,
            _("The first request with this key is still under way. Ask again in a moment."),
            headers={"Retry-After": "5"},
        ) from None
    return AnsweredRequest.objects.filter(pk=made[0].pk).exists()


def _again(made: AnsweredRequest, asked: str) -> HttpResponse:
    if made.request_digest != asked:
        raise Problem(422, _("This key was used for another request. Take a new one."))
    headers = {**made.headers, "Idempotency-Replayed": "true"}
    body = made.body
    if body.startswith(SEALED):
        headers["Cache-Control"] = "no-store"
        body = open_sealed(body.removeprefix(SEALED))
    return HttpResponse(body, status=made.status, headers=headers)


def _kept(answer: HttpResponse) -> str:
    """The body as it is kept; one that nobody else may keep, such as a secret, sealed."""
    body = answer.content.decode()
    return SEALED + seal(body) if answer.get("Cache-Control") == "no-store" else body


def _key_digest(request: Request, key: str) -> str:
    found = KEY.fullmatch(key)
    if found is None:
        raise Problem(400, _("Idempotency-Key is 1 to 255 visible characters."))
    return sha256(f"{request.principal.token_id} {found[1]}".encode()).hexdigest()


def _request_digest(request: Request) -> str:
    """Of large uploads only their length: reading them twice would cost more than it tells."""
    kind = request.content_type or ""
    is_json = kind.endswith("json") or not kind
    body = request.body if is_json else request.headers.get("Content-Length", "").encode()
    head = f"{request.method} {request.get_full_path()} {kind}\n"
    return sha256(head.encode() + body).hexdigest()
