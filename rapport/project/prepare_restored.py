"""Run as a process under the owner role: take a restore that was interrupted to its end."""

import sys

import django


def main() -> None:
    """Take the last steps; end with a sentence where that is not possible."""
    django.setup()
    from .backups.faults import BackupFault
    from .backups.finishing import finish
    from .backups.work import these_urls, this_instance
    from .spoken import speak

    speak(these_urls().owner)
    try:
        finish(this_instance(), these_urls())
    except BackupFault as fault:
        sys.exit(" ".join(str(fault).splitlines()))


if __name__ == "__main__":
    main()
