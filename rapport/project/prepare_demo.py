"""Run as a process: fill an empty instance with the sample company."""

import sys
from pathlib import Path

import django

DEMO_EMAIL = "owner@demo.example"


def main(password_file: str) -> None:
    """Build the sample company for the owner; a new instance gets one whose password is given."""
    django.setup()
    from rapport.accounts.actions import create_owner
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.project.demo import DemoExists, begin_scores, build

    if not User.objects.exists():
        create_owner(DEMO_EMAIL, "Demo", Path(password_file).read_text().strip())
    owner = User.objects.filter(is_active=True, role__key="owner").order_by("created_at").first()
    if owner is None:
        sys.exit("The sample company needs an owner, and this instance has none.")
    try:
        build(principal_of(owner))
        begin_scores()
    except DemoExists as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main(*sys.argv[1:])
