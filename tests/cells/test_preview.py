"""Looking through another office: no more than one may see oneself, nothing changed, nothing written."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.models import Entry
from cells.authority import Held, Span, look_through, spans
from cells.choices import CellKind, Office, Power
from cells.domain import appointments
from cells.models import Appointment, Cell
from cells.preview import MINUTES
from members.choices import Category
from members.domain import requests
from members.models import Member
from notices.domain import post
from notices.models import Notice
from tests.cast import TODAY, enlist
from tests.members.paper import photo

HOME, CELLS, MEMBERS = reverse("portal:home"), reverse("cells:cells"), reverse("members:members")
END = reverse("cells:preview-end")


def begin(client, viewer, cell, office):
    client.force_login(viewer)
    return client.post(reverse("cells:preview", args=[cell.code]), {"office": office})


@pytest.fixture
def looking(client, party):
    """The staff of the association looks as the organisation commissioner of yunshan would."""
    assert begin(client, party.staff, party.yunshan, Office.ORGANISATION_COMMISSIONER).url == HOME
    return client


def sees(client, cell):
    return client.get(reverse("cells:cell", args=[cell.code])).status_code == 200


def test_one_sees_what_the_office_would_see_under_a_bar_that_says_so(looking, party):
    html = looking.get(CELLS).content.decode()
    assert "结束预览" in html
    assert "云杉科技党支部组织委员" in html
    assert sees(looking, party.yunshan)
    assert not sees(looking, party.yuanfan)
    assert not sees(looking, party.north)
    assert looking.get(reverse("audit:trail")).status_code == 403


def test_the_desk_is_that_of_the_office_and_nothing_on_it_is_the_viewer_s(client, party):
    words = {"url": "/me/", "by": party.secretary, "facts": {"item": "姓名"}}
    post.tell(party.staff, gettext_lazy("您更正%(item)s的申请已同意，名册已更新"), **words)
    requests.ask(party.wang, item="name", new="王韬", evidence=photo(), by=party.plain_member, on=TODAY)
    enlist("何静", party.yuanfan, category=Category.PROBATIONARY, joined_on=TODAY - timedelta(days=350))
    begin(client, party.staff, party.yunshan, Office.SECRETARY)

    html = client.get(HOME).content.decode()

    assert "<h1>云杉科技党支部书记</h1>" in html
    assert "1 名党员申请更正" in html
    assert "上手清单" in html
    for own in ("赵卫东，", "早上好", "您更正姓名", "后台任务", "最近的操作", "何静"):
        assert own not in html


def test_the_desk_of_an_office_that_sets_nothing_up_has_no_list(looking):
    assert "上手清单" not in looking.get(HOME).content.decode()


def test_ending_it_gives_ones_own_eyes_back_and_both_are_written_down(looking, party):
    assert looking.post(END).url == HOME
    assert sees(looking, party.yuanfan)
    assert "结束预览" not in looking.get(CELLS).content.decode()
    entries = Entry.objects.filter(action__startswith="cells.preview").order_by("pk")
    assert [(entry.action, entry.actor, entry.path) for entry in entries] == [
        ("cells.preview_begun", party.staff, party.yunshan.path),
        ("cells.preview_ended", party.staff, party.yunshan.path),
    ]


def test_it_ends_by_itself(looking, party):
    with time_machine.travel(timezone.now() + timedelta(minutes=MINUTES, seconds=1)):
        assert sees(looking, party.yuanfan)
    assert Entry.objects.filter(action="cells.preview_ended").count() == 1


def test_it_ends_with_the_session(looking, party):
    looking.logout()
    looking.force_login(party.staff)
    assert sees(looking, party.yuanfan)


def test_nothing_is_changed_while_one_looks(looking, party):
    notice = Notice.objects.create(to=party.staff, sentence="请看")
    before = Entry.objects.count()
    for path, answers in (
        (reverse("members:member-suspend", args=[party.wang.code]), {"reason": "失去联系", "on": TODAY}),
        (reverse("notices:notice-open", args=[notice.pk]), {}),
        (reverse("accounts:settings-profile"), {"name": "别人", "email": ""}),
        (reverse("accounts:settings-display"), {"theme": "dark"}),
        (reverse("cells:preview", args=[party.yunshan.code]), {"office": Office.GROUP_LEADER}),
    ):
        assert looking.post(path, answers).status_code == 403
    notice.refresh_from_db()
    assert not notice.is_read
    assert Entry.objects.count() == before


def test_a_page_that_notes_who_opened_it_is_not_shown_and_notes_nothing(looking, party):
    before = Entry.objects.count()
    answer = looking.get(reverse("members:member", args=[party.wang.code]))
    assert answer.status_code == 403
    assert "预览时不能打开" in answer.content.decode()
    assert party.wang.name not in answer.content.decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize(("path", "status"), [(reverse("portal:search"), 200), (MEMBERS, 422)])
def test_whether_a_whole_number_is_on_record_cannot_be_learnt_by_looking(looking, party, path, status):
    before = Entry.objects.count()
    pages = [looking.get(path, {"q": number}) for number in (party.wang.mobile, "13800009999")]
    assert {page.status_code for page in pages} == {status}
    assert all("预览时不能按完整号码查找" in page.content.decode() for page in pages)
    assert party.wang.name not in pages[0].content.decode()
    assert Entry.objects.count() == before


def test_who_looks_stays_who_they_are(looking, party):
    assert looking.get(CELLS).wsgi_request.user == party.staff
    assert party.staff.name in looking.get(CELLS).content.decode()


@pytest.mark.parametrize(
    ("viewer", "cell", "office", "status"),
    [
        ("staff", "yunshan", Office.SECRETARY, 302),
        ("secretary", "yunshan", Office.ORGANISATION_COMMISSIONER, 302),
        ("secretary", "yunshan", Office.SECRETARY, 403),
        ("secretary", "yuanfan", Office.ORGANISATION_COMMISSIONER, 404),
        ("north_staff", "association", Office.AUDITOR, 404),
        ("organiser", "yunshan", Office.GROUP_LEADER, 403),
        ("auditor", "yunshan", Office.SECRETARY, 403),
        ("staff", "yunshan", "emperor", 403),
    ],
)
def test_only_who_may_fill_an_office_looks_through_it(client, party, viewer, cell, office, status):
    answer = begin(client, getattr(party, viewer), getattr(party, cell), office)
    assert answer.status_code == status
    assert Entry.objects.filter(action="cells.preview_begun").exists() == (status == 302)


class TestNothingIsGained:
    """Bait: offices that carry more than the viewer does, in places where the viewer reaches less."""

    def test_a_power_the_viewer_lacks_is_not_lent(self, party):
        auditor = Held(Office.SECRETARY, party.yunshan.path, CellKind.BRANCH, True)
        look_through(party.auditor, auditor)
        assert spans(party.auditor, Power.SEE_ROSTER) == [Span(party.yunshan.path, below=True)]
        for power in (Power.REVEAL, Power.EXPORT, Power.KEEP_ROSTER, Power.IMPORT):
            assert spans(party.auditor, power) == []

    def test_the_technical_administrator_of_staff_sees_what_staff_do_not_have(self, client, party):
        begin(client, party.staff, party.association, Office.TECHNICAL_ADMINISTRATOR)
        assert not Cell.objects.visible_to(client.get(HOME).wsgi_request.user).exists()

    def test_an_office_higher_up_shows_the_viewers_own_part_alone(self, party):
        # One of each office: a look through the whole cast asks the same many times over.
        for name in ("staff", "north_staff", "secretary", "organiser", "advisor", "auditor", "technician"):
            who = getattr(party, name)
            wide = User.objects.get(pk=who.pk)
            own = {power: set(_reached(who, power)) for power in Power}
            for office, cell in ((Office.ASSOCIATION_STAFF, party.association), (Office.SECRETARY, party.yunshan)):
                wide.held_offices = None
                look_through(wide, Held(office, cell.path, cell.kind, True))
                for power in Power:
                    assert set(_reached(wide, power)) <= own[power], (who, office, power)

    def test_members_and_people_of_elsewhere_stay_out(self, client, party):
        begin(client, party.north_staff, party.yunshan, Office.SECRETARY)
        user = client.get(CELLS).wsgi_request.user
        seen = set(Member.objects.readable_by(user).values_list("name", flat=True))
        assert seen == {"李敏", "王涛", "孙悦", "周子墨"}

    def test_when_the_viewers_own_office_ends_so_does_all_they_see(self, client, party):
        begin(client, party.north_staff, party.yunshan, Office.SECRETARY)
        assert sees(client, party.yunshan)
        office = Appointment.objects.get(holder=party.north_staff)
        appointments.end(office, reason="调离", by=party.staff, on=timezone.localdate())
        assert not sees(client, party.yunshan)


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        (("/1/", True), ("/1/7/", True), ("/1/7/", True)),
        (("/1/7/", True), ("/1/", True), ("/1/7/", True)),
        (("/1/7/", True), ("/1/7/", False), ("/1/7/", False)),
        (("/1/7/", False), ("/1/7/", True), ("/1/7/", False)),
        (("/1/7/", False), ("/1/", False), None),
        (("/1/", False), ("/1/7/", True), None),
        (("/1/7/", True), ("/1/70/", True), None),
    ],
)
def test_what_lies_in_two_stretches(one, other, met):
    assert Span(*one).meet(Span(*other)) == (Span(*met) if met else None)


def _reached(user, power):
    return [cell.pk for cell in Cell.objects.all() if any(span.covers(cell.path) for span in spans(user, power))]


def test_nobody_is_ever_signed_in_as_somebody_else():
    """Impersonation is nowhere: two places sign in, after a proof at the sign-in page or at an invitation.

    The third asks views for the measurements, in fictional worlds, and refuses in production.
    """
    apps = [app for app in settings.INSTALLED_APPS if "." not in app and not app.startswith(("allauth", "django"))]
    found = set()
    for app in apps:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if _signs_in(node):
                    found.add(str(path.relative_to(settings.BASE_DIR)))
    assert found == {"accounts/adapters.py", "accounts/signing_in.py", "portal/bench/asking.py"}


def _signs_in(node):
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in {"login", "alogin", "force_login"} or (name.startswith("perform_") and name.endswith("login"))
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(
        isinstance(one, ast.Attribute) and one.attr in {"user", "_cached_user"} and _is_request(one) for one in targets
    )


def _is_request(target):
    return isinstance(target.value, ast.Name) and target.value.id == "request"
