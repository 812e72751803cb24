"""What of announcements cannot be undone, and why."""

from django.utils.translation import gettext_lazy as _

from acts.registry import stays_done

stays_done(
    {
        "news.published": _("公告可能已有人读过；有误的请更正或撤下。"),
        "news.corrected": _("公告可能已有人读过；有误的请再更正。"),
        "news.withdrawn": _("撤下的公告不再放回，请重新发布。"),
    }
)
