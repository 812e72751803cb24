"""Production: everything from the environment, and a refusal to start while something in it is unsafe."""

import sys

from portal.settings.base import *
from portal.settings.environment import flag, number, secret, text
from portal.settings.refusal import problems, screen

if _found := problems(globals()):
    sys.stderr.write(screen(_found))
    # Gunicorn gives up at this code instead of trying again for ever.
    raise SystemExit(3)

# The fictional people of the scenes do not exist here.
ZHIBU_TEST_DIVISION = ""

# Served over TLS only, by us or by the proxy before us. Health is asked for from inside, without it.
SECURE_SSL_REDIRECT = flag("ZHIBU_TLS_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if flag("ZHIBU_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Who knocks too often is the client, not the proxy all knock through. Without the flag, what anybody may write
    # into X-Forwarded-For counts for nothing.
    ALLAUTH_TRUSTED_PROXY_COUNT = number("ZHIBU_TRUSTED_PROXIES", 1)
SECURE_HSTS_SECONDS = number("ZHIBU_HSTS_SECONDS", 31_536_000)
# Whether neighbouring names use TLS is their owners' to decide: W005 and W021 ask for it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

ZHIBU_MAIL = bool(text("ZHIBU_EMAIL_HOST"))
EMAIL_HOST = text("ZHIBU_EMAIL_HOST", "localhost")
EMAIL_PORT = number("ZHIBU_EMAIL_PORT", 25)
EMAIL_HOST_USER = text("ZHIBU_EMAIL_USER")
EMAIL_HOST_PASSWORD = secret("ZHIBU_EMAIL_PASSWORD")
EMAIL_USE_TLS = flag("ZHIBU_EMAIL_TLS", default=EMAIL_PORT == 587)
DEFAULT_FROM_EMAIL = text("ZHIBU_EMAIL_FROM", "zhibu@localhost")
