"""Run as a process under the owner role: the restore that an owner asked for in the browser."""

import django


def main() -> None:
    """Restore; whatever comes of it is noted for the page."""
    django.setup()
    from .backups.asking import fulfil
    from .backups.work import these_urls, this_instance
    from .supervisor.output import say

    made = fulfil(this_instance(), these_urls())
    say(f"It did not succeed, and nothing was changed: {made.fault}" if made.fault else "Restored.")


if __name__ == "__main__":
    main()
