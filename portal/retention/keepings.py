"""Each rule once: what, how long, why, which rows are due now, and how they go.

Rules that stand ``by_itself`` are carried out every day by a schedule of the app they belong to and are here so that
the report is whole. The others wait for an operator to switch them on. Nobody's record is deleted: accounts nobody
uses are closed, and can be opened again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Length
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Tries, User
from acts.models import Act
from acts.querysets import DAYS as UNDO_DAYS
from cells.domain import accounts
from cells.models import Appointment
from core.actors import SYSTEM
from integrations.models import KeptAnswer
from ledgers.choices import ImportState
from ledgers.domain.imports import DONE_KEPT
from ledgers.models import Export, Import
from members.choices import EVIDENCE_DAYS
from members.models import Evidence
from notices.models import Notice
from portal.models import Feedback
from work.choices import OPEN_STATES, OutboxState
from work.models import RESULT_DAYS, Job, Outbox
from work.tasks import JOBS_KEPT, OUTBOX_KEPT

PIPL_47 = gettext_lazy("个人信息保护法第四十七条：目的已实现或保存期限已届满，应当主动删除")
NO_LONGER_NEEDED = gettext_lazy("不再需要的技术数据")
UNUSED_FOR_LONG = gettext_lazy("长期未使用，按保存期限停用")

# Which rows are due: (the moment before which, now) → rows.
Due = Callable[[datetime, datetime], QuerySet[Any]]
Clear = Callable[[list[Any]], int]


@dataclass(frozen=True)
class Keeping:
    """``days`` may be changed by ``ZHIBU_RETENTION_DAYS``, never below ``at_least``; ``most`` may go in one run."""

    name: str
    what: Any
    why: Any
    days: int
    due: Due
    since: str
    clear: Clear | None = None
    at_least: int = 0
    most: int = 0

    @property
    def by_itself(self) -> bool:
        return self.clear is None

    @property
    def kept_days(self) -> int:
        """How long it is kept here."""
        if self.by_itself:
            return self.days
        return max(self.at_least, int(settings.ZHIBU_RETENTION_DAYS.get(self.name, self.days)))

    def rows(self, now: datetime) -> QuerySet[Any]:
        """What is due now, the oldest first."""
        return self.due(now - timedelta(days=self.kept_days), now).order_by(self.since, "pk")


def unused_accounts(before: datetime, now: datetime) -> QuerySet[User]:
    """Open accounts without an office, now or to come, that nobody has used since ``before``.

    Who once signed in and is on a roster keeps the way to the own record.
    """
    in_office = Appointment.objects.reaching(timezone.localdate(now)).values("holder")
    used = User.objects.annotate(used_at=Coalesce("last_login", "date_joined"))
    never_taken_up = Q(username=None)
    return used.filter(never_taken_up | Q(member=None), is_active=True, used_at__lt=before).exclude(pk__in=in_office)


def _close(keys: list[Any]) -> int:
    closed, now = 0, timezone.now()
    for key in keys:
        with transaction.atomic():
            person = User.objects.select_for_update(no_key=True).get(pk=key)
            # Somebody may have signed in since the list was drawn up.
            if person.is_active and UNUSED_ACCOUNTS.rows(now).filter(pk=key).exists():
                accounts.close(person, reason=str(UNUSED_FOR_LONG), by=SYSTEM, on=timezone.localdate(now))
                closed += 1
    return closed


def _deleting(model: Any) -> Clear:
    return lambda keys: model.objects.filter(pk__in=keys).delete()[0]


def _forget_how_to_reply(keys: list[Any]) -> int:
    rows = list(Feedback.objects.filter(pk__in=keys))
    for row in rows:
        row.reply_to = ""
    return Feedback.objects.bulk_update(rows, ["reply_to"])


UNUSED_ACCOUNTS = Keeping(
    "accounts", gettext_lazy("没有职务、长期不用的账号：停用，不删除"), PIPL_47, 540, unused_accounts, "used_at",
    _close, at_least=180, most=50,
)  # fmt: skip

KEEPINGS = (
    Keeping(
        "imports", gettext_lazy("导入的文件和待核对的行"), PIPL_47, DONE_KEPT.days,
        lambda before, now: Import.objects.expired(now).exclude(state=ImportState.COMMITTING), "expires_at",
    ),
    Keeping(
        "exports", gettext_lazy("导出的文件，连同所作的筛选"), PIPL_47, RESULT_DAYS,
        lambda before, now: Export.objects.expired(now), "expires_at",
    ),
    Keeping(
        "evidence", gettext_lazy("已办结申请的证明材料"), PIPL_47, EVIDENCE_DAYS,
        lambda before, now: Evidence.objects.expired(now).defer("content"), "request__closed_at",
    ),
    Keeping(
        "undoing", gettext_lazy("为撤销操作保留的旧值"), PIPL_47, UNDO_DAYS,
        lambda before, now: Act.objects.exclude(
            pk__in=Act.objects.recent(timezone.localdate(now))
        ).filter(cleared_at=None), "done_at",
    ),
    Keeping(
        "answers", gettext_lazy("重复提交时给出的答复"), PIPL_47, 1,
        lambda before, now: KeptAnswer.objects.over(now), "expires_at",
    ),
    Keeping(
        "outbox", gettext_lazy("已办成的待办发件"), NO_LONGER_NEEDED, OUTBOX_KEPT.days,
        lambda before, now: Outbox.objects.filter(state=OutboxState.DONE, done_at__lt=before), "done_at",
    ),
    Keeping(
        "jobs", gettext_lazy("已结束的后台任务，连同导出结果的入口"), PIPL_47, JOBS_KEPT.days,
        lambda before, now: Job.objects.exclude(state__in=OPEN_STATES).filter(finished_at__lt=before), "finished_at",
    ),
    Keeping(
        "sessions", pgettext_lazy("retention", "已过期的登录"), NO_LONGER_NEEDED, 1,
        lambda before, now: Session.objects.filter(expire_date__lt=before), "expire_date",
        _deleting(Session), at_least=1, most=200_000,
    ),
    Keeping(
        "devices", gettext_lazy("已结束的登录所用的设备和地址"), PIPL_47, 90,
        lambda before, now: UserSession.objects.filter(last_seen_at__lt=before).exclude(
            session_key__in=Session.objects.filter(expire_date__gte=now).values("session_key")
        ), "last_seen_at",
        _deleting(UserSession), at_least=1, most=50_000,
    ),
    Keeping(
        "tries", gettext_lazy("已失效的输错次数"), NO_LONGER_NEEDED, 1,
        lambda before, now: Tries.objects.filter(until__lt=before), "until",
        _deleting(Tries), at_least=1, most=200_000,
    ),
    Keeping(
        "notices", gettext_lazy("读过的通知"), PIPL_47, 365,
        lambda before, now: Notice.objects.filter(read_at__lt=before), "read_at",
        _deleting(Notice), at_least=90, most=50_000,
    ),
    Keeping(
        "feedback", gettext_lazy("投诉建议里的联系方式：清空，内容保留"), PIPL_47, 730,
        lambda before, now: Feedback.objects.annotate(reach=Length("reply_to")).filter(sent_at__lt=before, reach__gt=0),
        "sent_at",
        _forget_how_to_reply, at_least=180, most=1_000,
    ),
    UNUSED_ACCOUNTS,
)  # fmt: skip
