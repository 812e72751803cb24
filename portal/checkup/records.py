"""What the portal keeps: field keys, back-ups, drills, the trail, the outbox, jobs, what is due to be cleared."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit import seals
from audit.models import Entry, Unsealed
from core import keyring
from portal.checkup.checks import ATTENTION, FAULT, FINE, Finding, check
from portal.choices import UpkeepKind
from portal.fieldkeys import places, proofs
from portal.upkeep import latest
from work import outbox
from work.choices import JobState
from work.models import Job, Outbox

BACKUP_DUE, BACKUP_LATE = timedelta(hours=26), timedelta(days=7)
DRILL_DUE = timedelta(days=8)
REPORT_DUE = timedelta(days=35)
UNSEALED_DUE = timedelta(minutes=1)
OUTBOX_DUE, OUTBOX_LATE = timedelta(seconds=60), timedelta(minutes=10)
JOBS_LATELY = timedelta(days=1)


@check("field_keys", gettext_lazy("字段密钥"))
def field_keys(thorough: bool) -> Finding:
    """No key material shows, only the names of keys."""
    restore = _("放回原来的密钥文件（每个备份里都有一份），不要另造新密钥。位置：%(where)s") % {"where": proofs.where()}
    if found := proofs.faults():
        names = ", ".join(fault.key for fault in found)
        return Finding(FAULT, _("缺少密钥，或者不是原来的那些：%(names)s") % {"names": names}, restore)
    file, ring = keyring.where(), keyring.ring()
    if file and not file.exists():
        return Finding(FAULT, _("密钥文件不见了，现在靠内存里的那份运行，重启就启动不了"), restore)
    if file and file.stat().st_mode & 0o077:
        return Finding(FAULT, _("密钥文件别人也能读"), f"chmod 600 {file}")
    going_on = _("运行 bin/manage rotate_field_key --resume，做完这次更换。")
    if ring.get("next"):
        return Finding(ATTENTION, _("正在更换密钥，新密钥还没有启用"), going_on)
    held = places.held_by_key() if thorough else {}
    if gone := sorted(held.keys() - ring["keys"].keys()):
        return Finding(FAULT, _("有内容是用现在没有的密钥加密的：%(names)s") % {"names": ", ".join(gone)}, restore)
    if held.keys() - {ring["current"]}:
        return Finding(ATTENTION, _("还有内容是用旧密钥加密的"), going_on)
    algorithm = {"aes": "AES-256-GCM", "sm": "SM4-GCM"}[ring["suite"]]
    words = _("在用 %(name)s（%(algorithm)s），密钥环共 %(n)d 个")
    return Finding(FINE, words % {"name": ring["current"], "algorithm": algorithm, "n": len(ring["keys"])})


@check("backup", gettext_lazy("备份"))
def backup(thorough: bool) -> Finding:
    remedy = _("每天运行 bin/manage backup，文件存到另一台机器。")
    last = latest(UpkeepKind.BACKUP, well=True)
    if last is None:
        return Finding(ATTENTION, _("还没有备份过"), remedy)
    age, words = timezone.now() - last.at, _("上次备份：%(when)s") % {"when": _when(last.at)}
    if age < BACKUP_DUE:
        return Finding(FINE, words)
    return Finding(FAULT if age > BACKUP_LATE else ATTENTION, words, remedy)


@check("drill", gettext_lazy("恢复演练"))
def drill(thorough: bool) -> Finding:
    remedy = _("每周运行 bin/manage restore_drill latest：没有演练过的备份，不算备份。")
    last = latest(UpkeepKind.DRILL)
    if last is None:
        return Finding(ATTENTION, _("还没有演练过"), remedy)
    if not last.went_well:
        words = _("%(when)s 的演练没有通过") % {"when": _when(last.at)}
        return Finding(FAULT, words, _("照演练的提示找出原因，换一个备份再演练；在此之前，不要删旧备份。"))
    words = _("上次可恢复的备份取自 %(taken)s，演练于 %(when)s")
    words %= {"taken": _when(datetime.fromisoformat(last.facts["taken_at"])), "when": _when(last.at)}
    return Finding(FINE, words) if timezone.now() - last.at < DRILL_DUE else Finding(ATTENTION, words, remedy)


@check("audit", gettext_lazy("操作记录的封存"))
def audit(thorough: bool) -> Finding:
    """The end of the chain holds, and nothing waits long for its seal; the whole is proved by ``verify_audit``."""
    now = timezone.now()
    if fault := next(seals.late_faults(), None):
        words = _("记录链在第 %(n)s 处对不上") % {"n": fault.sequence}
        return Finding(FAULT, words, _("运行 bin/manage verify_audit 查看全部；不要再改动数据库，先保全证据。"))
    first = Entry.objects.filter(pk__in=Unsealed.objects.values("pk")).order_by("recorded_at").first()
    waiting = now - first.recorded_at if first else timedelta(0)
    if waiting < UNSEALED_DUE:
        return Finding(FINE, _("已封到第 %(n)d 条") % {"n": seals.head().sequence})
    words = _("最早一条已等了 %(minutes)d 分钟") % {"minutes": waiting.total_seconds() // 60}
    return Finding(FAULT if waiting > seals.LONG_UNSEALED else ATTENTION, words, _("后台进程和定时进程要都在运行。"))


@check("outbox", gettext_lazy("待办发件箱"))
def the_outbox(thorough: bool) -> Finding:
    waiting, oldest = Outbox.objects.waiting().count(), outbox.oldest_waiting(timezone.now())
    if dead := Outbox.objects.dead().count():
        words = ngettext("%(n)d 件试了多次没有办成", "%(n)d 件试了多次没有办成", dead) % {"n": dead}
        return Finding(ATTENTION, words, _("运行 bin/manage outbox 看原因，修好后用 --revive 重试。"))
    words = ngettext("%(n)d 件在等，最早的等了 %(s)d 秒", "%(n)d 件在等，最早的等了 %(s)d 秒", waiting)
    words %= {"n": waiting, "s": oldest.total_seconds()}
    if oldest <= OUTBOX_DUE:
        return Finding(FINE, words)
    return Finding(FAULT if oldest > OUTBOX_LATE else ATTENTION, words, _("后台进程和定时进程要都在运行。"))


@check("jobs", gettext_lazy("后台任务"))
def jobs(thorough: bool) -> Finding:
    going = Job.objects.open().count()
    since = timezone.now() - JOBS_LATELY
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__gte=since).count()
    words = _("进行中 %(going)d 项，一天内未完成 %(failed)d 项") % {"going": going, "failed": failed}
    if not failed:
        return Finding(FINE, words)
    return Finding(ATTENTION, words, _("原因写在日志里，也写在发起人的“任务与下载”里，可由本人重试。"))


@check("retention", gettext_lazy("到期清理"))
def retention(thorough: bool) -> Finding:
    last = max(
        (done.at for kind in (UpkeepKind.REPORT, UpkeepKind.CLEARING) if (done := latest(kind))),
        default=None,
    )
    remedy = _("运行 bin/manage retention，先看报告，再决定是否清理。")
    if last is None:
        return Finding(ATTENTION, _("还没有出过清理报告"), remedy)
    words = _("上次报告或清理：%(when)s") % {"when": _when(last)}
    return Finding(FINE, words) if timezone.now() - last < REPORT_DUE else Finding(ATTENTION, words, remedy)


def _when(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
