"""Run as a process under the owner role: bring a database to this version, with a way back."""

import sys

import django


def main() -> None:
    """Upgrade; end with a sentence where that is refused or did not work."""
    django.setup()
    from .backups.arriving import arrive
    from .backups.faults import BackupFault
    from .backups.upgrading import UpgradeDisturbed, UpgradeFailed
    from .backups.work import these_urls, this_instance
    from .instance import InstanceError
    from .spoken import speak
    from .supervisor.output import say
    from .supervisor.preparation import DISTURBED

    speak(these_urls().owner)
    try:
        arrive(this_instance(), these_urls(), say)
    except UpgradeDisturbed as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(DISTURBED)
    except (BackupFault, InstanceError, UpgradeFailed) as fault:
        sys.exit(" ".join(str(fault).splitlines()))


if __name__ == "__main__":
    main()
