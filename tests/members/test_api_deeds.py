"""Every deed to a member through its page, by htmx and over REST: the same done, the same refused in the same words."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import transaction

from audit.models import Entry
from core.counting import so_far
from members.choices import Category, Standing
from members.domain import merges, standing
from members.domain.disclosures import DISCLOSURES
from members.domain.roster import CORRECTABLE
from members.models import Member, Membership, Merge
from notices.models import Notice
from tests.cast import LONG_AGO, TODAY, enlist, fictional_id_number
from tests.integrations.programs import drawn
from work.models import Job, Outbox

pytestmark = pytest.mark.django_db
ON = TODAY.isoformat()
LATER = (TODAY + timedelta(days=30)).isoformat()
SOMEBODY = {
    "id_number": fictional_id_number(date(1991, 3, 4), 997), "name": "林晓", "category": "full",
    "joined_on": "2015-06-01", "converted_on": "2016-06-01", "ethnicity": "01", "education": "21", "post": "022",
}  # fmt: skip
# Deed, where it is done over REST, where on the page, to whom, what is answered.
DEEDS = {
    "convert": ("convert", "convert", "gao", {"on": ON}),
    "place": ("place", "place", "wang", {"cell": "first_group", "reason": "编入小组", "on": ON}),
    "suspend": ("suspend", "suspend", "wang", {"reason": "失去联系六个月", "on": ON}),
    "restore": ("restore", "restore", "wu", {"cell": "yunshan", "reason": "已经找到", "on": ON}),
    "leave": ("leave", "leave", "wang", {"reason": "transferred_out", "note": "组字第一号", "on": ON}),
    "death": ("death", "death", "wang", {"on": ON}),
    "void": ("void", "void", "wang", {"reason": "补录错了人", "on": ON}),
    "merge": ("merge", "merge", "wang", {"absorbed": "double", "reason": "同一个人", "on": ON}),
    "link": ("link", "account", "sun", {"user": "stranger"}),
    "unlink": ("unlink", "account/remove", "wang", {}),
}
# What is refused, in which words, and over REST with which status.
REFUSED = {
    "convert too early": ("convert", "sun", {"on": ON}, 400, "转正日期不应早于"),
    "convert a full member": ("convert", "wang", {"on": ON}, 409, "不在册的预备党员|不是在册的预备党员"),
    "place elsewhere": ("place", "wang", {"cell": "yuanfan", "reason": "编入", "on": ON}, 400, ""),
    "suspend later": ("suspend", "wang", {"reason": "失联", "on": LATER}, 400, "还没有到"),
    "suspend before they came": ("suspend", "wang", {"reason": "失联", "on": "2023-01-01"}, 400, "日期应晚于进入"),
    "suspend without words": ("suspend", "wang", {"reason": "", "on": ON}, 400, ""),
    "restore who never left": ("restore", "wang", {"cell": "yunshan", "reason": "已经找到", "on": ON}, 409, ""),
    "leave for no reason there is": ("leave", "wang", {"reason": "died", "on": ON}, 400, ""),
    "leave as a probationer": ("leave", "wang", {"reason": "probation_cancelled", "on": ON}, 400, "只有预备党员"),
    "merge with themselves": ("merge", "wang", {"absorbed": "wang", "reason": "同一个人", "on": ON}, 400, "另一份记录"),
    "merge two people": ("merge", "wang", {"absorbed": "sun", "reason": "同一个人", "on": ON}, 400, "是两个人"),
    "void one's own": ("void", "li", {"reason": "补录错了人", "on": ON}, 400, "自己的资料"),
    "link one who is linked": ("link", "wang", {"user": "stranger"}, 400, "已经绑定账号"),
}


class Cast:
    """People of the drawing by name, and those whose story had to go on first."""

    def __init__(self, party):
        self.party = party
        self.gao = enlist("高远", party.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 6, 1))
        wu = enlist("吴桐", party.yunshan)
        self.wu = standing.suspend(wu, reason="失去联系", by=party.staff, on=TODAY - timedelta(days=1))
        self.double = enlist("王涛", party.yunshan)
        Member.objects.filter(pk=self.double.pk).update(id_number="", id_number_index="")

    def named(self, answers):
        """The answers with names in place of codes told by their codes."""
        coded = {"cell", "absorbed", "user"}
        return {key: self.at(value).code if key in coded else value for key, value in answers.items()}

    def at(self, name):
        return self.__dict__.get(name) or getattr(self.party, name)


@pytest.fixture
def people(party):
    return Cast(party)


@pytest.fixture
def secretary(party, program):
    return program(party.secretary)


def traces(do):
    """What ``do`` answered, and what it left in the trail; then all of it is taken back."""
    with transaction.atomic():
        known = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        answer = do()
        left = Entry.objects.filter(pk__gt=known).exclude(action__in=DISCLOSURES).order_by("pk")
        told = [(entry.action, entry.thing_id, entry.path, entry.facts) for entry in left]
        transaction.set_rollback(True)
    return answer, told


def contents(tables):
    """All that stands in them; what is sealed has the same token as before, or was written anew."""
    return [
        [
            {name: getattr(value, "token", value) for name, value in row.items()}
            for row in table.objects.order_by("pk").values()
        ]
        for table in tables
    ]


def whole(program, path):
    return {"if-match": program.get(path).headers["ETag"]}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_leaves_the_same_behind_whatever_the_door(deed, people, party, client, program):
    rest, page, whom, answers = DEEDS[deed]
    path, answers = f"members/{people.at(whom).code}/", people.named(answers)
    client.force_login(party.staff)
    staff = program(party.staff)
    _page, by_hand = traces(lambda: client.post(f"/{path}{page}/", answers))
    _part, by_htmx = traces(lambda: client.post(f"/{path}{page}/", answers, headers={"HX-Request": "true"}))
    answer, by_program = traces(lambda: staff.post(f"{path}{rest}/", answers, headers=whole(staff, path)))
    assert answer.status_code in (200, 204), answer.content.decode()
    assert by_program and by_program == by_hand == by_htmx


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_the_same_whatever_the_door(case, people, party, client, secretary):
    deed, whom, answers, status, said = REFUSED[case]
    rest, page, *_known = DEEDS[deed]
    member, answers = people.at(whom), people.named(answers)
    path = f"members/{member.code}/"
    client.force_login(party.secretary)
    shown = client.post(f"/{path}{page}/", answers)
    assert shown.status_code == 422
    refused = secretary.post(f"{path}{rest}/", answers, headers=whole(secretary, path))
    assert refused.status_code == status
    sentence = refused.json()["errors"][0]["detail"]
    assert not said or any(words in sentence for words in said.split("|"))
    if "没有编号为" not in sentence and "合法选项" not in sentence:  # a form offers what may be chosen, and says so
        assert sentence in unescape(shown.content.decode())


def test_a_record_is_enrolled_as_on_the_page(people, party, client, secretary):
    client.force_login(party.secretary)
    page, by_hand = traces(lambda: client.post(f"/cells/{party.yunshan.code}/roster/add/", SOMEBODY))
    assert page.status_code == 302
    answer, by_program = traces(lambda: secretary.post("members/", SOMEBODY | {"cell": party.yunshan.code}))
    assert answer.status_code == 201, answer.content.decode()
    assert answer.headers["Location"] == answer.json()["url"]
    assert [facts for *_place, facts in by_program] == [facts for *_place, facts in by_hand]


def test_everything_wrong_with_a_record_is_said_at_once_as_in_the_form(party, client, secretary):
    wrong = SOMEBODY | {"id_number": "999999199103049970", "mobile": "1380000", "joined_on": "2031-01-01"}
    client.force_login(party.secretary)
    page = client.post(f"/cells/{party.yunshan.code}/roster/add/", wrong)
    refused = secretary.post("members/", wrong | {"cell": party.yunshan.code})
    told = {fault["pointer"]: fault["detail"] for fault in refused.json()["errors"]}
    assert refused.status_code == 400
    assert told.keys() == {"/id_number", "/mobile", "/joined_on"}
    assert all(sentence in unescape(page.content.decode()) for sentence in told.values())


def test_who_is_on_record_is_not_enrolled_again(party, secretary):
    again = SOMEBODY | {"id_number": str(party.wang.id_number), "name": "王涛", "cell": party.yunshan.code}
    [fault] = secretary.post("members/", again).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/id_number", "refused")
    assert "不要重复补录" in fault["detail"] or "已在" in fault["detail"]


class TestSomebodyOnRecordElsewhere:
    """Whether a number belongs to a member anywhere is told to who enrols them: noted each time, and not for ever."""

    @pytest.fixture
    def known(self, party):
        return SOMEBODY | {"id_number": str(party.chen.id_number), "cell": party.yunshan.code}

    @pytest.fixture
    def unknown(self, party):
        return SOMEBODY | {"cell": party.yunshan.code}

    @staticmethod
    def looks():
        entries = Entry.objects.filter(action="members.found_by_number").order_by("pk")
        return [(entry.actor, entry.thing_code, entry.path) for entry in entries]

    @pytest.mark.parametrize("query", ["", "?dry_run=1"])
    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "2026-11-20-0001"}])
    def test_leaves_a_trace_though_nothing_was_done(self, party, secretary, known, unknown, query, headers):
        assert secretary.post("members/?dry_run=1", unknown).status_code == 200
        assert self.looks() == []
        [fault] = secretary.post(f"members/{query}", known, headers=headers).json()["errors"]
        assert "另一份名册" in fault["detail"]
        assert self.looks() == [(party.secretary, party.chen.code, party.shiguang.path)]
        assert str(party.chen.id_number) not in str(Entry.objects.latest("pk").facts)

    def test_leaves_one_for_many_and_for_a_number_corrected(self, party, secretary, known):
        assert secretary.post("members/enrol-many/?dry_run=1", {"enrolments": [known]}).status_code == 400
        wrong = {"id_number": known["id_number"]}
        path = f"members/{party.wang.code}/?dry_run=1"
        assert secretary.patch(path, wrong, headers={"If-Match": "*"}).status_code == 400
        assert self.looks() == [(party.secretary, party.chen.code, party.shiguang.path)]
        assert so_far(f"members.met:{party.secretary.code}") == 1

    def test_is_told_so_often_a_day_and_then_nothing_is_told_of_any_number(
        self, party, secretary, known, unknown, program, monkeypatch
    ):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 2)
        others = (known, known, known | {"id_number": str(party.liu.id_number)})
        told = [secretary.post("members/?dry_run=1", other).json()["detail"] for other in others]
        assert all("另一份名册" in sentence for sentence in told)
        met, free = (secretary.post("members/?dry_run=1", asked) for asked in (known, unknown))
        assert met.status_code == free.status_code == 400
        assert met.json()["detail"] == free.json()["detail"] and "另一份" not in met.json()["detail"]
        assert len(self.looks()) == 2
        remark = secretary.patch(f"members/{party.wang.code}/", {"remarks": "新"}, headers={"If-Match": "*"})
        assert remark.status_code == 200
        assert program(party.organiser).post("members/?dry_run=1", unknown).status_code == 200


class TestMany:
    def test_are_enrolled_together_or_not_at_all(self, party, secretary):
        people = [
            SOMEBODY | {"cell": party.yunshan.code, "id_number": fictional_id_number(date(1992, 1, 1), 2 * number + 1)}
            for number in range(3)
        ]
        people = [person | {"gender": "", "name": f"林{'甲乙丙'[number]}"} for number, person in enumerate(people)]
        wrong = secretary.post("members/enrol-many/", {"enrolments": [*people, people[0]]})
        assert wrong.status_code == 400
        assert wrong.json()["errors"][0]["pointer"] == "/enrolments/3/id_number"
        unread = secretary.post("members/enrol-many/", {"enrolments": [people[0], people[1] | {"mobile": "1"}]})
        assert unread.json()["errors"][0]["pointer"] == "/enrolments/1/mobile"
        assert not Member.objects.filter(name="林甲").exists()

        done = secretary.post("members/enrol-many/", {"enrolments": people})
        assert done.status_code == 201
        assert [row["name"] for row in done.json()["results"]] == ["林甲", "林乙", "林丙"]

    def test_are_corrected_together_each_from_the_version_read(self, party, secretary):
        both = [
            {"member": party.wang.code, "version": 1, "remarks": "甲"},
            {"member": party.sun.code, "version": 2, "remarks": "乙"},
        ]
        stale = secretary.post("members/correct-many/", {"corrections": both})
        assert stale.status_code == 412
        assert Member.objects.get(pk=party.wang.pk).remarks == ""
        both[1]["version"] = 1
        done = secretary.post("members/correct-many/", {"corrections": both, "change_note": "按档案"})
        assert [row["version"] for row in done.json()["results"]] == [2, 2]
        assert {entry.facts["change_note"] for entry in Entry.objects.did("members.corrected")} == {"按档案"}

    def test_are_placed_together_or_not_at_all(self, party, secretary):
        body = {
            "members": [party.wang.code, party.zhou.code],
            "cell": party.first_group.code,
            "reason": "编入",
            "on": ON,
        }
        refused = secretary.post("members/place-together/", body)
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["pointer"] == "/members/1/cell"
        body["members"] = [party.wang.code, party.sun.code]
        assert secretary.post("members/place-together/", body).status_code == 200
        assert Member.objects.get(pk=party.sun.pk).cell == party.first_group

    def test_name_nobody_who_is_out_of_reach(self, party, secretary):
        told = []
        for code in (party.liu.code, "DY-222222"):
            body = {"members": [party.wang.code, code], "cell": party.first_group.code, "reason": "编入", "on": ON}
            answer = secretary.post("members/place-together/", body)
            told.append((answer.status_code, answer.content.decode().replace(code, "")))
        assert told[0] == told[1]
        assert told[0][0] == 400


# What names somebody else in an answer: deed, whom to, answers; the foreign one stands at the key.
FOREIGN = [
    ("place", "wang", "cell", "yuanfan", {"reason": "编入", "on": ON}),
    ("restore", "wu", "cell", "yuanfan", {"reason": "已经找到", "on": ON}),
    ("merge", "wang", "absorbed", "liu", {"reason": "同一个人", "on": ON}),
    ("link", "sun", "user", "technician", {}),
]


@pytest.mark.parametrize(("deed", "whom", "key", "foreign", "more"), FOREIGN)
def test_what_is_elsewhere_can_be_named_no_better_than_what_is_nowhere(
    people, secretary, deed, whom, key, foreign, more
):
    path = f"members/{people.at(whom).code}/"
    elsewhere, told = people.at(foreign).code, []
    for code in (elsewhere, elsewhere.split("-")[0] + "-222222"):
        answer = secretary.post(f"{path}{deed}/", {key: code} | more, headers=whole(secretary, path))
        told.append((answer.status_code, answer.content.decode().replace(code, "")))
    assert told[0] == told[1]
    assert told[0][0] == 400


class TestCorrecting:
    def test_changes_what_is_sent_and_nothing_else(self, party, secretary):
        path = f"members/{party.wang.code}/"
        done = secretary.patch(path, {"education": "14", "landline": "0431-7654"}, headers=whole(secretary, path))
        assert done.status_code == 200, done.content.decode()
        assert (done.json()["education"], done.json()["version"]) == ("14", 2)
        wang = Member.objects.get(pk=party.wang.pk)
        assert (wang.mobile, wang.name) == (party.wang.mobile, "王涛")
        assert done.headers["ETag"] == secretary.get(path).headers["ETag"]

    def test_takes_back_what_was_read_with_its_masks_as_it_was(self, party, secretary):
        path = f"members/{party.wang.code}/"
        read = secretary.get(path).json()
        sent = {key: read[key] for key in ("name", "id_number", "mobile", "address", "gender")}
        assert secretary.patch(path, sent, headers=whole(secretary, path)).json()["version"] == 1
        assert Member.objects.get(pk=party.wang.pk).mobile == party.wang.mobile

    def test_empties_what_is_sent_empty(self, party, secretary):
        path = f"members/{party.wang.code}/"
        done = secretary.patch(path, {"mobile": "", "archive_birth_date": None}, headers=whole(secretary, path))
        assert done.json()["mobile"] == ""
        assert "mobile" in done.json()["missing"]

    def test_asks_for_the_version_that_was_read(self, party, secretary):
        path = f"members/{party.wang.code}/"
        read = whole(secretary, path)
        assert secretary.patch(path, {"remarks": "甲"}).status_code == 428
        assert secretary.patch(path, {"remarks": "甲"}, headers=read).status_code == 200
        stale = secretary.patch(path, {"remarks": "乙"}, headers=read)
        assert stale.status_code == 412
        assert stale.headers["ETag"] == secretary.get(path).headers["ETag"]
        assert Member.objects.get(pk=party.wang.pk).remarks == "甲"

    def test_every_deed_asks_for_it(self, people, party, secretary):
        for rest, _page, whom, answers in DEEDS.values():
            path = f"members/{people.at(whom).code}/{rest}/"
            assert secretary.post(path, people.named(answers)).status_code == 428, rest
            stale = secretary.post(path, people.named(answers), headers={"if-match": '"77.x"'})
            assert stale.status_code == 412, rest

    def test_on_ones_own_record_is_refused_as_on_the_page(self, party, secretary):
        path = f"members/{party.li.code}/"
        refused = secretary.patch(path, {"joined_on": "2011-07-01"}, headers=whole(secretary, path))
        assert refused.status_code == 400
        assert "自己的资料请在“我的”里提出更正" in refused.json()["detail"]


# Columns nobody writes over REST, though the model has them.
HELD = sorted({field.name for field in Member._meta.get_fields()} | {"id", "voided_at", "state", "by", "member"})


@pytest.mark.parametrize("deed", DEEDS)
def test_no_column_is_written_by_a_deed_that_does_not_ask_for_it(deed, people, secretary, every_fault):
    rest, _page, whom, answers = DEEDS[deed]
    extra = {name: "1" for name in HELD if name not in answers}
    path, body = f"members/{people.at(whom).code}/{rest}/", people.named(answers)
    refused = secretary.post(path, body | extra, headers={"if-match": "*"}).json()["errors"]
    assert {fault["pointer"] for fault in refused} == {f"/{name}" for name in extra}
    assert {fault["code"] for fault in refused} == {"unknown"}


def test_correcting_writes_what_may_be_corrected_and_no_other_column(party, secretary, every_fault):
    path = f"members/{party.wang.code}/"
    extra = {name: "1" for name in HELD if name not in set(CORRECTABLE) - {"employer"}}
    refused = secretary.patch(path, extra, headers={"if-match": "*"}).json()["errors"]
    assert {fault["pointer"] for fault in refused} == {f"/{name}" for name in extra}
    assert Member.objects.get(pk=party.wang.pk).version == 1


class TestTryingOut:
    @pytest.mark.parametrize("deed", DEEDS)
    def test_a_deed_shows_what_would_follow_and_leaves_nothing(self, deed, people, party, program):
        rest, _page, whom, answers = DEEDS[deed]
        path, staff = f"members/{people.at(whom).code}/", program(party.staff)
        headers = whole(staff, path)
        tables = (Entry, Notice, Outbox, Job, Member, Membership, Merge)
        before = contents(tables)
        tried = staff.post(f"{path}{rest}/?dry_run=1", people.named(answers), headers=headers)
        assert tried.status_code == 200, tried.content.decode()
        shown = tried.json()
        assert shown["dry_run"] is True
        assert "trail" in {effect["kind"] for effect in shown["effects"]}
        assert contents(tables) == before

    def test_an_enrolment_shows_who_would_be_there_and_leaves_nobody(self, party, secretary):
        tried = secretary.post("members/?dry_run=1", SOMEBODY | {"cell": party.yunshan.code})
        assert tried.json()["result"]["gender"] == "1"
        assert not Member.objects.filter(name="林晓").exists()
        assert not Entry.objects.exists()

    def test_a_refusal_is_the_one_it_would_be(self, party, secretary):
        path = f"members/{party.wang.code}/"
        refused = secretary.post(f"{path}convert/?dry_run=1", {"on": ON}, headers=whole(secretary, path))
        assert refused.status_code == 409

    def test_an_invitation_shows_no_address(self, party, secretary):
        path = f"members/{party.sun.code}/"
        tried = secretary.post(f"{path}invite/?dry_run=1", headers=whole(secretary, path)).json()
        assert tried["result"] is None
        assert {"kind": "trail", "action": "members.invited"}.items() <= tried["effects"][-1].items()


class TestAccounts:
    def test_an_invitation_opens_as_the_one_of_the_page_does(self, party, secretary, client):
        path = f"members/{party.sun.code}/"
        invited = secretary.post(f"{path}invite/", headers=whole(secretary, path))
        assert invited.status_code == 200, invited.content.decode()
        assert client.get(invited.json()["address"]).status_code == 200

    def test_an_invitation_takes_the_right_to_whole_numbers(self, party, program):
        path = f"members/{party.sun.code}/"
        assert program(party.organiser).post(f"{path}invite/", headers={"if-match": "*"}).status_code == 403
        _token, shown = drawn(party.secretary, party.yunshan, "members:read", "members:write")
        token = program(authorization=f"Bearer {shown}")
        assert token.post(f"{path}invite/", headers={"if-match": "*"}).status_code == 403

    def test_a_merge_is_undone(self, people, party, secretary):
        merged = merges.merge(party.wang, absorbed=people.double, reason="录入两次", by=party.staff, on=TODAY)
        assert [row["uid"] for row in secretary.get("merges/").json()["results"]] == [str(merged.uid)]
        undone = secretary.post(f"merges/{merged.uid}/undo/")
        assert undone.status_code == 200, undone.content.decode()
        assert undone.json()["undone_at"]
        assert Member.objects.get(pk=people.double.pk).merged_into is None
        assert secretary.post(f"merges/{merged.uid}/undo/").status_code == 409

    def test_a_merge_elsewhere_is_not_there(self, people, party, program):
        merged = merges.merge(party.wang, absorbed=people.double, reason="录入两次", by=party.staff, on=TODAY)
        assert program(party.other_secretary).get(f"merges/{merged.uid}/").status_code == 404
        assert program(party.publicist).get("merges/").json()["results"] == []


class TestOwn:
    def test_contacts_are_changed_by_their_owner_alone(self, party, program):
        own, path = program(party.plain_member), f"members/{party.wang.code}/"
        done = own.post(f"{path}change/", {"mobile": "13900008866"}, headers=whole(own, path))
        assert done.status_code == 200, done.content.decode()
        assert Member.objects.get(pk=party.wang.pk).mobile == "13900008866"
        keeper = program(party.secretary)
        assert keeper.post(f"{path}change/", {"mobile": "13900008867"}, headers={"if-match": "*"}).status_code == 403

    def test_one_at_a_time(self, party, program):
        own, path = program(party.plain_member), f"members/{party.wang.code}/"
        for body in ({}, {"mobile": "13900008866", "address": "青澜市一号"}, {"agreed": True}):
            assert own.post(f"{path}change/", body, headers={"if-match": "*"}).status_code == 400

    def test_an_address_by_mail_rests_on_consent(self, party, program):
        own, path = program(party.plain_member), f"members/{party.wang.code}/"
        body = {"email": "wt@qinglan.example"}
        assert own.post(f"{path}change/", body, headers={"if-match": "*"}).status_code == 400
        assert own.post(f"{path}change/", body | {"agreed": True}, headers={"if-match": "*"}).status_code == 200


@pytest.mark.parametrize("who", ["publicist", "auditor", "deputy_alone"])
def test_who_may_not_is_told_so_before_anything_is_asked(people, party, program, who):
    person = program(getattr(party, who))
    expected = 404 if who == "deputy_alone" else 403
    for rest, _page, whom, _answers in DEEDS.values():
        assert person.post(f"members/{people.at(whom).code}/{rest}/", {"nonsense": 1}).status_code == expected, rest
    assert person.post("members/", {}).status_code == (400 if who == "deputy_alone" else 403)


def test_whoever_stays_behind_is_still_shown(party, program):
    """A deed that takes somebody out of reach answers with nothing, not with what may no longer be seen."""
    north = program(party.north_staff)
    body = {"cell": party.shiguang.code, "reason": "调出", "on": ON}
    path = f"members/{party.wang.code}/"
    assert north.post(f"{path}place/", body, headers=whole(north, path)).status_code == 400
    staff = program(party.staff)
    moved = staff.post(f"{path}place/", body, headers=whole(staff, path))
    assert moved.json()["cell"]["code"] == party.shiguang.code
    assert north.get(path).status_code == 404
    assert Membership.objects.filter(member=party.wang, valid__startswith=LONG_AGO).exists()
    assert Member.objects.get(pk=party.wang.pk).standing == Standing.NORMAL
