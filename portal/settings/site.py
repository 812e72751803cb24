"""Whose portal this is: the names on the title slip, in the masthead and at the foot of the public pages."""

import json

from portal.settings.environment import flag, text

ZHIBU_SITE_NAME = text("ZHIBU_SITE_NAME", "互联网行业协会党建")
ZHIBU_SITE_SHORT_NAME = text("ZHIBU_SITE_SHORT_NAME", "协会党建")
ZHIBU_HOST_NAME = text("ZHIBU_HOST_NAME", "")
ZHIBU_CONTACT = text("ZHIBU_CONTACT", "")

# Outside the demo everyone with an office above member signs in with a second factor.
ZHIBU_SECOND_FACTOR = flag("ZHIBU_SECOND_FACTOR", default=True)

# Where districts stand among the tiles of the overview, as {"高新区": [row, column]}, four rows of five; without it
# they follow one another by name. No boundary is drawn.
ZHIBU_DISTRICT_GRID = json.loads(text("ZHIBU_DISTRICT_GRID", "{}"))
