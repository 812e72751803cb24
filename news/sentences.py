from django.utils.translation import gettext_lazy as _

from audit import sentences

sentences.register(
    {
        "news.published": _("发布公告"),
        "news.corrected": _("更正公告"),
        "news.withdrawn": _("撤下公告：%(reason)s"),
    }
)
