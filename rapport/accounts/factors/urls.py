"""Addresses of second factors."""

from django.urls import path

from rapport.accounts.factors.views import account, passkeys, sign_in

urlpatterns = [
    path("login/code/", sign_in.code, name="sign_in_code"),
    path("login/factor/", sign_in.factor, name="sign_in_factor"),
    path("login/passkey/", passkeys.sign_in, name="sign_in_passkey"),
    path("account/confirm/passkey/", passkeys.confirm, name="account_confirm_passkey"),
    path("account/passkeys/new/", passkeys.add, name="account_passkey_new"),
    path(
        "account/passkeys/<uuid:passkey_id>/rename/",
        passkeys.rename,
        name="account_passkey_rename",
    ),
    path(
        "account/passkeys/<uuid:passkey_id>/remove/",
        passkeys.remove,
        name="account_passkey_remove",
    ),
    path("account/confirm/", account.confirm, name="account_confirm"),
    path("account/factor/", account.factor, name="account_factor"),
    path("account/factor/codes/", account.codes, name="account_factor_codes"),
    path("account/factor/off/", account.off, name="account_factor_off"),
]
