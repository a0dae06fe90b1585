"""The product's settings with the engine's toy apps beside the real domains."""

from rapport.project.settings import *  # noqa: F403
from rapport.project.settings import INSTALLED_APPS as _PRODUCT

INSTALLED_APPS = [*_PRODUCT, "rapport.records.sample.rooms", "rapport.records.sample.rentals"]

# Pages under test keep still; whoever tests that they follow what others change switches it on.
LIVE_URL = ""
