"""On which terms an agent works: what his token may do at once, and what waits for a person."""

from __future__ import annotations

from uuid import UUID

from rapport.accounts.models import ApiToken
from rapport.accounts.narrowing import as_agent, for_proposals
from rapport.accounts.principals import Principal
from rapport.records.models import AgentTerms


def terms_of(token_id: UUID | None) -> AgentTerms | None:
    """The terms of a token with the token itself, None where it has none; one statement."""
    found = AgentTerms.objects.filter(pk=token_id).select_related("token__user__role")
    return found.first()


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
