"""Webhooks: signed, thin, sent once and no further than their owner sees, until the receiver gives up or is back."""

import os
import signal
import socket
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from accounts.models import User
from audit import seals
from cells.authority import Narrowing, Span, narrow
from cells.choices import Power
from cells.domain import appointments
from cells.models import Appointment
from core.errors import OutOfTurn, Refusal, Stale
from integrations import outgoing
from integrations.choices import DeliveryState, StopReason, WebhookState
from integrations.domain import following, sending, webhooks
from integrations.models import Delivery, Webhook
from members.domain import places, standing
from members.models import Member
from notices.models import Notice
from tests.cast import TODAY
from tests.integrations.receiver import verifies
from work.models import Outbox

pytestmark = pytest.mark.django_db

today = timezone.localdate
LATER = TODAY.replace(year=2027)
EVERY = ["member.converted", "member.placed", "member.gone", "cell.renamed"]


def hook(receiver, party, *, by=None, cell=None, types=EVERY):
    """A webhook to the receiver; it and its secret."""
    return webhooks.set_up(
        cell or party.association, name="内网名册", address=receiver.url, types=types, by=by or party.staff
    )


def convert(party):
    standing.convert(party.sun, by=party.secretary, on=LATER)


def carry():
    """What the clock does: seal, read on, send what is due."""
    seals.seal_entries()
    following.follow()
    for key in Delivery.objects.waiting().order_by("pk").values_list("pk", flat=True):
        sending.send(key)


def let_time_pass(**more):
    """Everything that waits for a moment has it behind it now."""
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1), locked_until=None, **more)


