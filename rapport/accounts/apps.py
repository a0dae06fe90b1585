from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, teams, roles, grants, sign-in and tokens."""

    name = "rapport.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from rapport.accounts.seeds import seed_after_migrate

        post_migrate.connect(seed_after_migrate, sender=self, dispatch_uid="accounts.seed")
