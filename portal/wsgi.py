"""The web server's entrance."""

import os

from django.core.wsgi import get_wsgi_application

from portal.fieldkeys.start import refuse_wrong_keys
from portal.settled import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.live")

application = get_wsgi_application()

refuse_wrong_keys()
settle()
