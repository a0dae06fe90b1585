"""What one user may do with each kind of record, by all his roles together."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts.models import User
from rapport.accounts.models.role import SCOPES
from rapport.accounts.request import Request
from rapport.records.explaining import ObjectAnswer, overview
from rapport.setup.access import administrators_only
from rapport.setup.matrix import LABELS


@administrators_only
@never_cache
@require_safe
def user_access(request: Request, user_id: UUID) -> HttpResponse:
    """Show how far each action reaches, the rules besides, and the fields that are kept away."""
    person = get_object_or_404(User.objects.select_related("role"), pk=user_id)
    told = overview(request.principal, person)
    answer = {
        "person": person,
        "actions": LABELS.values(),
        "rows": [(one, _cells(one)) for one in told],
        "rules": [(one, LABELS[rule.action], rule) for one in told for rule in one.rules],
        "fields": [one for one in told if one.hidden or one.read_only],
    }
    return render(request, "setup/user_access.html", answer)


def _cells(answer: ObjectAnswer) -> list[tuple[object, str, object]]:
    """Of each action its name, and its scope by key and in words."""
    words = dict(SCOPES)
    return [
        (LABELS[action], scope.value, words[scope.value]) for action, scope in answer.scopes.items()
    ]
