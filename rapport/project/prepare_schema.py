"""Run as a process under the owner role: migrate the database."""

import django
from psycopg.conninfo import conninfo_to_dict


def main() -> None:
    """Bring the database to this version's shape."""
    django.setup()
    from rapport.sales.actions import add_first_lists

    from .schema import migrate
    from .settings import INSTANCE

    migrate(str(conninfo_to_dict(INSTANCE.database_url)["user"]))
    add_first_lists()


if __name__ == "__main__":
    main()
