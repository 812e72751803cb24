"""What differs under test: a fast hasher, mail in memory, static files without a manifest."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from portal.settings.base import *
from portal.settings.environment import database

SECRET_KEY = "nothing that tests sign is worth forging " * 2
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

# `bin/test` hands over both roles. Where only one address is given, it is the owner's, and the tests make themselves
# an application role beside it: they never run with more rights than the portal has.
if not DATABASE_OWNER_URL:
    DATABASE_OWNER_URL = DATABASE_URL
    _parts = urlsplit(DATABASE_OWNER_URL)
    DATABASE_URL = urlunsplit(_parts._replace(netloc=f"zhibu_test:zhibu_test@{_parts.hostname}:{_parts.port or 5432}"))
    DATABASES = {"default": database(DATABASE_URL)}

# One Valkey database for each process that runs tests beside the others.
if os.environ.get("PYTEST_XDIST_WORKER", "").startswith("gw"):
    REDIS_URL = urlsplit(REDIS_URL)._replace(path=f"/{int(os.environ['PYTEST_XDIST_WORKER'][2:]) + 1}").geturl()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL

WHITENOISE_AUTOREFRESH = True  # nothing is collected for a test: files are found where they lie
WHITENOISE_USE_FINDERS = True

MEDIA_ROOT = Path(tempfile.gettempdir()) / f"zhibu-test-files-{os.getpid()}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Fixed and public: they open nothing but what tests have sealed.
ZHIBU_FIELD_KEYS = {
    "current": "k1",
    "keys": {"k1": "emhpYnUgdGVzdCBmaWVsZCBrZXkgb25lICgzMiBieXQ="},
    "index": "emhpYnUgdGVzdCBibGluZCBpbmRleCBrZXkgMzIgYnk=",
    "suite": os.environ.get("ZHIBU_TEST_SUITE", "aes"),
}
ZHIBU_FIELD_KEYS_FILE = None

# As in the demo; the tests of the second factor ask for it.
ZHIBU_SECOND_FACTOR = False
