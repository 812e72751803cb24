"""What people ask about their own data: asked by themselves, answered by others in time, with reasons."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy
from python_calamine import CalamineWorkbook

from accounts import purposes
from accounts.domain import consents
from audit.models import Entry
from core import data_map
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from ledgers.domain import imports, uploads
from ledgers.models import Upload
from members.choices import RightKind, RightState
from members.domain import copies, erasures, merges, requests, rights, roster
from members.models import Evidence, Member, Membership, Merge, SubjectRequest
from notices.domain import post
from notices.models import Notice
from portal import feedback
from tests.cast import TODAY, enlist, found_by_mobile, person
from tests.ledgers.conftest import carried_out, somebody, staged
from tests.ledgers.conftest import roster as ledger
from tests.members.paper import photo
from work import jobs

MAIL = purposes.MAIL


def asked(party, kind=RightKind.CORRECTION, words="籍贯写错了，请改过来"):
    return rights.ask(party.wang, kind=kind, words=words, by=party.plain_member, on=TODAY)


class TestAsking:
    def test_it_is_due_in_fifteen_days_and_those_who_answer_are_told(self, party):
        right = asked(party)
        assert right.due_on == TODAY + timedelta(days=15)
        assert {notice.to for notice in Notice.objects.all()} == {party.staff, party.north_staff}
        assert "籍贯" not in str([notice.facts for notice in Notice.objects.all()])
        assert "籍贯" not in str(Entry.objects.about(party.wang).get().facts)

    def test_only_the_person_concerned_asks(self, party):
        for by in (party.secretary, party.staff, party.stranger):
            with pytest.raises(PermissionDenied):
                rights.ask(party.wang, kind=RightKind.ERASURE, words="请全部删除", by=by, on=TODAY)

    @pytest.mark.parametrize(("kind", "words", "field"), [("erasure", " 删 ", "words"), ("burn", "请烧掉", "kind")])
    def test_what_is_no_request_is_refused(self, party, kind, words, field):
        with pytest.raises(Refusal) as refusal:
            asked(party, kind, words)
        assert refusal.value.field == field

    def test_one_of_a_kind_at_a_time(self, party):
        first = asked(party)
        asked(party, RightKind.COPY)
        with pytest.raises(OutOfTurn):
            asked(party)
        rights.refuse(first, answer="证件上就是这样写的", by=party.north_staff, on=TODAY)
        asked(party)


class TestAnswering:
    def test_the_person_is_told_and_reads_the_reason(self, party):
        right = rights.refuse(asked(party), answer="与档案一致，不能更改", by=party.north_staff, on=TODAY)
        assert (right.state, right.answered_by) == (RightState.REFUSED, party.north_staff)
        assert "不予办理" in Notice.objects.get(to=party.plain_member).text
        assert SubjectRequest.objects.get().answer == "与档案一致，不能更改"

    def test_a_refusal_gives_a_reason(self, party):
        with pytest.raises(Refusal) as refusal:
            rights.refuse(asked(party), answer=" 不行 ", by=party.north_staff, on=TODAY)
        assert refusal.value.field == "answer"

    @pytest.mark.parametrize("who", ["secretary", "auditor", "technician", "other_secretary", "plain_member"])
    def test_whoever_does_not_keep_a_committee_answers_nothing(self, party, who):
        right = asked(party, RightKind.ERASURE)
        for deed in (rights.grant, rights.refuse):
            with pytest.raises(PermissionDenied):
                deed(right, answer="已经办好了", by=getattr(party, who), on=TODAY)

    def test_nobody_answers_their_own(self, party):
        member = enlist("秦立民", party.yunshan, user=party.north_staff)
        right = rights.ask(member, kind=RightKind.COPY, words="要一份纸质的", by=party.north_staff, on=TODAY)
        with pytest.raises(Refusal):
            rights.grant(right, answer="", by=party.north_staff, on=TODAY)
        assert right not in SubjectRequest.objects.answerable_by(party.north_staff)
        assert right in SubjectRequest.objects.answerable_by(party.staff)
        with pytest.raises(IntegrityError), transaction.atomic():
            SubjectRequest.objects.update(state="granted", answered_by=party.north_staff, answered_at=right.asked_at)

    def test_it_is_answered_once(self, party):
        right = rights.grant(asked(party), answer="", by=party.staff, on=TODAY)
        with pytest.raises(OutOfTurn):
            rights.refuse(right, answer="又改主意了", by=party.north_staff, on=TODAY)


CANARY = {
    "mobile": "13800009977",
    "address": "示例市金丝雀路 9 号",
    "landline": "0431-77665544",
    "email": "canary@example.cn",
    "remarks": "金丝雀的备注",
}


@pytest.fixture
def wang(party):
    """王涛, with something in every place that an erasure has to reach."""
    account = party.plain_member
    account.email = CANARY["email"]
    account.save()
    consents.answer(account, purpose=MAIL, version=purposes.CURRENT[MAIL].version, given=True, by=account, on=TODAY)
    UserSession.objects.create(user=account, ip="192.0.2.77", session_key="canary", user_agent="金丝雀浏览器")
    wang = roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, **CANARY)
    requests.ask(wang, item="name", new="王滔", note=f"电话 {CANARY['mobile']}", evidence=photo(), by=account, on=TODAY)
    feedback.send(text="名册打不开", reply_to=CANARY["mobile"], page="", by=account)
    double = enlist("王涛", party.yunshan, mobile=CANARY["mobile"], native_place="青澜", landline=CANARY["landline"])
    Member.objects.filter(pk=double.pk).update(id_number="", id_number_index="")
    Member.objects.filter(pk=wang.pk).update(landline="")
    merges.merge(wang, absorbed=Member.objects.get(pk=double.pk), reason="录入两次", by=party.secretary, on=TODAY)
    return Member.objects.get(pk=wang.pk)


def everything():
    """Every value of every row of every table, opened where it is sealed."""
    for model in apps.get_models():
        for row in model._base_manager.all():
            for field in model._meta.local_fields:
                yield f"{model._meta.label}.{field.name}", str(getattr(row, field.attname))


def places_of(*values):
    return sorted({place for place, text in everything() if any(value in text for value in values)})


def row_of(member, number, **changes):
    return somebody(number, 姓名=member.name, 公民身份证号=member.id_number, **changes)


class TestErasure:
    def erase(self, party, wang):
        words = f"请删除我的联系方式 {CANARY['mobile']}"
        right = rights.ask(wang, kind=RightKind.ERASURE, words=words, by=party.plain_member, on=TODAY)
        return rights.grant(right, answer="已删除", by=party.north_staff, on=TODAY)

    def test_nothing_is_left_of_what_was_erased_not_even_sealed(self, party, wang):
        index, tail = wang.mobile_index, wang.mobile_tail_index
        hidden = (*CANARY.values(), index, tail, "192.0.2.77", "金丝雀", "plain_member")
        assert len(places_of(*hidden)) > 8
        self.erase(party, wang)
        assert places_of(*hidden) == []
        assert not Evidence.objects.exists()
        assert not found_by_mobile(CANARY["mobile"]).exists()
        assert "landline" not in Merge.objects.get().before

    def test_the_history_of_the_membership_stays(self, party, wang):
        before = list(Membership.objects.filter(member=wang).values())
        self.erase(party, wang)
        after = Member.objects.get(pk=wang.pk)
        assert list(Membership.objects.filter(member=wang).values()) == before
        assert (after.name, after.id_number, after.joined_on, after.is_active) == (
            wang.name, wang.id_number, wang.joined_on, True,
        )  # fmt: skip
        assert after.version == wang.version + 1

    def test_the_account_is_closed_and_the_consent_withdrawn(self, client, party, wang):
        client.force_login(party.plain_member, "cells.signed_in.ByPassword")
        self.erase(party, wang)
        assert client.get("/me/").status_code == 302
        assert not client.login(username="plain_member", password="password")
        account = type(party.plain_member).objects.get(pk=party.plain_member.pk)
        assert (account.is_active, account.username, account.name) == (False, None, "王涛")
        assert consents.withdrawn(account, MAIL)

    def test_a_tombstone_stays_and_the_trail_names_the_items_alone(self, client, party, wang):
        right = self.erase(party, wang)
        client.force_login(party.secretary, "cells.signed_in.ByPassword")
        assert "按本人申请删除了联系方式" in client.get(wang.get_absolute_url()).content.decode()
        assert SubjectRequest.objects.get(pk=right.pk).state == RightState.GRANTED
        entry = Entry.objects.about(wang).did("members.erased").get()
        assert set(entry.facts["fields"]) == {"手机号", "家庭住址", "固定电话", "邮箱", "备注"}

    def test_imports_that_are_over_hold_no_more_of_it_and_keep_their_counts(self, party, wang):
        by_number = row_of(wang, 1, 手机号=CANARY["mobile"], 家庭住址=CANARY["address"])
        done = carried_out(ledger(by_number, somebody(2)), cell=party.yunshan, by=party.secretary)
        other = carried_out(ledger(somebody(3)), cell=party.yunshan, by=party.secretary)
        assert "ledgers.StagedRow.cells" in places_of(CANARY["mobile"])
        self.erase(party, wang)
        assert places_of(CANARY["mobile"], CANARY["address"]) == []
        assert list(Upload.objects.values_list("the_import", flat=True)) == [other.pk]
        done.refresh_from_db()
        assert done.cleared_at and done.counts["members"]["new"] == 1

    @pytest.mark.parametrize("reviewed", [True, False])
    def test_an_import_under_way_that_names_the_person_comes_first(self, party, wang, reviewed):
        file = ledger(row_of(wang, 1, 人员类别="写错了"))
        if reviewed:
            waiting = staged(file, cell=party.yunshan, by=party.secretary)
        else:
            waiting = uploads.begin(cell=party.yunshan, as_of=TODAY, files=[file], by=party.secretary, on=TODAY)
        with pytest.raises(Refusal, match=f"导入 {waiting.ref} 还没有办完"):
            self.erase(party, wang)
        assert Member.objects.get(pk=wang.pk).mobile == CANARY["mobile"]
        imports.abandon(waiting, by=party.secretary, on=TODAY)
        erasures.erase(wang, by=party.north_staff, on=TODAY)

    def test_an_account_that_merging_unlinked_is_closed_as_well(self, party, wang):
        second, taken = person("王涛", "wangtao2"), person("王涛", "wangtao3")
        for account in (second, taken):
            double = enlist("王涛", party.yunshan, user=account)
            Member.objects.filter(pk=double.pk).update(id_number="", id_number_index="")
            wang.refresh_from_db()
            merges.merge(wang, absorbed=Member.objects.get(pk=double.pk), reason="又录入", by=party.staff, on=TODAY)
        UserSession.objects.create(user=second, ip="192.0.2.77", session_key="second", user_agent="")
        enlist("另一个人", party.yunshan, user=taken)
        self.erase(party, wang)
        second.refresh_from_db()
        taken.refresh_from_db()
        assert (second.is_active, second.username, taken.is_active) == (False, None, True)
        assert not UserSession.objects.filter(user=second).exists()

    def test_who_holds_an_office_is_not_erased(self, party):
        with pytest.raises(Refusal):
            erasures.erase(party.li, by=party.staff, on=TODAY)
        assert Member.objects.get(pk=party.li.pk).mobile == "13500009171"


class TestCopy:
    @pytest.fixture
    def whole(self, party, wang):
        with zipfile.ZipFile(copies.hand_over(party.plain_member, by=party.plain_member, on=TODAY)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_it_holds_every_field_that_the_data_map_says_is_about_the_person(self, party, wang, whole):
        told = json.loads(whole["data.json"])
        rows = {}
        for table in told["tables"]:
            for row in table["rows"]:
                rows.setdefault(table["table"], set()).update(row)
        subject = erasures.subject(party.plain_member, wang)
        for holding in data_map.holdings():
            if holding.rows is not None and not holding.withheld and holding.rows(subject).exists():
                assert set(holding.fields) <= rows[holding.model], holding.model
        assert {"members.Member", "members.Membership", "members.MemberFact", "members.ChangeRequest",
                "members.Merge", "accounts.User", "accounts.Consent", "usersessions.UserSession", "audit.Entry",
                "portal.Feedback"} <= set(rows)  # fmt: skip

    def test_numbers_are_whole_and_papers_are_with_it(self, party, wang, whole):
        text = whole["data.json"].decode()
        assert all(value in text for value in (*CANARY.values(), wang.id_number, "王滔", "192.0.2.77"))
        assert [data for name, data in whole.items() if name.startswith("files/")] == [Evidence.objects.get().data()]

    def test_it_can_be_read_as_a_table_in_words(self, whole):
        book = CalamineWorkbook.from_filelike(io.BytesIO(whole["我的资料.xlsx"]))
        rows = {(str(row[1]), str(row[2])) for row in book.get_sheet_by_index(0).to_python()[3:]}
        assert {("手机号", CANARY["mobile"]), ("学历", "大学本科毕业"), ("项目", "姓名")} <= rows
        assert ("起止日期", "2024-01-08 起") in rows
        assert any("王涛：申请更正" in said for _when, said in rows), rows
        assert not any(label.isascii() and label[:1].isalpha() for label, _said in rows)

    def test_what_lets_somebody_in_is_not_in_it(self, party, whole):
        assert party.plain_member.password not in whole["data.json"].decode()

    def test_nothing_about_anybody_else_is_in_it(self, party, whole):
        text = whole["data.json"].decode()
        assert not any(value in text for value in (party.sun.name, party.li.id_number, "13500009171"))

    def test_what_was_told_in_office_is_not_in_it(self, party):
        requests.ask(party.sun, item="name", new="孙月", evidence=photo(), by=self.linked(party.sun), on=TODAY)
        assert Notice.objects.filter(to=party.secretary, facts__name="孙悦").exists()
        own = requests.ask(party.li, item="name", new="李民", evidence=photo(), by=party.secretary, on=TODAY)
        requests.refuse(own, reason="与证件不符", by=party.north_staff, on=TODAY)
        text = self.copied(party.secretary)
        assert "孙悦" not in text and own.get_absolute_url() in text

    def test_a_row_of_an_import_is_in_it_where_the_name_is_ones_own_as_well(self, party):
        mine = row_of(party.wang, 1, 家庭住址="示例市桂花路 1 号")
        rows = (mine, mine | {"姓名": "孙悦", "家庭住址": "示例市梅花路 2 号"})
        staged(ledger(*rows), cell=party.yunshan, by=party.secretary)
        text = self.copied(party.plain_member)
        assert "桂花路" in text and "梅花路" not in text and "孙悦" not in text

    def test_what_is_put_together_when_it_is_read_is_told_as_it_is_read(self, party):
        words = {"title": gettext_lazy("核对 %(ref)s"), "facts": {"ref": "2026-0042"}}
        jobs.start("ledgers.review", by=party.plain_member, **words)
        post.tell(party.plain_member, words["title"], by=SYSTEM, facts=words["facts"])
        assert self.copied(party.plain_member).count('"核对 2026-0042"') == 2
        with zipfile.ZipFile(copies.hand_over(party.plain_member, by=party.plain_member, on=TODAY)) as archive:
            book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("我的资料.xlsx")))
        assert ("任务", "核对 2026-0042") in {(row[1], row[2]) for row in book.get_sheet_by_index(0).to_python()}

    def copied(self, user):
        with zipfile.ZipFile(copies.hand_over(user, by=user, on=TODAY)) as archive:
            return archive.read("data.json").decode()

    def linked(self, member):
        member.user = person(member.name)
        Member.objects.filter(pk=member.pk).update(user=member.user)
        return member.user

    def test_it_is_for_oneself_alone_and_noted(self, party):
        with pytest.raises(PermissionDenied):
            copies.hand_over(party.plain_member, by=party.staff, on=TODAY)
        copies.hand_over(party.plain_member, by=party.plain_member, on=TODAY)
        assert Entry.objects.about(party.wang).did("members.copied").count() == 1
