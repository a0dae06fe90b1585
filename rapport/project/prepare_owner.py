"""Run as a process: make the first user from an address and a file with the password."""

import re
import sys
from pathlib import Path

import django


def main(email: str, password_file: str) -> None:
    """Create the owner; end with a sentence when the address or password is refused."""
    django.setup()
    from django.core.exceptions import ValidationError

    from rapport.accounts.actions import Refused, create_owner

    try:
        password = Path(password_file).read_text().rstrip("\r\n")
        create_owner(email, name_in(email), password)
    except OSError as error:
        sys.exit(f"The password file can't be read: {error}.")
    except ValidationError as error:
        sys.exit("The owner account was not made: " + " ".join(error.messages))
    except Refused as error:
        sys.exit(str(error))


def name_in(email: str) -> str:
    """What to call somebody until he says: `ana.lopez2@firm.example` is Ana Lopez."""
    words = re.findall(r"[^\W\d_]+", email.partition("@")[0].partition("+")[0])
    return " ".join(word[0].upper() + word[1:] for word in words) or email


if __name__ == "__main__":
    main(*sys.argv[1:])