def as_now(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_a_change_arrives_signed_and_thin(party, receiver):
    """Everything about 孙悦 that could stand in a message is there to be found."""
    Member.objects.filter(pk=party.sun.pk).update(employer_text="云杉科技有限公司", email="sunyue@qinglan.example")
    webhook, secret = hook(receiver, party)
    convert(party)
    carry()
    [(path, headers, body)] = receiver.messages
    assert path == "/hook" and headers["content-type"] == "application/json"
    assert verifies(secret, headers, body) and not verifies(secret, headers, body + b" ")
    [said] = receiver.said
    assert said["type"] == "member.converted"
    assert said["data"] == {
        "webhook": webhook.code,
        "resource": "members",
        "code": party.sun.code,
        "url": f"/api/v1/members/{party.sun.code}/",
        "gone": False,
        "sequence": Delivery.objects.get().sequence,
    }
    text = body.decode() + str(headers)
    for secret_thing in (party.sun.name, str(party.sun.id_number), "sunyue", "云杉", party.secretary.name, "1990"):
        assert secret_thing not in text
    carry()
    assert len(receiver.messages) == 1


def test_only_the_types_asked_for_and_only_the_stretch_it_is_bound_to(party, receiver):
    hook(receiver, party, cell=party.south)
    hook(receiver, party, types=["cell.renamed"])
    convert(party)
    places.place(party.chen, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    carry()
    assert [(said["type"], said["data"]["code"], said["data"]["url"]) for said in receiver.said] == [
        ("member.gone", party.chen.code, None)
    ]


def test_a_failure_is_tried_again_eight_times_within_a_day_under_one_id_then_it_stops(party, receiver):
    webhook, _secret = hook(receiver, party)
    receiver.status, receiver.body = 500, "出错了 13800005678".encode()
    convert(party)
    carry()
    waits = []
    for _attempt in range(7):
        delivery = Delivery.objects.get()
        waits.append(delivery.due_at - timezone.now())
        assert sending.send(delivery.pk) is None  # before its time nothing goes out
        let_time_pass()
        sending.send(delivery.pk)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, len(set(receiver.ids))) == (DeliveryState.FAILED, 8, 1)
    assert timedelta(hours=22) < sum(waits, timedelta()) < timedelta(hours=24)
    assert [(one["status"], one["answer"]) for one in delivery.log] == [(500, "出错了 138****5678")] * 8
    webhook = as_now(webhook)
    assert (webhook.state, webhook.stopped_for) == (WebhookState.STOPPED, StopReason.FAILING)
    assert Notice.objects.to(party.staff).get().url == webhook.get_absolute_url()
    places.place(party.wang, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    carry()
    assert len(receiver.messages) == 8
    receiver.status = 200
    webhooks.resume(webhook, by=party.staff)
    carry()
    assert [said["type"] for said in receiver.said][8:] == ["member.placed"]
    assert webhooks.replay(webhook, by=party.staff, since=timezone.now() - timedelta(days=2)) == 1
    carry()
    assert receiver.ids[-1] == receiver.ids[0]
    assert {one.state for one in Delivery.objects.all()} == {DeliveryState.SENT}


def test_a_receiver_that_is_gone_for_good_says_so_once(party, receiver):
    webhook, _secret = hook(receiver, party)
    receiver.status = 410
    convert(party)
    carry()
    assert as_now(webhook).stopped_for == StopReason.GONE and len(receiver.messages) == 1


def test_a_redirect_is_not_followed(party, receiver):
    hook(receiver, party)
    receiver.status, receiver.headers = 302, {"Location": receiver.url.replace("hook", "elsewhere")}
    convert(party)
    carry()
    assert [path for path, _headers, _body in receiver.messages] == ["/hook"]
    assert Delivery.objects.get().last["status"] == 302


def test_both_secrets_sign_while_both_hold(party, receiver):
    webhook, old = hook(receiver, party)
    webhook, new = webhooks.rotate(webhook, hours=24, by=party.staff)
    webhooks.send_test(webhook, by=party.staff)
    carry()
    Webhook.objects.update(former_until=timezone.now() - timedelta(seconds=1))
    webhooks.send_test(webhook, by=party.staff)
    carry()
    [(_, both, first), (_, one, second)] = receiver.messages
    assert verifies(old, both, first) and verifies(new, both, first)
    assert verifies(new, one, second) and not verifies(old, one, second)
    with pytest.raises(Refusal):
        webhooks.rotate(webhook, hours=100, by=party.staff)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret || former_secret FROM integrations_webhook")
        [(kept,)] = cursor.fetchall()
    assert old not in kept and new not in kept


def test_an_owner_without_office_sends_nothing_and_everybody_who_keeps_it_hears(party, receiver):
    """What was written down before the office ended does not go out either."""
    webhook, _secret = hook(receiver, party, by=party.north_staff, cell=party.north)
    convert(party)
    seals.seal_entries()
    following.follow()
    assert Delivery.objects.waiting().count() == 1
    appointments.end(Appointment.objects.get(holder=party.north_staff), reason="工作调动", by=party.staff, on=today())
    assert sending.send(Delivery.objects.get().pk) is None
    assert receiver.messages == []
    assert as_now(webhook).stopped_for == StopReason.NO_RIGHT
    assert [one.url for one in Notice.objects.to(party.north_staff).filter(facts__name=webhook.name)] == [""]
    with pytest.raises(OutOfTurn):
        webhooks.resume(webhook, by=party.staff)
    webhooks.take_over(webhook, by=party.staff)
    webhooks.resume(webhook, by=party.staff)
    carry()
    assert [said["type"] for said in receiver.said] == ["member.converted"]


def test_what_its_owner_lost_sight_of_before_it_was_sent_is_dropped(party, receiver):
    hook(receiver, party, by=party.north_staff, cell=party.north, types=["member.converted"])
    convert(party)
    seals.seal_entries()
    following.follow()
    places.place(party.sun, cell=party.shiguang, reason="工作调动", by=party.staff, on=LATER)
    carry()
    assert receiver.messages == []
    assert Delivery.objects.get().state == DeliveryState.DROPPED


def test_an_office_lower_down_keeps_nothing_and_another_keeper_does_not_turn_it_elsewhere(party, receiver):
    webhook, _secret = hook(receiver, party)
    for person in (party.secretary, party.auditor, party.plain_member, party.stranger):
        with pytest.raises(PermissionDenied):
            webhooks.set_up(party.yunshan, name="不行", address=receiver.url, types=EVERY, by=person)
        assert not Webhook.objects.visible_to(person).exists()
    with pytest.raises(PermissionDenied):
        webhooks.change(webhook, name="转走", address=receiver.url, types=EVERY, by=party.technician, version=1)
    with pytest.raises(PermissionDenied):
        webhooks.rotate(webhook, hours=0, by=party.technician)
    webhooks.take_over(webhook, by=party.technician)
    convert(party)
    carry()
    assert receiver.messages == []  # a technician sees no member, so nothing of them goes out
    with pytest.raises(Stale):
        webhooks.change(webhook, name="旧", address=receiver.url, types=EVERY, by=party.technician, version=1)


def test_a_program_sets_up_nothing_that_carries_further_than_itself(party, receiver):
    narrow(party.staff, Narrowing(frozenset({Power.KEEP_INTEGRATIONS, Power.SEE_CELLS}), Span(party.north.path, True)))
    with pytest.raises(PermissionDenied):
        hook(receiver, party)
    hook(receiver, party, cell=party.north)
    convert(party)
    carry()
    assert receiver.messages == []


def test_pausing_sends_nothing_and_loses_nothing(party, receiver):
    webhook, _secret = hook(receiver, party)
    webhooks.pause(webhook, by=party.staff)
    convert(party)
    carry()
    assert receiver.messages == []
    with pytest.raises(OutOfTurn):
        webhooks.send_test(webhook, by=party.staff)
    webhooks.resume(webhook, by=party.staff)
    carry()
    assert [said["type"] for said in receiver.said] == ["member.converted"]
    webhooks.end(webhook, by=party.staff)
    assert not Webhook.objects.visible_to(party.staff).exists()


def test_a_message_is_promised_through_the_outbox_and_looked_after_until_it_is_settled(party, receiver):
    hook(receiver, party)
    convert(party)
    seals.seal_entries()
    following.follow()
    delivery = Delivery.objects.get()
    assert Outbox.objects.filter(kind="integrations.hand_over").count() == 1
    sending.hand_over(delivery.pk)
    assert Outbox.objects.filter(kind="integrations.hand_over").count() == 2
    sending.send(delivery.pk)
    sending.hand_over(delivery.pk)
    assert Outbox.objects.filter(kind="integrations.hand_over").count() == 2


def test_what_was_settled_a_month_ago_is_cleared_and_what_waits_is_not(party, receiver):
    webhook, _secret = hook(receiver, party)
    for _ in range(3):
        webhooks.send_test(webhook, by=party.staff)
    old, young, _waiting = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=old.pk).update(state="sent", settled_at=timezone.now() - timedelta(days=31))
    Delivery.objects.filter(pk=young.pk).update(state="sent", settled_at=timezone.now() - timedelta(days=29))
    assert sending.forget() == 1
    assert not Delivery.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_mid_call_loses_nothing_and_nothing_is_locked_meanwhile(party, receiver):
    hook(receiver, party)
    convert(party)
    seals.seal_entries()
    following.follow()
    key = Delivery.objects.get().pk
    called, go_on = threading.Event(), threading.Event()
    receiver.before = lambda: (called.set(), go_on.wait(10))
    sender = os.fork()
    if not sender:
        connection.connection = None  # the parent's; this process opens its own
        sending.send(key)
        os._exit(0)
    assert called.wait(10)
    assert idle_in_transaction() == 0
    os.kill(sender, signal.SIGKILL)
    os.waitpid(sender, 0)
    go_on.set()
    receiver.before = None
    assert sending.send(key) is None  # its lease is not over
    let_time_pass()
    assert sending.send(key).status == 204
    assert len(receiver.ids) == 2 and len(set(receiver.ids)) == 1
    assert Delivery.objects.get().attempts == 2


def idle_in_transaction():
    """Asked in a session of the application's own: nobody else may look into its sessions, not even the owner."""
    with closing(connection.copy()) as beside, beside.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in trans%%'"
        )
        return cursor.fetchone()[0]


