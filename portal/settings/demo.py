"""A demo, or a trial on one machine: its secrets are made at the first start and lie below ``var/keys``."""

from portal.boot import keys
from portal.boot.places import Var
from portal.settings.base import *
from portal.settings.environment import flag

SECRET_KEY = SECRET_KEY or keys.secret_key(Var(VAR))
ZHIBU_FIELD_KEYS = ZHIBU_FIELD_KEYS or keys.field_keys(Var(VAR))
# The people of the demo sign in with what is printed at the start, and with nothing else.
ZHIBU_SECOND_FACTOR = flag("ZHIBU_SECOND_FACTOR")
# An empty portal is filled with fictional people, once.
ZHIBU_DEMO_WANTED = flag("ZHIBU_DEMO", default=True)
