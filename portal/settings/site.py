"""Whose portal this is: the names on the title slip, in the masthead and at the foot of the public pages."""

from portal.settings.environment import flag, text

ZHIBU_SITE_NAME = text("ZHIBU_SITE_NAME", "互联网行业协会党建")
ZHIBU_SITE_SHORT_NAME = text("ZHIBU_SITE_SHORT_NAME", "协会党建")
ZHIBU_HOST_NAME = text("ZHIBU_HOST_NAME", "")
ZHIBU_CONTACT = text("ZHIBU_CONTACT", "")

# Outside the demo everyone with an office above member signs in with a second factor.
ZHIBU_SECOND_FACTOR = flag("ZHIBU_SECOND_FACTOR", default=True)
