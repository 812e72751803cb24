"""How the trail speaks of imports."""

from django.utils.translation import gettext_lazy as _

from audit import sentences
from ledgers.choices import Kind, Outcome

sentences.register(
    {
        "ledgers.started": _("开始导入台账"),
        "ledgers.uploaded": _("上传台账文件"),
        "ledgers.edited": _("在核对时改了 %(count)s 格"),
        "ledgers.tried_out": _("试运行，没有写入"),
        "ledgers.commit_begun": _("确认导入"),
        "ledgers.committed": _("导入完成"),
        "ledgers.abandoned": _("放弃导入"),
        "ledgers.cleared": _("按期清除上传的文件和待核对的行"),
        "ledgers.downloaded": _("下载%(what)s"),
    }
)
sentences.label_facts(
    {
        "files": _("文件"),
        "counts": _("核对结果"),
        "done": _("写入"),
        "skipped": _("未导入行数"),
        "cells": _("改过的格子"),
        "what": _("文件种类"),
    }
)
# The tallies are kept by the codes of ledgers and outcomes.
sentences.label_facts(dict(Kind.choices) | dict(Outcome.choices))
sentences.word_values({"kind": dict(Kind.choices)})
sentences.keep_quiet("cells")
