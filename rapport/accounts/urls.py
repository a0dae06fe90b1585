"""Addresses of sign-in and one's own account."""

from django.urls import include, path

from rapport.accounts.sso import views as sso
from rapport.accounts.viewing import views as viewing
from rapport.accounts.views import absences, account, emails, first_run, links, sign_in

urlpatterns = [
    path("welcome/", first_run.welcome, name="welcome"),
    path("start/", first_run.start, name="start"),
    path("login/", sign_in.sign_in, name="sign_in"),
    path("", include("rapport.accounts.factors.urls")),
    path("login/sso/", sso.start, name="sso_start"),
    path("login/sso/back/", sso.back, name="sso_back"),
    path("login/sso/leave/", sso.leave, name="sso_leave"),
    path("", include("rapport.accounts.scim.urls")),
    path("", include("rapport.accounts.oauth.urls")),
    path("logout/", sign_in.sign_out, name="sign_out"),
    path("viewing/stop/", viewing.stop, name="viewing_stop"),
    path("language/", sign_in.set_language, name="set_language"),
    path("reset/", links.reset, name="reset"),
    path("reset/<str:secret>/", links.new_password, name="new_password"),
    path("invite/<str:secret>/", links.invitation, name="invitation"),
    path("account/", account.account, name="account"),
    path("account/absences/", absences.absences, name="account_absences"),
    path(
        "account/absences/<uuid:absence_id>/remove/", absences.remove, name="account_absence_remove"
    ),
    path("account/email/", emails.change, name="account_email"),
    path("account/email/stop/", emails.stop, name="account_email_stop"),
    path("email/<str:secret>/", emails.answer, name="email_change"),
    path("account/password/", account.password, name="account_password"),
    path("account/security/", account.security, name="account_security"),
    path("account/sessions/end/", account.end_other_sessions, name="account_sessions_end"),
    path("account/sessions/<str:digest>/end/", account.end_session, name="account_session_end"),
]
