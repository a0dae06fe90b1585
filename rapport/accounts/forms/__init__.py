from rapport.accounts.forms.account import PasswordForm, ProfileForm
from rapport.accounts.forms.entry import (
    InvitationForm,
    NewPasswordForm,
    ResetForm,
    SignInForm,
    WelcomeForm,
)

__all__ = [
    "InvitationForm",
    "NewPasswordForm",
    "PasswordForm",
    "ProfileForm",
    "ResetForm",
    "SignInForm",
    "WelcomeForm",
]
