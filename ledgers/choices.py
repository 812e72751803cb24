"""The words of imports and exports: which ledgers there are, what can become of a row, the way an import goes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workflow import Step, Workflow


class Kind(TextChoices):
    """台账, in the order in which they are imported: each may name what stands in the ones before it."""

    ORGANISATIONS = "organisations", _("党组织")
    COMPANIES = "companies", _("企业")
    MEMBERS = "members", _("党员")


ORDER = (Kind.ORGANISATIONS, Kind.COMPANIES, Kind.MEMBERS)


class Outcome(TextChoices):
    """What importing a row would do."""

    ERROR = "error", _("需修改")
    UPDATE = "update", _("更新")
    NEW = "new", _("新增")
    SAME = "same", _("无变化")


class Severity(TextChoices):
    """How much a remark on a cell weighs; only an error keeps its row out."""

    ERROR = "error", _("错误")
    HINT = "hint", _("提示")
    NORMALISED = "normalised", _("规范")
    ACCEPTED = "accepted", _("接受")


PURPOSE_LIMIT = 200


class FileFormat(TextChoices):
    """As what a list leaves the house."""

    XLSX = "xlsx", _("Excel 工作簿（xlsx）")
    CSV = "csv", _("文本表格（csv）")


class ImportState(TextChoices):
    UPLOADED = "uploaded", pgettext_lazy("import", "已上传")
    MAPPED = "mapped", pgettext_lazy("import", "正在核对")
    REVIEWED = "reviewed", pgettext_lazy("import", "待核对")
    DRY_RUN = "dry_run", pgettext_lazy("import", "已试运行")
    COMMITTING = "committing", pgettext_lazy("import", "正在导入")
    DONE = "done", pgettext_lazy("import", "已导入")
    FAILED = "failed", pgettext_lazy("import", "没有做完")
    ABANDONED = "abandoned", pgettext_lazy("import", "已放弃")
    UNDOING = "undoing", pgettext_lazy("import", "正在撤销")
    UNDONE = "undone", pgettext_lazy("import", "已撤销")


# How long a whole import can be undone, the day it was done not counted.
UNDO_DAYS = 7
UNDER_REVIEW = (ImportState.REVIEWED, ImportState.DRY_RUN)
WRITING = (ImportState.COMMITTING, ImportState.UNDOING)
OPEN_STATES = (ImportState.UPLOADED, ImportState.MAPPED, *UNDER_REVIEW, *WRITING, ImportState.FAILED)

IMPORT_FLOW = Workflow(
    "state",
    upload=Step((ImportState.UPLOADED, ImportState.MAPPED, *UNDER_REVIEW), ImportState.UPLOADED),
    map=Step((ImportState.UPLOADED, ImportState.MAPPED, *UNDER_REVIEW), ImportState.MAPPED),
    review=Step((ImportState.MAPPED, *UNDER_REVIEW), ImportState.REVIEWED),
    try_out=Step(UNDER_REVIEW, ImportState.DRY_RUN),
    commit=Step((*UNDER_REVIEW, ImportState.FAILED), ImportState.COMMITTING),
    finish=Step((ImportState.COMMITTING,), ImportState.DONE),
    fail=Step((ImportState.COMMITTING,), ImportState.FAILED),
    abandon=Step((ImportState.UPLOADED, ImportState.MAPPED, *UNDER_REVIEW, ImportState.FAILED), ImportState.ABANDONED),
    undo=Step((ImportState.DONE, ImportState.UNDOING), ImportState.UNDOING),
    finish_undoing=Step((ImportState.UNDOING,), ImportState.UNDONE),
)