NO_PLAIN_ADDRESSES = [
    "http://hooks.example.com/",
    "ftp://hooks.example.com/",
    "https://user:secret@hooks.example.com/",
    "https://hooks.example.com/#part",
    "https://hooks.example.com:22/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://hooks.example.com\\@127.0.0.1/",
    "https://hooks .example.com/",
    "https://[::1/",
    "https:///path",
    "",
]


def test_what_is_no_plain_https_address_is_refused():
    for url in NO_PLAIN_ADDRESSES:
        with pytest.raises(Refusal):
            outgoing.read(url)


NOT_IN_THE_OPEN = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "fe80::1%eth0",
    "fd00::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
    "fec0::1",
    "3fff::1",
    "192.88.99.1",
    "192.0.0.9",
]


def test_what_is_not_in_the_open_internet_is_refused_whatever_name_leads_there():
    target = outgoing.read("https://hooks.example.com/a")
    for address in NOT_IN_THE_OPEN:
        with pytest.raises(Refusal):
            outgoing.judge(target, resolve=lambda host, port, address=address: ["93.184.216.34", address])
    assert outgoing.judge(target, resolve=lambda host, port: ["93.184.216.34"]) == "93.184.216.34"


def test_a_name_that_answers_otherwise_a_moment_later_leads_nowhere(settings, receiver):
    """The name is asked for once and the connection goes to what was judged, under the name."""
    port = int(receiver.url.split(":")[2].split("/")[0])
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    url = f"http://hooks.example.com:{port}/a?b=1"
    answer = outgoing.send(url, b"{}", {}, resolve=lambda host, port: next(answers))
    assert answer.status == 204
    [(path, headers, _body)] = receiver.messages
    assert (path, headers["host"]) == ("/a?b=1", f"hooks.example.com:{port}")
    settings.ZHIBU_WEBHOOKS_ALLOW_PRIVATE = False
    refused = outgoing.send(url, b"{}", {}, resolve=lambda host, port: ["127.0.0.1"])
    assert refused.status is None and len(receiver.messages) == 1


