"""How the columns of other programs' files call addresses and numbers."""

EMAIL_WORDS = (
    "email", "e-mail", "email address", "e-mail address", "emails", "mail", "correo",
    "correo electrónico",
    "work email", "email 1", "e-mail 1", "e-mail 2", "e-mail 3", "e-mail 1 value", "e-mail 2 value",
    "e-mail 2 address", "e-mail 3 address", "additional email addresses", "primary email",
    "adresse e-mail",
    "courriel",
)  # fmt: skip

PHONE_WORDS = (
    "phone", "phones", "phone number", "phonenumber", "telephone", "tel", "mobile", "mobile phone",
    "mobilephone", "cell", "cell phone", "business phone", "work phone", "home phone", "homephone",
    "other phone", "otherphone", "assistant phone", "company main phone", "primary phone",
    "phone 1 value",
    "phone 2 value", "phone 3 value", "business phone 2", "home phone 2", "fax", "business fax",
    "teléfono",
    "móvil", "celular", "telefon", "handy", "telefonnummer", "téléphone", "portable",
)  # fmt: skip
