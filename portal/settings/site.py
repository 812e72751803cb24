"""Whose portal this is: the names on the title slip, in the masthead and at the foot of the public pages."""

import json

from portal.settings.environment import flag, items, text

ZHIBU_SITE_NAME = text("ZHIBU_SITE_NAME", "互联网行业协会党建")
ZHIBU_SITE_SHORT_NAME = text("ZHIBU_SITE_SHORT_NAME", "协会党建")
ZHIBU_HOST_NAME = text("ZHIBU_HOST_NAME", "")
ZHIBU_CONTACT = text("ZHIBU_CONTACT", "")
# What a public page must name at its foot where it is registered: site code, ICP and police registration.
ZHIBU_REGISTRATIONS = items("ZHIBU_REGISTRATIONS")
# The emblem's slot on the front page: a PNG or an SVG of the committee's own. The software ships none.
ZHIBU_EMBLEM_FILE = text("ZHIBU_EMBLEM_FILE", "")
# Whether the front page says how many organisations, members and covered companies there are.
ZHIBU_PUBLIC_FIGURES = flag("ZHIBU_PUBLIC_FIGURES", default=True)

# Outside the demo everyone with an office above member signs in with a second factor.
ZHIBU_SECOND_FACTOR = flag("ZHIBU_SECOND_FACTOR", default=True)

# Where districts stand among the tiles of the overview, as {"高新区": [row, column]}, four rows of five; without it
# they follow one another by name. No boundary is drawn.
ZHIBU_DISTRICT_GRID = json.loads(text("ZHIBU_DISTRICT_GRID", "{}"))
