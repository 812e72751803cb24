#!/usr/bin/env python
"""Django's own command line; ``bin/manage`` runs it inside the portal's environment."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.live")
    # By hand, and without a word about where: a demo. The web server, left without one, takes it for production.
    os.environ.setdefault("ZHIBU_ENV", "demo")
    execute_from_command_line(sys.argv)
