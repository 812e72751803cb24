"""Everything that is true wherever the portal runs; what differs comes from the environment."""

import json
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.keyring import field_keys
from portal.settings.accounts import *
from portal.settings.environment import beside, database, flag, items, number, secret, text
from portal.settings.rest import *
from portal.settings.site import *
from portal.settings.webhooks import *
from portal.settings.work import *

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(text("ZHIBU_VAR", str(BASE_DIR / "var"))).resolve()

DEBUG = flag("ZHIBU_DEBUG")
SECRET_KEY = secret("ZHIBU_SECRET_KEY")
ALLOWED_HOSTS = items("ZHIBU_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "core",
    "work",
    "audit",
    "acts",
    "accounts",
    "notices",
    "cells",
    "members",
    "activities",
    "ledgers",
    "news",
    "integrations",
    "reports",
    "portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "whitenoise.runserver_nostatic",
]

MIDDLEWARE = [
    "portal.middleware.RequestLogMiddleware",
    "portal.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.FaultMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.rest.doors.RestMiddleware",
    "portal.middleware.ReadableQueryMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionEndMiddleware",
    "accounts.middleware.OwnLanguageMiddleware",
    "accounts.middleware.SignInAgainMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "cells.preview.PreviewMiddleware",
    "cells.scope.ScopeMiddleware",
    "portal.unsent.UnsentMiddleware",
    "integrations.once.OnceMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "portal.frame.frame",
            ],
            # Stands in for Django's own csrf_token: every form that posts is done once.
            "builtins": ["integrations.templatetags.once"],
        },
    }
]


# The application's role, and the owner's, which only migration, back-up and restoring need.
DATABASE_URL = secret("DATABASE_URL", "postgresql:///zhibu")
DATABASE_OWNER_URL = secret("DATABASE_OWNER_URL")
# Set for the web alone: a background job may take longer than a reader waits.
DATABASES = {"default": database(DATABASE_URL, statement_timeout_ms=number("ZHIBU_STATEMENT_TIMEOUT_MS", 0))}
# History: the application's role may add to these and read them, and no more.
ZHIBU_APPEND_ONLY_TABLES = ["accounts_consent", "audit_entry", "audit_seal", "audit_touch", "reports_snapshot"]

REDIS_URL = secret("REDIS_URL", "redis://127.0.0.1:6379/0")
# Beside the broker's database, never in it: clearing the cache must not clear the queue.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": secret("ZHIBU_CACHE_URL") or beside(REDIS_URL),
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

# What ID numbers, mobiles and addresses are sealed with: {"current", "keys": {name: base64}, "index", "suite"}.
ZHIBU_FIELD_KEYS = field_keys(secret("ZHIBU_FIELD_KEYS"))
# Where they lie in a file, running processes follow what is written there; a text handed in stays until the next start.
ZHIBU_FIELD_KEYS_FILE = None
if ZHIBU_FIELD_KEYS and not text("ZHIBU_FIELD_KEYS"):
    ZHIBU_FIELD_KEYS_FILE = Path(text("ZHIBU_FIELD_KEYS_FILE")).absolute()

# Nothing is mailed unless a server for it was named.
ZHIBU_MAIL = False
EMAIL_TIMEOUT = 10

# Clearing by the clock is off until an operator, having read a report, switches it on.
ZHIBU_RETENTION = flag("ZHIBU_RETENTION")
ZHIBU_RETENTION_DAYS = json.loads(text("ZHIBU_RETENTION_DAYS", "{}"))

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "cells.signed_in.ByPassword",
    "cells.signed_in.ByAccount",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.finders.PackageFinder",
]
# Installed by lockfile, never committed; where no registry could be reached, pages show their tables alone.
ZHIBU_CHART_SCRIPT = "echarts/echarts.common.min.js"
ZHIBU_FRONT_END = {ZHIBU_CHART_SCRIPT: BASE_DIR / "node_modules" / "echarts" / "dist" / "echarts.common.min.js"}
if not ZHIBU_FRONT_END[ZHIBU_CHART_SCRIPT].exists():
    ZHIBU_CHART_SCRIPT = ""
MEDIA_ROOT = VAR / "files"
FILE_UPLOAD_HANDLERS = ["core.uploading.BoundedUploadHandler"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "png", "gz", "br", "woff2", "map")

# Fictional people carry the division code 999999, which no place in the country has.
ZHIBU_TEST_DIVISION = "999999"
ZHIBU_DEMO_WANTED = False

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = items("ZHIBU_TRUSTED_ORIGINS")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": text("ZHIBU_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # One line per request is ours; Django's own repeats it with the address.
        "django.request": {"level": "ERROR"},
        # A line for each poke, every two seconds, would bury all others.
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
