"""The words of the roster. Code tables with many entries are in ``members.dictionaries``."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workflow import Step, Workflow


class Gender(TextChoices):
    """性别, GB/T 2261.1."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")


class Category(TextChoices):
    """人员类别. A probationary member is a member; probation within the Party is a disciplinary action."""

    FULL = "full", _("正式党员")
    PROBATIONARY = "probationary", _("预备党员")


class Standing(TextChoices):
    """党籍状态. Only those whose standing is normal are on a roster and in the figures."""

    NORMAL = "normal", _("正常")
    SUSPENDED = "suspended", _("停止党籍")
    LEFT = "left", _("出党")
    DECEASED = "deceased", _("去世")


STANDING_FLOW = Workflow(
    "standing",
    suspend=Step((Standing.NORMAL,), Standing.SUSPENDED),
    restore=Step((Standing.SUSPENDED, Standing.LEFT), Standing.NORMAL),
    leave=Step((Standing.NORMAL, Standing.SUSPENDED), Standing.LEFT),
    record_death=Step((Standing.NORMAL, Standing.SUSPENDED), Standing.DECEASED),
)


class IdKind(TextChoices):
    """证件类别."""

    RESIDENT = "resident", _("居民身份证")
    RESIDENCE_PERMIT = "residence_permit", _("港澳台居民居住证")
    OTHER = "other", _("其他证件")


class EntryReason(TextChoices):
    """Why a membership in a cell began."""

    OPENING_BALANCE = "opening_balance", _("台账期初")
    ENROLLED = "enrolled", _("补录")
    ADMITTED = "admitted", _("发展入党")
    TRANSFERRED_IN = "transferred_in", _("组织关系转入")
    PLACED = "placed", _("调整所在支部")
    RESTORED = "restored", _("恢复党籍")
    MERGED = "merged", _("合并重复记录")
    CELL_CHANGED = "cell_changed", _("党组织调整")


class ExitReason(TextChoices):
    """Why a membership in a cell ended. One that opens a gap before the next says so by itself."""

    PLACED = "placed", _("调整所在支部")
    TRANSFERRED_OUT = "transferred_out", _("组织关系转出")
    SUSPENDED = "suspended", _("停止党籍")
    EXPELLED = "expelled", _("开除党籍")
    WITHDREW = "withdrew", _("退党除名")
    URGED_TO_WITHDRAW = "urged_to_withdraw", _("劝退")
    REMOVED_AFTER_URGING = "removed_after_urging", _("劝而不退除名")
    SELF_WITHDRAWAL = "self_withdrawal", _("自行脱党除名")
    PROBATION_CANCELLED = "probation_cancelled", _("取消预备党员资格")
    NOT_RECOGNISED = "not_recognised", _("不予承认")
    DIED = "died", _("去世")
    MERGED = "merged", _("合并重复记录")
    CELL_CHANGED = "cell_changed", _("党组织调整")


PROBATION_YEARS = 1  # DEV2026: the probationary period is one year

# Leaving the Party, by the kinds of statistics table 10, and moving to an organisation outside this installation.
LEAVING = (
    ExitReason.TRANSFERRED_OUT,
    ExitReason.EXPELLED,
    ExitReason.WITHDREW,
    ExitReason.URGED_TO_WITHDRAW,
    ExitReason.REMOVED_AFTER_URGING,
    ExitReason.SELF_WITHDRAWAL,
    ExitReason.PROBATION_CANCELLED,
    ExitReason.NOT_RECOGNISED,
)

# After these the next membership may begin later: the gap has a recorded reason.
OPENS_A_GAP = (ExitReason.SUSPENDED, *LEAVING)


class RequestState(TextChoices):
    """更正申请的状态."""

    WAITING = "waiting", pgettext_lazy("request", "待核对")
    GRANTED = "granted", pgettext_lazy("request", "已同意")
    REFUSED = "refused", pgettext_lazy("request", "已退回")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "已撤回")


REQUEST_FLOW = Workflow(
    "state",
    withdraw=Step((RequestState.WAITING,), RequestState.WITHDRAWN),
    grant=Step((RequestState.WAITING,), RequestState.GRANTED),
    refuse=Step((RequestState.WAITING,), RequestState.REFUSED),
)


class EvidenceKind(TextChoices):
    """证明材料的格式."""

    JPEG = "jpg", _("图片")
    PDF = "pdf", "PDF"


EVIDENCE_TYPES = {EvidenceKind.JPEG: "image/jpeg", EvidenceKind.PDF: "application/pdf"}
# Evidence has served when the request is closed; it is kept a while for whoever asks again.
EVIDENCE_DAYS = 90

# What a member asks the branch to put right, in the order of the card; the rest members change themselves, or by deeds
# that say why.
REQUESTABLE = (
    "name",
    "id_number",
    "gender",
    "ethnicity",
    "birth_date",
    "archive_birth_date",
    "education",
    "degree",
    "school",
    "major",
    "joined_on",
    "converted_on",
    "applied_on",
    "work_started_on",
)


class RightKind(TextChoices):
    """What somebody asks for about their personal information (PIPL 45 to 47)."""

    COPY = "copy", _("查阅、复制")
    CORRECTION = "correction", _("更正、补充")
    ERASURE = "erasure", pgettext_lazy("personal information", "删除")


class RightState(TextChoices):
    """个人信息申请的状态."""

    OPEN = "open", pgettext_lazy("subject request", "待答复")
    GRANTED = "granted", pgettext_lazy("subject request", "已办理")
    REFUSED = "refused", pgettext_lazy("subject request", "不予办理")


RIGHT_FLOW = Workflow(
    "state",
    grant=Step((RightState.OPEN,), RightState.GRANTED),
    refuse=Step((RightState.OPEN,), RightState.REFUSED),
)


# What somebody invited may find wrong with the facts they are shown.
DOUBTS = {
    "person": _("我不是这个人"),
    "name": _("姓名不对"),
    "id_number": _("证件号码不对"),
    "cell": _("党支部不对"),
    "joined_on": _("入党时间不对"),
}


def recorded_words(choice: TextChoices) -> str:
    """The words of a choice in the language of the record, whoever's language is on."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(choice.label)