def test_no_proxy_of_the_environment_is_asked(monkeypatch, receiver):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert outgoing.send(receiver.url, b"{}", {}).is_welcome


def test_a_receiver_that_says_much_is_not_read_to_the_end(receiver):
    receiver.status, receiver.body = 200, b"x" * 1_000_000
    assert len(outgoing.send(receiver.url, b"{}", {}).text) == outgoing.MOST_KEPT


def test_a_receiver_that_drips_is_cut_off(monkeypatch, receiver):
    monkeypatch.setattr(outgoing, "TIME_OUT_S", 0.3)
    receiver.before = threading.Event().wait(1) and None
    hold = threading.Event()
    receiver.before = lambda: hold.wait(3)
    answer = outgoing.send(receiver.url, b"{}", {})
    hold.set()
    assert answer.status is None and answer.milliseconds < 2000


def test_a_name_that_nobody_answers_for_is_waited_for_no_longer_than_a_receiver(monkeypatch, receiver):
    monkeypatch.setattr(outgoing, "TIME_OUT_S", 0.3)
    hold = threading.Event()

    def slow(host, port):
        hold.wait(3)
        return ["127.0.0.1"]

    answer = outgoing.send(receiver.url, b"{}", {}, resolve=slow)
    with pytest.raises(Refusal, match="找不到"):
        outgoing.judge(outgoing.read(receiver.url), resolve=slow)
    hold.set()
    assert answer.status is None and receiver.messages == []
    assert outgoing.send(receiver.url, b"{}", {}, resolve=slow).is_welcome


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_a_name_and_nobody_without_right_has_one_looked_up(party, monkeypatch):
    asked, real = [], socket.getaddrinfo

    def looked_up(host, *more, **how):
        if not host.endswith(".example.com"):
            return real(host, *more, **how)
        asked.append((host, idle_in_transaction()))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    to = {"name": "内网名册", "address": "https://hooks.example.com/", "types": EVERY}
    with pytest.raises(PermissionDenied):
        webhooks.set_up(party.yunshan, by=party.secretary, **to)
    webhook, _secret = webhooks.set_up(party.association, by=party.staff, **to)
    elsewhere = to | {"address": "https://more.example.com/", "version": webhook.version}
    with pytest.raises(PermissionDenied):
        webhooks.change(webhook, by=party.technician, **elsewhere)
    with pytest.raises(Stale):
        webhooks.change(webhook, by=party.staff, **elsewhere | {"version": 0})
    webhooks.change(webhook, by=party.staff, **elsewhere)
    assert asked == [("hooks.example.com", 0), ("more.example.com", 0)]
    assert as_now(webhook).address == "https://more.example.com/"


def test_the_owner_of_a_closed_account_sends_nothing(party, receiver):
    webhook, _secret = hook(receiver, party)
    convert(party)
    User.objects.filter(pk=party.staff.pk).update(is_active=False)
    carry()
    assert receiver.messages == [] and as_now(webhook).stopped_for == StopReason.NO_RIGHT
