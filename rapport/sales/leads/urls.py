"""Addresses of the lead inbox."""

from django.urls import path

from rapport.sales.leads import converting, views

urlpatterns = [
    path("leads/inbox/", views.inbox, name="lead_inbox"),
    path("leads/inbox/<uuid:lead_id>/", views.judge, name="lead_judge"),
    # Before the dialog that every other action has.
    path("leads/<uuid:lead_id>/actions/convert/", converting.convert, name="lead_convert"),
]
