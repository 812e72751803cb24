"""An import is undone as a whole; what leads up to it is not."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.registry import WHOLES, stays_done


def import_of(part_of: str) -> tuple[str, str]:
    """The import that an act is a step of, and its page."""
    ref = part_of.partition(" ")[2]
    return gettext("导入 %(ref)s") % {"ref": ref}, reverse("ledgers:import", args=[ref])


WHOLES["import"] = import_of

stays_done(
    dict.fromkeys(
        (
            "ledgers.started",
            "ledgers.uploaded",
            "ledgers.edited",
            "ledgers.tried_out",
            "ledgers.commit_begun",
            "ledgers.committed",
            "ledgers.undo_tried_out",
        ),
        _("导入在结果页整体撤销，七天内有效。"),
    )
)
stays_done(
    {
        "ledgers.abandoned": _("没有写入任何内容，请重新导入。"),
        "ledgers.cleared": _("文件到期即清除，不能恢复。"),
        "ledgers.undo_begun": _("撤销不能再撤销，请重新导入。"),
        "ledgers.undone": _("撤销不能再撤销，请重新导入。"),
        "ledgers.row_voided": _("撤销不能再撤销，请重新导入。"),
        "ledgers.row_restored": _("撤销不能再撤销，请重新导入。"),
    }
)
stays_done(
    dict.fromkeys(("ledgers.downloaded", "ledgers.exported"), _("文件已经交出，不能收回。"))
    | {"ledgers.export_discarded": _("文件已经删除，请重新导出。")},
    harmless=True,
)
