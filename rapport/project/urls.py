"""All addresses; each domain brings its own."""

from django.urls import include, path

from rapport.project.demo.views import start_demo
from rapport.project.routing import BySegment
from rapport.project.today import views as today

urlpatterns = [
    BySegment(
        [
            path("", include("rapport.project.observing.urls")),
            path("", include("rapport.accounts.urls")),
            path("", include("rapport.setup.urls")),
            path("", include("rapport.setup.webhooks.urls")),
            path("", include("rapport.setup.leads.urls")),
            path("", include("rapport.setup.api.urls")),
            path("", include("rapport.project.backups.urls")),
            path("", include("rapport.automation.urls")),
            path("", include("rapport.contacts.web_forms.urls")),
            path("", include("rapport.activities.urls")),
            path("", include("rapport.catalog.urls")),
            path("", include("rapport.sales.urls")),
            path("", include("rapport.sales.quotes.urls")),
            path("", include("rapport.sales.orders.urls")),
            path("", include("rapport.sales.invoices.urls")),
            path("", include("rapport.sales.leads.urls")),
            path("", today.show, name="today"),
            path("start/demo/", start_demo, name="start_demo"),
            path("", include("rapport.records.urls")),
        ]
    )
]

handler500 = "rapport.project.errors.server_error"
