"""How the trail speaks of what was undone."""

from django.utils.translation import gettext_lazy as _

from audit import sentences

sentences.register({"acts.undone": _("撤销操作：%(what)s")})
