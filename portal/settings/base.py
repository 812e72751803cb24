"""Everything that is true wherever the portal runs; what differs comes from the environment."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from portal.settings.accounts import *
from portal.settings.environment import database, items, secret, text
from portal.settings.site import *

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(text("ZHIBU_VAR", str(BASE_DIR / "var"))).resolve()

DEBUG = False
SECRET_KEY = secret("ZHIBU_SECRET_KEY")
ALLOWED_HOSTS = items("ZHIBU_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "core",
    "work",
    "audit",
    "accounts",
    "notices",
    "cells",
    "members",
    "activities",
    "ledgers",
    "reports",
    "portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
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
    "audit.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.OwnLanguageMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "portal.unsent.UnsentMiddleware",
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
            ]
        },
    }
]


# The application's role, and the owner's, which only migration, back-up and restoring need.
DATABASE_URL = secret("DATABASE_URL", "postgresql:///zhibu")
DATABASE_OWNER_URL = secret("DATABASE_OWNER_URL")
DATABASES = {"default": database(DATABASE_URL)}
# History: the application's role may add to these and read them, and no more.
ZHIBU_APPEND_ONLY_TABLES = ["audit_entry", "audit_seal"]

REDIS_URL = secret("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
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
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Fictional people carry the division code 999999, which no place in the country has.
ZHIBU_TEST_DIVISION = "999999"
