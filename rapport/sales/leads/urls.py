"""Addresses of the lead inbox."""

from django.urls import path

from rapport.sales.leads import views

urlpatterns = [
    path("leads/inbox/", views.inbox, name="lead_inbox"),
    path("leads/inbox/<uuid:lead_id>/", views.judge, name="lead_judge"),
]
