"""Undoing is done once."""

from django.utils.translation import gettext_lazy as _

from acts.registry import stays_done

stays_done({"acts.undone": _("撤销不能再撤销，请重新办理。")})
