from django.utils.translation import gettext_lazy as _

from audit import sentences
from reports.choices import PeriodKind

sentences.register(
    {
        "reports.drawn": _("生成报表快照：截至 %(on)s"),
        "reports.list_exported": _("导出统计名单：%(figure)s，%(rows)s 行"),
    }
)
sentences.label_facts({"figure": _("指标"), "part": _("细分"), "edition": _("口径版本"), "digest": _("校验值")})
sentences.word_values({"kind": dict(PeriodKind.choices)})
sentences.keep_quiet("period")
