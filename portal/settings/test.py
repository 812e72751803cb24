"""What differs under test: a fast hasher, mail in memory, static files without a manifest."""

from portal.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405

# Fixed and public: they open nothing but what tests have sealed.
ZHIBU_FIELD_KEYS = {
    "current": "k1",
    "keys": {"k1": "emhpYnUgdGVzdCBmaWVsZCBrZXkgb25lICgzMiBieXQ="},
    "index": "emhpYnUgdGVzdCBibGluZCBpbmRleCBrZXkgMzIgYnk=",
    "suite": "aes",
}
