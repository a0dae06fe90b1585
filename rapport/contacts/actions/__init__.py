"""What is done with leads, and with the rules by which they come to people."""

from rapport.contacts.actions.lead_rules import (
    add_rule,
    change_rule,
    keep_targets,
    move_rule,
    remove_rule,
)
from rapport.contacts.actions.route_leads import route_leads, try_lead
from rapport.contacts.actions.tell_of_waiting_leads import tell_of_waiting_leads
from rapport.contacts.leads.assigning import route_new_leads
from rapport.contacts.leads.returning import return_leads

__all__ = [
    "add_rule",
    "change_rule",
    "keep_targets",
    "move_rule",
    "remove_rule",
    "return_leads",
    "route_leads",
    "route_new_leads",
    "tell_of_waiting_leads",
    "try_lead",
]
