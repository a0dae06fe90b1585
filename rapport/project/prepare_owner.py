"""Run as a process: make the first user from an address and a file with the password."""

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
        create_owner(email, email.split("@")[0], password)
    except OSError as error:
        sys.exit(f"The password file can't be read: {error}.")
    except ValidationError as error:
        sys.exit("The owner account was not made: " + " ".join(error.messages))
    except Refused as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
