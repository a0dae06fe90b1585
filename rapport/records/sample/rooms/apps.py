from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """The lower toy app."""

    name = "rapport.records.sample.rooms"
    label = "rooms"
