"""On which terms an agent works: what his token may do at once, and what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from rapport.accounts.bearer import digest_of
from rapport.accounts.models import ApiToken, OAuthApp
from rapport.accounts.models.oauth import APP_LIMITS
from rapport.accounts.narrowing import as_agent, for_proposals
from rapport.accounts.principals import Principal
from rapport.records.models import AgentTerms


def terms_of(token_id: UUID | None) -> AgentTerms | None:
    """The terms of a token with the token itself, None where it has none; one statement.

    For a token that an app was given, the app's count as well: the stricter one of each.
    """
    if token_id is None:
        return None
    tokens = ApiToken.objects.filter(pk=token_id)
    token = tokens.select_related("user__role", "agent_terms", "app_access__app").first()
    own: AgentTerms | None = getattr(token, "agent_terms", None)
    access = getattr(token, "app_access", None)
    if token is None or access is None:
        return own
    return _stricter(token, own, access.app)


def _stricter(token: ApiToken, own: AgentTerms | None, app: OAuthApp) -> AgentTerms:
    made = AgentTerms(token=token, proposes=app.proposes or bool(own and own.proposes))
    for name in APP_LIMITS:
        known = [one for one in (getattr(app, name), getattr(own, name, None)) if one is not None]
        setattr(made, name, min(known, default=None))
    return made


def proposer(terms: AgentTerms | None) -> Principal | None:
    """Who proposes changes by the token, None where nothing waits for approval."""
    if terms is None or not terms.proposes:
        return None
    return as_agent(for_proposals(terms.token))


def let_propose(token: ApiToken) -> None:
    """Have an agent with this token propose what it wants changed.

    Raises ValueError for a token that writes: what waits for approval must have no other way.
    """
    if token.may_write:
        raise ValueError("This token writes by itself.")
    AgentTerms.objects.update_or_create(token=token, defaults={"proposes": True})


def set_terms(secret: str, *, proposes: bool, limits: Mapping[str, int | None]) -> None:
    """Set the terms of a token that was just made, where there are any."""
    if proposes or any(value is not None for value in limits.values()):
        token = ApiToken.objects.get(digest=digest_of(secret))
        AgentTerms.objects.create(token=token, proposes=proposes, **limits)
