"""What the checks say, and who is shown it: the page of operations and the doctor ask the same ones."""

import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import seals, trail
from audit.models import Entry
from portal.checkup import ATTENTION, FAULT, FINE, examine
from portal.choices import UpkeepKind
from portal.fieldkeys import proofs
from portal.models import Feedback, Upkeep
from work import heartbeat
from work.choices import JobState, OutboxState
from work.models import Job, Outbox

OPS, EXAMINATION, MAIL = reverse("portal:ops"), reverse("portal:ops-examination"), reverse("portal:ops-mail")


@pytest.fixture
def well(party):
    """A portal that nothing is wrong with."""
    proofs.note()
    seals.seal_entries()
    heartbeat.beat(heartbeat.this_process(heartbeat.WORKER))
    for kind in (UpkeepKind.BACKUP, UpkeepKind.REPORT, UpkeepKind.MAIL):
        Upkeep.objects.create(kind=kind, went_well=True)
    Upkeep.objects.create(kind=UpkeepKind.DRILL, went_well=True, facts={"taken_at": timezone.now().isoformat()})
    return party


@pytest.fixture(autouse=True)
def _mail_is_set_up(settings, tmp_path):
    settings.ZHIBU_MAIL, settings.VAR = True, tmp_path


def found(*, thorough=False):
    return {result.check.name: result.finding for result in examine(thorough=thorough)}


def states():
    """What is not fine, by name; the machine's own disk is left to the machine."""
    return {name: finding.state for name, finding in found().items() if finding.state != FINE and name != "disk"}


