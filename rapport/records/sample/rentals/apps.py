from django.apps import AppConfig


class RentalsConfig(AppConfig):
    """The upper toy app, which adds to rooms what rooms knows nothing of."""

    name = "rapport.records.sample.rentals"
    label = "rentals"
