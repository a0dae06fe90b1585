"""`rapport mcp`: let an agent on this machine work with the records, over standard input."""

import argparse
import os
import sys
from typing import Any

from .opening import CommandFailed, meet_custom_fields, open_instance
from .output import add_verb

VARIABLE = "RAPPORT_TOKEN"
DESCRIPTION = f"""\
Speak the Model Context Protocol over standard input and output, for an agent
that starts this command. It may do what the token in {VARIABLE} allows, as at
the address /mcp of a running server. It ends with its input."""
EXAMPLES = f"""\
example, in the settings of a client:
  {{"mcpServers": {{"rapport": {{"command": "rapport",
    "args": ["--data", "/srv/crm", "mcp"], "env": {{"{VARIABLE}": "rpt_…"}}}}}}}}"""


def add_to(verbs: Any) -> None:
    """Add the verb to the command."""
    add_verb(
        verbs,
        "mcp",
        run,
        help="serve an agent that starts this command",
        description=DESCRIPTION,
        examples=EXAMPLES,
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until the input ends. Raises CommandFailed without a valid token."""
    secret = os.environ.get(VARIABLE, "")
    if not secret:
        raise CommandFailed(f"Put the token into {VARIABLE}; `rapport token create` makes one.")
    with open_instance(arguments.data):
        from rapport.records.surfaces.agents.stdio import asker_of, serve

        meet_custom_fields()
        if asker_of(secret) is None:
            raise CommandFailed(f"The token in {VARIABLE} is not valid, or not for this machine.")
        serve(sys.stdin, sys.stdout, lambda: asker_of(secret))
    return 0
