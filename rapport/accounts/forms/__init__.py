from rapport.accounts.forms.account import EmailForm, PasswordForm, ProfileForm
from rapport.accounts.forms.entry import (
    InvitationForm,
    NewPasswordForm,
    ResetForm,
    SignInForm,
    WelcomeForm,
)

__all__ = [
    "EmailForm",
    "InvitationForm",
    "NewPasswordForm",
    "PasswordForm",
    "ProfileForm",
    "ResetForm",
    "SignInForm",
    "WelcomeForm",
]
