"""What is done with leads, and with the rules by which they come to people."""

from rapport.contacts.actions.lead_questions import (
    add_question,
    change_question,
    keep_goal,
    remove_question,
    write_points,
)
from rapport.contacts.actions.lead_rules import (
    add_rule,
    change_rule,
    keep_targets,
    move_rule,
    place_rule,
    remove_rule,
)
from rapport.contacts.actions.route_leads import route_leads, try_lead
from rapport.contacts.actions.tell_of_waiting_leads import tell_of_waiting_leads
from rapport.contacts.actions.web_forms import (
    forget_submissions,
    keep_web_form,
    remove_web_form,
    renew_form_secret,
    take_again,
)
from rapport.contacts.leads.assigning import route_new_leads
from rapport.contacts.leads.returning import return_leads

__all__ = [
    "add_question",
    "add_rule",
    "change_question",
    "change_rule",
    "forget_submissions",
    "keep_goal",
    "keep_targets",
    "keep_web_form",
    "move_rule",
    "place_rule",
    "remove_question",
    "remove_rule",
    "remove_web_form",
    "renew_form_secret",
    "return_leads",
    "route_leads",
    "route_new_leads",
    "take_again",
    "tell_of_waiting_leads",
    "try_lead",
    "write_points",
]
