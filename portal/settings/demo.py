"""A demo, or a trial on one machine: its secrets are made at the first start and lie below ``var/keys``."""

from portal.boot import keys
from portal.boot.places import Var
from portal.settings.base import *
from portal.settings.environment import flag, text

SECRET_KEY = SECRET_KEY or keys.secret_key(Var(VAR))
if not ZHIBU_FIELD_KEYS:
    keys.refuse_a_ring_that_cannot_be_read()
    ZHIBU_FIELD_KEYS = keys.field_keys(Var(VAR))
    ZHIBU_FIELD_KEYS_FILE = keys.field_keys_file(Var(VAR))
# The people of the demo sign in with what is printed at the start, and with nothing else.
ZHIBU_SECOND_FACTOR = flag("ZHIBU_SECOND_FACTOR")
# An empty portal is filled with fictional people, once.
ZHIBU_DEMO_WANTED = flag("ZHIBU_DEMO", default=True)

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "portal.packing.QuicklyPacked"}}

# The names and the places of the fictional association, unless others are given.
ZHIBU_SITE_NAME = text("ZHIBU_SITE_NAME", "青澜互联网行业协会党建")
ZHIBU_SITE_SHORT_NAME = text("ZHIBU_SITE_SHORT_NAME", "青澜协会党建")
ZHIBU_HOST_NAME = text("ZHIBU_HOST_NAME", "中共青澜市互联网行业协会委员会")
ZHIBU_CONTACT = text("ZHIBU_CONTACT", "0999-5550117")
ZHIBU_DISTRICT_GRID = ZHIBU_DISTRICT_GRID or {
    district: (row, column)
    for row, districts in enumerate(
        (
            "- 北屏区 云岭区 白鹭区 -",
            "石桥区 学府区 高新区 青屏区 -",
            "梅坞区 西岸区 城中区 东岸区 河口区",
            "- 长堤区 南浦区 经开区 临港区",
        ),
        start=1,
    )
    for column, district in enumerate(districts.split(), start=1)
    if district != "-"
}
