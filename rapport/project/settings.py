"""Django's settings. What differs between instances comes from `environment`."""

from pathlib import Path
from typing import Any

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from .environment import django_database, read_environment

INSTANCE = read_environment()
PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = INSTANCE.secret_key
# What seals secrets in the database once keys were rotated; without any the key above does.
SEALING_KEYS = INSTANCE.sealing_keys
SEALING_KEYS_FILE = INSTANCE.data / "secrets" / "sealing-keys"
DEBUG = INSTANCE.debug
ALLOWED_HOSTS = list(INSTANCE.allowed_hosts)
PUBLIC_URL = INSTANCE.public_url
ROOT_URLCONF = "rapport.project.urls"
WSGI_APPLICATION = "rapport.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "django_htmx",
    "rapport.ui",
    "rapport.accounts",
    "rapport.records",
    "rapport.contacts",
    "rapport.activities",
    "rapport.catalog",
    "rapport.automation",
    "rapport.geo",
    "rapport.sales",
    "rapport.setup",
    "rapport.project",
]

MIDDLEWARE = [
    "rapport.project.observing.middleware.ObservingMiddleware",
    "rapport.accounts.reached.PublicAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rapport.project.compression.CompressionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "rapport.project.middleware.PermissionsPolicyMiddleware",
    "rapport.project.middleware.PrivateAnswerMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "rapport.records.surfaces.api.middleware.ApiProblemMiddleware",
    # Before anything that looks an address up: strangers learn nothing about what exists.
    "rapport.accounts.middleware.PrincipalMiddleware",
    "rapport.accounts.viewing.middleware.ViewingMiddleware",
    "rapport.records.metadata.middleware.MetadataMiddleware",
    "django.middleware.common.CommonMiddleware",
    "rapport.project.uploads.UploadLimitMiddleware",
    "rapport.accounts.reached.OriginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rapport.records.surfaces.refusals.RefusalMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rapport.records.surfaces.nav.menu",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------
DATABASES = {"default": django_database(INSTANCE.active_database_url, is_direct=INSTANCE.is_direct)}
ATOMIC_REQUESTS = False
MEDIA_ROOT = INSTANCE.data / "files"
# On the disk of the files, so that keeping an upload is a rename; a tool has no instance.
_UPLOADS = INSTANCE.data / "uploads"
FILE_UPLOAD_TEMP_DIR = str(_UPLOADS) if _UPLOADS.is_dir() else None
# The most bytes a file kept with a record may have.
LARGEST_ATTACHMENT = INSTANCE.largest_file
# Requests of one token a minute and process; 0 for any number.
API_RATE = INSTANCE.api_rate
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "rapport.project.uploads.SpoolingUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A whole view at once: as many ticked records as one verb takes, and the form around them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_100
# As many as one import takes.
DATA_UPLOAD_MAX_NUMBER_FILES = 500

# --- live pages ---------------------------------------------------------------------------------
# Where a browser hears of what others change; blank: nowhere.
LIVE_URL = "/live/"

# --- static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = INSTANCE.static_root
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "rapport.ui.stylesheet.StylesheetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "rapport.project.static.HashedStaticFiles"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Without collected files (development, tests) they are served from where they lie.
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = STATIC_ROOT is None

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "rapport.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "rapport.accounts.breached.BreachedPasswordValidator"},
    {"NAME": "rapport.accounts.firm_words.FirmWordsValidator"},
]
# More passwords that stood in breaches, if the operator has them.
BREACHED_PASSWORDS = INSTANCE.data / "breached-passwords.txt"

# --- protection ---------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    # The nonce is for the styles that Trix puts in; our own pages need none.
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if INSTANCE.is_https else 0
X_FRAME_OPTIONS = "DENY"
# Proxies whose X-Forwarded-For is believed; from anybody else the header is noise.
TRUSTED_PROXIES = INSTANCE.trusted_proxies
# Networks of our own that an address typed by an administrator may lead to.
OUTBOUND_NETWORKS = INSTANCE.outbound_networks
# Two instances on one machine share the cookie jar of its name: the port keeps them apart.
_COOKIE_PREFIX = "__Host-rapport" if INSTANCE.is_https else f"rapport-{INSTANCE.port}"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}-session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = INSTANCE.is_https
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = INSTANCE.is_https
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
LANGUAGE_COOKIE_SECURE = INSTANCE.is_https
LANGUAGE_COOKIE_HTTPONLY = True

# --- languages and time -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- jobs ---------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_READONLY_MODELS = True

# --- log ----------------------------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "chosen": {"()": "rapport.project.observing.logs.formatter", "kind": INSTANCE.log_format}
    },
    "filters": {"without_address": {"()": "rapport.project.observing.logs.WithoutAddress"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "chosen",
            "filters": ["without_address"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "rapport": {"level": "INFO"},
        # A line for each request is for programs; people would not see the others for it.
        "rapport.requests": {"level": "INFO" if INSTANCE.log_format == "json" else "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
