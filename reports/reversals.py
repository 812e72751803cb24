"""What of reports cannot be undone, and why."""

from django.utils.translation import gettext_lazy as _

from acts.registry import stays_done

stays_done({"reports.drawn": _("快照定格当时的数据，不改也不删。")}, harmless=True)
stays_done({"reports.list_exported": _("文件已经交出，不能收回。")}, harmless=True)
