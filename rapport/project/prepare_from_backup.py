"""Run as a process under the owner role: the restore that an owner asked for in the browser."""

import django
from django.utils.translation import gettext as _


def main() -> None:
    """Restore; whatever comes of it is noted for the page."""
    django.setup()
    from .backups.asking import fulfil
    from .backups.work import these_urls, this_instance
    from .spoken import speak
    from .supervisor.output import say

    speak(these_urls().owner)
    made = fulfil(this_instance(), these_urls())
    fault = _("It did not succeed, and nothing was changed: %(fault)s") % {"fault": made.fault}
    say(fault if made.fault else _("Restored."))


if __name__ == "__main__":
    main()
