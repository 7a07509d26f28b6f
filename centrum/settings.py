"""Settings; every one that differs between places comes from the environment (see .env.example).

Unset means safe: DEBUG off, a secret required, secure cookies, HSTS. Only `make run` sets DEMO=1,
which brings throw-away keys, plain HTTP on localhost and an outbox that keeps its mail.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from centrum import postgres

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
if DEMO and env.str("DATABASE_URL", default="") and not env.bool("DEMO_ON_DATABASE_URL", default=False):
    raise ImproperlyConfigured("DEMO would open a real database: unset DATABASE_URL or set DEMO_ON_DATABASE_URL=1")

_DEMO_SECRET = "demo-only-secret-on-localhost-" + "0" * 40  # public on purpose, DEMO only
_DEMO_DATA_KEY = "ZGVtby1vbmx5LWtleS0zMi1ieXRlcy1sb25nISEhISE="
SECRET_KEY = env.str("SECRET_KEY", default=_DEMO_SECRET if DEMO else "")
# 32 bytes in base64: encrypts PESEL and other identifiers at rest; losing it loses them.
DATA_KEY = env.str("DATA_KEY", default=_DEMO_DATA_KEY if DEMO else "")
if not SECRET_KEY or not DATA_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY and DATA_KEY (see .env.example), or use `make run` for the demo")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEMO else [])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEMO else "https://localhost")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "centrum.staff.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_include_bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "centrum.kit",
    "centrum.staff",
    "centrum.register",
    "centrum.intake",
    "centrum.reporting",
    "centrum.cases",
    "centrum.portal",
    "partners",
    "loans",
    "trainings",
    "import_export",  # after reporting, whose command `export` is meant
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "centrum.kit.middleware.RejectBadInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "centrum.kit.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "centrum.staff.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "centrum.staff.middleware.StaffSession",
    "centrum.kit.middleware.History",
]

ROOT_URLCONF = "centrum.urls"
WSGI_APPLICATION = "centrum.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "centrum.kit.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "centrum.kit.templatetags.polish",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {
    "default": env.db_url("DATABASE_URL") if env.str("DATABASE_URL", default="") else postgres.settings(BASE_DIR)
}
DATABASES["default"].setdefault("OPTIONS", {})
# pgtrigger's functions ask for this parameter at every row; where it is unknown that raises and catches an error,
# whose cost grows with the rows of the transaction: 80,000 inserts took 15 s instead of 2.
DATABASES["default"]["OPTIONS"]["options"] = (
    DATABASES["default"]["OPTIONS"].get("options", "") + " -c pgtrigger.ignore={}"
).strip()
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "staff:sign-in"
LOGIN_REDIRECT_URL = "staff:home"
LOGOUT_REDIRECT_URL = "portal:home"
# Staff without a second factor are sent to set one up, whatever they open.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)
# Secrets that are looked at, for one e-mail and for one address of the network, in so many minutes.
SIGN_IN_TRIES = env.int("SIGN_IN_TRIES", default=5)
SIGN_IN_TRIES_ADDRESS = env.int("SIGN_IN_TRIES_ADDRESS", default=50)
SIGN_IN_MINUTES = env.int("SIGN_IN_MINUTES", default=15)

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "centrum" / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Safe unless the demo says otherwise
SECURE = not DEMO
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its check marks as data: pictures
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Room for 10 MB of pasted text, percent-encoded: the form then says at the field that it is too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# The largest request altogether, files included: the attachments of one application, and a little more.
REQUEST_MAX_BYTES = env.int("REQUEST_MAX_BYTES", default=60_000_000)
# Largest participant file taken in the browser; the command takes any size.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=20_000_000)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if DEMO else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="centrum@localhost")

PGHISTORY_APPEND_ONLY = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "centrum.kit.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "centrum": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

# Public contact of the Centrum; a real office sets its own.
CONTACT = {
    "name": env.str("CONTACT_NAME", default="Stowarzyszenie Wspierania Małej Przedsiębiorczości"),
    "address": env.str("CONTACT_ADDRESS", default="ul. Mickiewicza 7, 66-520 Dobiegniew"),
    # of who grants de minimis aid, on its certificates
    "nip": env.str("CONTACT_NIP", default=""),
    # stands before the day on certificates
    "town": env.str("CONTACT_TOWN", default="Dobiegniew"),
    "email": env.str("CONTACT_EMAIL", default=""),
    "phone": env.str("CONTACT_PHONE", default=""),
}
# Days within which the office promises to answer an application; it stands in receipts and letters.
ANSWER_DAYS = env.int("ANSWER_DAYS", default=14)
# A draft that nobody has touched for so many days is deleted with its files by `manage.py delete_old_drafts`.
DRAFT_DAYS = env.int("DRAFT_DAYS", default=90)
