"""One effect for one press of a button, whatever is sent again, and whatever dies in between."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.cache import cache
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cells.domain import appointments, assignments
from cells.models import Appointment
from core.forms import ONCE
from integrations import once
from integrations.domain import answers
from integrations.models import KeptAnswer
from portal.models import Feedback
from portal.retention.keepings import KEEPINGS
from tests.cast import register

pytestmark = pytest.mark.django_db

KEY = re.compile(rf'name="{ONCE}" value="(\w+)"')
FEEDBACK = "/feedback/"


@pytest.fixture(autouse=True)
def _nobody_has_written_too_much():
    cache.clear()


def desk(who):
    client = Client()
    client.force_login(who)
    return client


def press(client, key, text="页面上的字太小", **more):
    return client.post(FEEDBACK, {"text": text, ONCE: key} | more)


def fresh():
    return secrets.token_hex(32)


def test_every_form_that_posts_is_drawn_with_a_key_of_its_own(party):
    pages = [desk(party.secretary).get(FEEDBACK).content.decode() for _ in range(2)]
    keys = [key for page in pages for key in KEY.findall(page)]
    assert len(keys) == sum(page.count('name="csrfmiddlewaretoken"') for page in pages) > 1
    assert len(keys) == len(set(keys))


def test_a_second_press_gets_the_answer_of_the_first_and_does_nothing(party):
    client, key = desk(party.secretary), fresh()
    first, second = press(client, key), press(client, key)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert once.REPLAYED not in first.headers
    assert second.headers[once.REPLAYED] == "true"
    assert Feedback.objects.count() == 1


def test_other_words_under_the_same_drawing_are_another_request(party):
    client, key = desk(party.secretary), fresh()
    for text in ("一", "二", "一"):
        assert once.REPLAYED not in press(client, key, text).headers
    assert Feedback.objects.count() == 3


def test_a_form_sent_back_is_not_kept_so_that_it_can_be_mended(party):
    client, key = desk(party.secretary), fresh()
    assert press(client, key, text="").status_code == 422
    assert press(client, key, text="").headers.get(once.REPLAYED) is None
    assert not KeptAnswer.objects.exists()


def test_what_is_said_after_the_first_press_is_said_after_the_second(party):
    client, key = desk(party.secretary), fresh()
    sent = {"name": party.secretary.name, "email": "", ONCE: key}
    saved = [client.post(reverse("accounts:settings-profile"), sent) for _ in range(2)][-1]
    assert saved.headers[once.REPLAYED] == "true"
    assert client.get(saved.headers["Location"]).content.decode().count("已保存") >= 1


def test_nobody_gets_the_answer_to_somebody_elses_request(party):
    key = fresh()
    press(desk(party.secretary), key)
    assert once.REPLAYED not in press(desk(party.organiser), key).headers
    assert Feedback.objects.count() == 2


def test_an_office_that_ended_is_no_longer_answered_from_before(party):
    client, key = desk(party.secretary), fresh()
    press(client, key)
    seat = Appointment.objects.get(holder=party.secretary)
    appointments.end(seat, reason="换届", by=party.north_staff, on=timezone.localdate())
    assert once.REPLAYED not in press(client, key).headers


def test_a_company_no_longer_looked_after_is_no_longer_answered_from_before(party):
    company, today = register("青山数据有限公司", party.south), timezone.localdate()
    mine = assignments.assign(company, advisor=party.advisor, assigned_on=today, by=party.staff, on=today)
    client, key = desk(party.advisor), fresh()
    press(client, key)
    assert press(client, key).headers[once.REPLAYED] == "true"
    assignments.end(mine, reason="调整", ended_on=today, by=party.staff, on=today)
    assert once.REPLAYED not in press(client, key).headers


def test_the_way_to_the_password_is_no_answer_to_keep(party):
    """It is asked for once more, not for ever."""
    client, key = desk(party.secretary), fresh()
    new = reverse("integrations:token-new")
    assert client.post(new, {ONCE: key}).url.startswith("/reauthenticate/")
    assert not KeptAnswer.objects.exists()


def test_what_was_answered_is_sealed_and_goes_with_its_time(party):
    client, key = desk(party.secretary), fresh()
    press(client, key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM integrations_keptanswer")
        (stored,) = cursor.fetchone()
    assert stored.startswith("v1|")
    assert answers.forget(timezone.now()) == 0
    assert answers.forget(timezone.now() + timedelta(hours=25)) == 1
    assert "answers" in {rule.name for rule in KEEPINGS}


@pytest.fixture
def raising(monkeypatch):
    """The portal's own view, which falls over after its deed."""

    def send(text, **how):
        Feedback.objects.create(text=text)
        raise RuntimeError

    monkeypatch.setattr("portal.feedback.send", send)


def test_what_fell_over_leaves_neither_effect_nor_answer(party, raising):
    client, key = Client(raise_request_exception=False), fresh()
    client.force_login(party.secretary)
    assert press(client, key).status_code == 500
    assert not Feedback.objects.exists()
    assert not KeptAnswer.objects.exists()


class TestAtOnce:
    """Each on a connection of their own."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def test_sixteen_presses_have_one_effect_and_one_answer(self, party):
        key, clients = fresh(), [desk(party.secretary) for _ in range(16)]

        def run(client):
            try:
                return press(client, key)
            finally:
                connection.close()

        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(run, clients))
        assert {response.status_code for response in found} == {302}
        assert {response.headers["Location"] for response in found} == {f"{FEEDBACK}?sent"}
        assert sum(once.REPLAYED not in response.headers for response in found) == 1
        assert Feedback.objects.count() == 1

    def test_a_press_that_died_on_the_way_is_free_at_once(self, party):
        client, key = desk(party.secretary), fresh()
        asked = answers.Asked(party.secretary.pk, request="0" * 64, content="0" * 64)
        begun, dead = Event(), Event()

        def die():
            with pytest.raises(Error), transaction.atomic():
                answers.answered(asked, wait_s=0)
                begun.set()
                dead.wait(10)
                # As the database meets a process that was killed: the connection is gone, nothing was said.
                connection.connection.close()

        dying = Thread(target=die)
        dying.start()
        begun.wait(10)
        with pytest.raises(answers.InFlight), transaction.atomic():
            answers.answered(asked, wait_s=0)
        dead.set()
        dying.join(10)
        with transaction.atomic():
            assert answers.answered(asked, wait_s=2) is None
        assert press(client, key).status_code == 302