def doctor(*words):
    out = io.StringIO()
    try:
        call_command("doctor", *words, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_a_portal_that_is_well_is_said_to_be(well):
    assert states() == {}
    names = list(found())
    assert names == [
        "database", "roles", "migrations", "broker", "workers", "beat", "clock", "disk", "mail",
        "field_keys", "backup", "drill", "audit", "outbox", "jobs", "retention",
    ]  # fmt: skip


def test_everything_that_is_not_well_says_what_to_do(party):
    Upkeep.objects.create(kind=UpkeepKind.DRILL, went_well=False)
    Upkeep.objects.create(kind=UpkeepKind.MAIL, went_well=False)
    Upkeep.objects.create(kind=UpkeepKind.BACKUP, went_well=True, at=timezone.now() - timedelta(days=9))
    Outbox.objects.create(kind="x", state=OutboxState.DEAD)
    Job.objects.create(kind="x", title="x", state=JobState.FAILED, finished_at=timezone.now())
    trail.record("portal.feedback_sent", Feedback.objects.create(text="x"), by=party.staff, at="")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        wrong = found()
    assert {name for name, finding in wrong.items() if finding.state == FAULT} >= {
        "workers", "beat", "clock", "mail", "backup", "drill", "audit",
    }  # fmt: skip
    assert {name for name, finding in wrong.items() if finding.state == ATTENTION} >= {"outbox", "jobs", "retention"}
    assert all(finding.remedy for finding in wrong.values() if finding.state != FINE)


@pytest.mark.parametrize("age, state", [(25, None), (27, ATTENTION), (24 * 8, FAULT)])
def test_a_back_up_grows_old(well, age, state):
    Upkeep.objects.filter(kind=UpkeepKind.BACKUP).update(at=timezone.now() - timedelta(hours=age))
    assert states().get("backup") == state


def test_an_effect_that_waits_too_long_is_noticed(well):
    row = Outbox.objects.create(kind="x", run_after=timezone.now() - timedelta(minutes=2))
    assert states() == {"outbox": ATTENTION}
    Outbox.objects.filter(pk=row.pk).update(run_after=timezone.now() - timedelta(hours=1))
    assert states() == {"outbox": FAULT}


def test_history_that_the_application_could_change_is_noticed(well, settings):
    settings.ZHIBU_APPEND_ONLY_TABLES = [*settings.ZHIBU_APPEND_ONLY_TABLES, "portal_feedback"]
    assert states() == {"roles": FAULT}
    assert "portal_feedback" in found()["roles"].words


def test_a_chain_that_does_not_hold_is_noticed(well):
    trail.record("portal.feedback_sent", Feedback.objects.create(text="x"), by=well.staff, at="")
    seals.seal_entries()
    assert states() == {}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE audit_entry AS SELECT * FROM audit_entry")
        cursor.execute("UPDATE pg_temp.audit_entry SET action = 'forged'")
    assert Entry.objects.filter(action="forged").exists()
    assert states() == {"audit": FAULT}


def test_a_ring_without_a_key_that_is_needed_is_named_without_showing_any(well, settings):
    ring = settings.ZHIBU_FIELD_KEYS
    settings.ZHIBU_FIELD_KEYS = ring | {"current": "k7", "keys": {"k7": ring["index"]}}
    code, said = doctor()
    assert code == 1
    assert "✕ 异常  字段密钥：缺少密钥，或者不是原来的那些：k1" in said
    assert "不要另造新密钥" in said
    assert ring["index"] not in said


def test_the_doctor_speaks_to_machines_too(well):
    code, said = doctor("--json")
    told = json.loads(said)
    assert (code, told["state"] in (FINE, ATTENTION)) == (0, True)
    assert {"check", "state", "words", "remedy", "ms"} == set(told["checks"][0])


def test_one_check_that_cannot_be_asked_leaves_the_others_their_say(well, settings):
    settings.VAR = None
    wrong = states() | {"disk": found()["disk"].state}
    assert wrong == {"disk": FAULT}


def test_the_technician_reads_it_all_and_nobody_else_anything(client, well):
    client.force_login(well.technician)
    page = client.get(OPS).content.decode()
    for words in ("数据库角色", "上次备份", "运行体检", "恢复演练"):
        assert words in page
    assert all(name not in page for name in ("王涛", "李敏", "13800005678"))
    client.force_login(well.staff)
    assert {client.get(OPS).status_code, client.post(EXAMINATION).status_code, client.post(MAIL).status_code} == {403}


def test_an_examination_is_shown_on_its_page_and_in_its_place(client, well):
    client.force_login(well.technician)
    whole = client.post(EXAMINATION)
    part = client.post(EXAMINATION, headers={"hx-request": "true"})
    assert (whole.status_code, part.status_code) == (200, 200)
    assert "全部检查" in part.content.decode()
    assert "<h1>" in whole.content.decode()
    assert "<h1>" not in part.content.decode()


def test_the_page_costs_the_same_however_much_was_noted(client, well):
    client.force_login(well.technician)
    client.get(OPS)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(OPS)
        return len(asked)

    few = queries()
    Upkeep.objects.bulk_create([Upkeep(kind=UpkeepKind.MAIL, went_well=True) for _ in range(3)])
    for number in range(3):
        heartbeat.beat(f"worker elsewhere:{number}")
    assert queries() == few


def test_a_test_mail_goes_to_the_own_address_and_is_noted(client, well):
    User.objects.filter(pk=well.technician.pk).update(email="ma@example.cn")
    client.force_login(well.technician)
    answer = client.post(MAIL, follow=True)
    assert "已发往 ma@example.cn" in answer.content.decode()
    assert [message.to for message in mail.outbox] == [["ma@example.cn"]]
    assert Upkeep.objects.first().went_well
    assert Entry.objects.filter(action="portal.mail_tried", actor=well.technician).exists()


@pytest.mark.parametrize(
    ("address", "configured", "backend", "said"),
    [
        ("ma@example.cn", False, "locmem", "还没有设置发信服务器"),
        ("", True, "locmem", "您的账号还没有邮箱"),
        ("ma@example.cn", True, "smtp", "没有发出去（ConnectionRefusedError）"),
    ],
)
def test_a_mail_that_cannot_go_says_why(client, well, settings, address, configured, backend, said):
    settings.ZHIBU_MAIL = configured
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    User.objects.filter(pk=well.technician.pk).update(email=address)
    client.force_login(well.technician)
    answer = client.post(MAIL)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert mail.outbox == []
