"""Addresses of forms on web pages."""

from django.urls import path

from rapport.contacts.web_forms import public_views

urlpatterns = [
    path("forms/<slug:slug>/", public_views.show_form, name="web_form"),
    path("forms/<slug:slug>/thanks/", public_views.show_thanks, name="web_form_thanks"),
    path("forms/<slug:slug>/hook/", public_views.take_program, name="web_form_hook"),
]
