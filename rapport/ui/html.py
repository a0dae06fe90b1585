"""The one place where text is declared to be safe HTML."""

from django.utils.safestring import SafeString, mark_safe


def trusted(text: str) -> SafeString:
    """Text that is safe HTML already: sanitised, or made by our own code from safe parts."""
    return mark_safe(text)  # noqa: S308
