"""Run as a process: collect the assets of all domains under names that carry their hash."""

import django


def main() -> None:
    """Collect into the instance's folder, dropping what an older version left."""
    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


if __name__ == "__main__":
    main()
