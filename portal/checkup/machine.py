"""What the portal runs on: database, roles, migrations, broker, workers, beat, clock, disk, mail."""

import shutil
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import checks as database_checks
from portal import health
from portal.checkup.checks import ATTENTION, FAULT, FINE, Finding, check
from portal.choices import UpkeepKind
from portal.upkeep import latest
from work import heartbeat

BEAT_SILENCE = timedelta(minutes=5)
SKEW_S, FAR_SKEW_S = 1, 5
FULL, BRIMMING = 80, 95
PING_S = 1.5


@check("database", gettext_lazy("数据库"))
def database(thorough: bool) -> Finding:
    if not health.database():
        return Finding(FAULT, _("数据库处于恢复状态，只能读"), _("等主库恢复，或把 DATABASE_URL 指向主库。"))
    version = connection.pg_version
    return Finding(FINE, f"PostgreSQL {version // 10000}.{version % 10000}")


@check("roles", gettext_lazy("数据库角色"))
def roles(thorough: bool) -> Finding:
    """The application owns nothing, and history is closed to it."""
    if warned := database_checks.application_owns_nothing(None, ["default"]):
        return Finding(FAULT, _("应用角色拥有表，或者是超级用户"), str(warned[0].hint))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE oid = ANY(SELECT to_regclass('public.' || name) FROM unnest(%s) name)"
            " AND (has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE'))",
            [settings.ZHIBU_APPEND_ONLY_TABLES],
        )
        open_to_us = [name for (name,) in cursor.fetchall()]
    if open_to_us:
        words = _("应用可以改动历史表：%(tables)s") % {"tables": ", ".join(open_to_us)}
        return Finding(FAULT, words, _("运行 bin/manage migrate，重新授权。"))
    return Finding(FINE, _("应用角色不拥有任何表，历史表只能追加"))


@check("migrations", gettext_lazy("数据库版本"))
def migrations(thorough: bool) -> Finding:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        words = ngettext("还有 %(n)d 个迁移没有执行", "还有 %(n)d 个迁移没有执行", pending) % {"n": pending}
        return Finding(FAULT, words, _("运行 bin/manage migrate，然后重启各进程。"))
    applied = len(executor.loader.applied_migrations)
    return Finding(FINE, ngettext("%(n)d 个迁移均已执行", "%(n)d 个迁移均已执行", applied) % {"n": applied})


@check("broker", "Redis / Valkey")
def broker(thorough: bool) -> Finding:
    if health.broker():
        return Finding(FINE, _("能写能读"))
    return Finding(FAULT, _("写进去的读不出来"), _("检查 REDIS_URL，内存是否已满，是否设了淘汰策略。"))


@check("workers", gettext_lazy("后台进程"))
def workers(thorough: bool) -> Finding:
    age = heartbeat.age(timezone.now())
    if age is not None and age < health.WORKER_SILENCE:
        return Finding(FINE, _("%(seconds)d 秒前报到") % {"seconds": age.total_seconds()})
    if thorough and (answered := len(current_app.control.ping(timeout=PING_S))):
        words = ngettext("%(n)d 个进程有应答，但没有派发任务", "%(n)d 个进程有应答，但没有派发任务", answered)
        return Finding(ATTENTION, words % {"n": answered}, _("看下一项：定时进程可能没有运行。"))
    start = _("启动后台进程：celery -A portal worker；日志里有它停下的原因。")
    if age is None:
        return Finding(FAULT, _("从未报到"), start)
    return Finding(FAULT, _("已有 %(minutes)d 分钟没有报到") % {"minutes": age.total_seconds() // 60}, start)


@check("beat", gettext_lazy("定时进程"))
def beat(thorough: bool) -> Finding:
    """What it sends every two seconds shows as a sign of life of whichever worker got it."""
    age = heartbeat.age(timezone.now())
    if age is not None and age < BEAT_SILENCE:
        return Finding(FINE, _("按时派发任务"))
    return Finding(FAULT, _("没有按时派发任务"), _("启动定时进程：celery -A portal beat；后台进程停了也会这样。"))


@check("clock", gettext_lazy("时钟"))
def clock(thorough: bool) -> Finding:
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        middle = before + (timezone.now() - before) / 2
        skew = abs((cursor.fetchone()[0] - middle).total_seconds())
    words = _("与数据库相差 %(seconds).1f 秒") % {"seconds": skew}
    if skew <= SKEW_S:
        return Finding(FINE, words)
    return Finding(
        FAULT if skew > FAR_SKEW_S else ATTENTION, words, _("两台机器都与时间服务器对时，否则验证码会失效。")
    )


@check("disk", gettext_lazy("磁盘"))
def disk(thorough: bool) -> Finding:
    place = settings.VAR if settings.VAR.exists() else settings.BASE_DIR
    found = shutil.disk_usage(place)
    used = 100 - found.free * 100 // found.total
    words = _("已用 %(used)d%%，还剩 %(free)s") % {"used": used, "free": filesizeformat(found.free)}
    if used < FULL:
        return Finding(FINE, words)
    return Finding(FAULT if used >= BRIMMING else ATTENTION, words, _("清理日志和旧备份，或扩容；写满后无法保存。"))


@check("mail", gettext_lazy("邮件"))
def mail(thorough: bool) -> Finding:
    if not settings.ZHIBU_MAIL:
        return Finding(
            ATTENTION, _("没有设置发信服务器，邀请只能当面交给本人"), _("设置 ZHIBU_EMAIL_HOST 等变量后重启。")
        )
    last = latest(UpkeepKind.MAIL)
    if last is None:
        return Finding(ATTENTION, _("已设置，还没有试发过"), _("在运行状况页试发一封给自己。"))
    day = timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M")
    if last.went_well:
        return Finding(FINE, _("%(day)s 试发成功") % {"day": day})
    return Finding(FAULT, _("%(day)s 试发没有成功") % {"day": day}, _("核对发信服务器的地址、端口、账号，再试发一次。"))
