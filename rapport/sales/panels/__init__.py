"""Cards on the pages of people, companies, stages and deals themselves."""

from rapport.sales.panels.deal_people import ask_deal_people, deal_people
from rapport.sales.panels.open_deals import (
    ask_company_deals,
    ask_person_deals,
    company_deals,
    person_deals,
)
from rapport.sales.panels.playbook import ask_playbook, playbook
from rapport.sales.panels.review import review
from rapport.sales.panels.stage_exit import stage_exit
from rapport.sales.panels.stages import ask_stages, stages

__all__ = [
    "ask_company_deals",
    "ask_deal_people",
    "ask_person_deals",
    "ask_playbook",
    "ask_stages",
    "company_deals",
    "deal_people",
    "person_deals",
    "playbook",
    "review",
    "stage_exit",
    "stages",
]
