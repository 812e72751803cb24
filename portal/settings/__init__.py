from portal.settings.base import *
