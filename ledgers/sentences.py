"""How the trail speaks of imports and exports."""

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
        "ledgers.undo_tried_out": _("试撤销，没有写入"),
        "ledgers.undo_begun": _("确认撤销导入"),
        "ledgers.undone": _("撤销导入完成"),
        "ledgers.row_voided": _("随导入 %(ref)s 的撤销作废"),
        "ledgers.row_restored": _("随导入 %(ref)s 的撤销恢复原值"),
        "ledgers.cleared": _("按期清除上传的文件和待核对的行"),
        "ledgers.downloaded": _("下载%(what)s"),
        "ledgers.exported": _("导出%(what)s，%(rows)s 行"),
        "ledgers.export_discarded": _("删除导出的文件：%(what)s"),
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
        "kept": _("保留"),
        "voided": _("作废"),
        "restored": _("恢复原值"),
        "format": _("格式"),
        "numbers": _("号码"),
    }
)
# The tallies are kept by the codes of ledgers and outcomes.
sentences.label_facts(dict(Kind.choices) | dict(Outcome.choices))
sentences.word_values({"kind": dict(Kind.choices)})
sentences.keep_quiet("cells")
