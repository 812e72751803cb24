"""The settings in use: those of production, unless ``ZHIBU_ENV`` says that this is a demo on somebody's machine."""

from portal.settings.environment import text

ZHIBU_ENV = text("ZHIBU_ENV", "production")

if ZHIBU_ENV == "demo":
    from portal.settings.demo import *
else:
    from portal.settings.production import *
