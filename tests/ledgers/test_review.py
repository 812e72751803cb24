"""What importing a row would do, and what it then does."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from cells.authority import Narrowing, Span, narrow
from cells.choices import CellKind, Office, Power
from cells.models import Appointment, Cell, Company, CompanyFact, Term
from core.counting import so_far
from core.crypto import Sealed
from core.errors import Refusal
from ledgers.choices import Outcome
from ledgers.domain import committing, folders, imports, staging, uploads
from ledgers.domain.staging import Edit
from ledgers.domain.uploads import File
from ledgers.models import Import, StagedRow, Upload
from members.domain import lookups
from members.models import Member, Membership
from tests.cast import TODAY, appoint, enlist, fictional_id_number, found
from tests.ledgers.conftest import (
    COLUMNS,
    Quiet,
    carried_out,
    remarks,
    roster,
    scene,
    sentences,
    somebody,
    staged,
    table,
    xlsx,
)
from tests.suites import both_suites

pytestmark = pytest.mark.django_db


def organisation(name="中共青澜市新云科技有限公司支部委员会", **changes):
    return {
        "党组织名称": name,
        "上级党组织": "",
        "组织类别": "党支部",
        "组建方式": "单独建",
        "成立日期": "2024-05-06",
        "本届任期起": "2024-05-06",
        "届满日期": "2027-05-05",
        "书记": "",
        "联系电话": "",
        "所在单位": "",
    } | changes


def company(name="青澜市新云科技有限公司", **changes):
    return {
        "企业名称": name,
        "统一社会信用代码": "91000000000000000K",
        "县市区": "高新区",
        "行业类别": "软件服务",
        "职工人数": "80",
        "年产值（万元）": "1200.5",
        "是否实体运营": "是",
        "所属党组织": "",
        "摸排日期": "2026-10-15",
    } | changes


# Members


def test_a_blank_cell_keeps_the_old_value(party):
    carried_out(roster(somebody(1, 民族="满族")), cell=party.yunshan)
    again = carried_out(roster(somebody(1, 民族="", 家庭住址="", 学历="硕士研究生毕业")), cell=party.yunshan)

    member = Member.objects.get(name="林晓")
    assert (member.ethnicity, member.address, member.education) == ("11", "青澜市示例路1号", "14")
    assert again.result["done"]["members"] == {"new": 0, "update": 1}


@both_suites
def test_an_update_says_cell_by_cell_what_was_and_what_will_be(party):
    carried_out(roster(somebody(1)), cell=party.yunshan)
    staged(roster(somebody(1, 学历="硕士研究生毕业")), cell=party.yunshan)
    row = StagedRow.objects.latest("pk")
    assert row.outcome == Outcome.UPDATE
    assert row.found["changes"] == {"education": ["大学本科毕业", "硕士研究生毕业"]}


@both_suites
def test_nobody_stands_twice_in_one_file(party):
    the_import = staged(roster(somebody(1), somebody(2), somebody(1, 姓名="林小")), cell=party.yunshan)
    assert remarks(the_import) == [(4, "id_number", "error")]
    assert "第 2 行" in sentences(the_import)[0]


def test_putting_one_of_two_right_frees_the_other(party):
    the_import = staged(roster(somebody(1), somebody(1, 姓名="林小")), cell=party.yunshan)
    first = StagedRow.objects.get(number=2)
    staging.edit(the_import, edits=[Edit(first, "id_number", somebody(3)["公民身份证号"])], by=party.staff, on=TODAY)
    assert remarks(the_import) == []


def test_somebody_on_a_roster_out_of_reach_is_not_taken_and_nothing_is_told_of_them(party):
    theirs = party.liu
    file = roster(somebody(1, 姓名=theirs.name, 公民身份证号=theirs.id_number, 出生日期="1990-01-01"))
    the_import = staged(file, cell=party.yunshan, by=party.secretary)
    assert remarks(the_import) == [(2, "id_number", "error")]
    assert "另一份名册" in sentences(the_import)[0]
    assert str(party.yuanfan) not in sentences(the_import)[0]


class TestMeetingOthers:
    """Who is on a roster out of reach is told by a ledger as by enrolling them: noted, and not without end."""

    @staticmethod
    def ledger(*others):
        known = [somebody(at, 姓名=one.name, 公民身份证号=str(one.id_number)) for at, one in enumerate(others, 1)]
        return roster(*known, *[somebody(at) for at in range(20, 23)])

    @staticmethod
    def met():
        entries = Entry.objects.filter(action="members.found_by_number").order_by("pk")
        return [(entry.actor, entry.thing_code, entry.path) for entry in entries]

    def test_leaves_one_trace_of_each_however_often_it_is_reviewed(self, party):
        the_import = staged(self.ledger(party.liu), cell=party.yunshan, by=party.secretary)
        row = StagedRow.objects.get(number=2)
        staging.edit(the_import, edits=[Edit(row, "address", "示例路2号")], by=party.secretary, on=TODAY)
        assert self.met() == [(party.secretary, party.liu.code, party.yuanfan.path)]
        assert so_far(f"members.met_in_ledgers:{party.secretary.code}") == 1
        assert so_far(f"members.met:{party.secretary.code}") == 0

    def test_counts_people_and_not_reviews_though_they_are_met_again_on_another_day(self, party, monkeypatch):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        staged(self.ledger(party.liu), cell=party.yunshan, by=party.secretary)
        tomorrow = timezone.localdate() + timedelta(days=1)
        monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
        staged(self.ledger(party.liu), cell=party.yunshan, by=party.secretary)
        assert len(self.met()) == 2
        assert so_far(f"members.met_in_ledgers:{party.secretary.code}") == 1

    def test_leaves_none_of_those_on_rosters_the_importer_keeps_nor_of_the_system(self, party):
        staged(self.ledger(party.wang), cell=party.yunshan, by=party.secretary)
        staged(self.ledger(party.liu), cell=party.yunshan)
        assert self.met() == []

    def test_so_many_at_once_are_refused_for_the_whole_ledger_and_nobody_is_told_of(self, client, party, monkeypatch):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        monkeypatch.setattr("ledgers.domain.staging.CHUNK", 2)
        with pytest.raises(Refusal, match="请由协会党委工作人员导入") as refused:
            staged(self.ledger(party.liu, party.wang, party.chen), cell=party.yunshan, by=party.secretary)
        assert (refused.value.field, refused.value.row) == (None, None)
        assert self.met() == []
        assert not StagedRow.objects.exists()
        client.force_login(party.secretary)
        the_import = Import.objects.get()
        assert client.get(f"/api/v1/imports/{the_import.ref}/rows/").json()["results"] == []

    def test_what_was_reviewed_before_does_not_stay_when_it_is_refused_now(self, party, monkeypatch):
        the_import = staged(self.ledger(party.liu, party.chen), cell=party.yunshan, by=party.staff)
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        with pytest.raises(Refusal, match="请由协会党委工作人员导入"):
            staging.stage(uploads.settle_columns(the_import, by=party.secretary), by=party.secretary, progress=Quiet())
        assert not StagedRow.objects.exists()

    def test_so_many_refused_ledgers_a_day_and_none_is_asked_after_them(self, party, monkeypatch):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        for _again in range(3):
            with pytest.raises(Refusal, match="请由协会党委工作人员导入"):
                staged(self.ledger(party.liu, party.chen), cell=party.yunshan, by=party.secretary)
        for others in ([], [party.liu]):
            with pytest.raises(Refusal, match="一天内已有 3 次台账"):
                staged(self.ledger(*others), cell=party.yunshan, by=party.secretary)
        assert self.met() == []

    @pytest.mark.parametrize("others", [1, 2])
    def test_leave_enrolling_by_hand_and_the_next_ledger_alone(self, party, monkeypatch, others):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        file = self.ledger(*[party.liu, party.chen][:others])
        with pytest.raises(Refusal) if others > 1 else nullcontext():
            staged(file, cell=party.yunshan, by=party.secretary)
        lookups.require_few_met(party.secretary)
        assert staged(self.ledger(), cell=party.yunshan, by=party.secretary).importable == 3

    def test_never_refuse_whoever_keeps_a_whole_tree(self, party, monkeypatch):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        elsewhere = found("中共别处有限公司支部委员会", CellKind.BRANCH)
        theirs = [enlist("何静", elsewhere), enlist("何静", elsewhere)]
        the_import = staged(self.ledger(*theirs), cell=party.yunshan, by=party.staff)
        assert the_import.wrong == 2
        assert [code for _actor, code, _path in self.met()] == [one.code for one in theirs]

    def test_once_as_many_are_met_a_typo_is_still_put_right_and_typed_numbers_are_by_hand(self, party, monkeypatch):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        the_import = staged(self.ledger(party.liu), cell=party.yunshan, by=party.secretary)
        row = StagedRow.objects.get(number=2)

        def put(number):
            row.refresh_from_db()
            edits = [Edit(row, "id_number", str(number))]
            staging.edit(the_import, edits=edits, by=party.secretary, on=TODAY)

        put(somebody(5)["公民身份证号"])
        assert sentences(the_import) == []
        put(party.chen.id_number)
        assert "另一份名册" in sentences(the_import)[0]
        with pytest.raises(Refusal, match="一天内已有 1 次录入"):
            put(somebody(6)["公民身份证号"])

    def test_many_numbers_typed_at_once_are_refused_together_and_counted_as_a_ledger_is(self, party, monkeypatch):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        the_import = staged(self.ledger(), cell=party.yunshan, by=party.secretary)
        rows = StagedRow.objects.order_by("number")
        numbers = [str(one.id_number) for one in (party.liu, party.chen)]
        edits = [Edit(row, "id_number", number) for row, number in zip(rows, numbers, strict=False)]
        for sentence in [*["没有保存"] * 3, "一天内已有 3 次台账"]:
            with pytest.raises(Refusal, match=sentence):
                staging.edit(the_import, edits=edits, by=party.secretary, on=TODAY)
        assert self.met() == [] == sentences(the_import)
        lookups.require_few_met(party.secretary)

    @pytest.mark.parametrize("tried_out", [False, True])
    def test_who_is_enrolled_elsewhere_meanwhile_stops_only_their_own_row(self, party, monkeypatch, tried_out):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
        the_import = staged(self.ledger(party.liu), cell=party.yunshan, by=party.secretary)
        meanwhile = somebody(20)
        late = enlist(meanwhile["姓名"], party.yuanfan, id_number=meanwhile["公民身份证号"])
        if tried_out:
            tried = committing.try_out(the_import, by=party.secretary, progress=Quiet())
            assert tried.trial["done"]["members"] == {"new": 2, "update": 0}
            assert [code for _actor, code, _path in self.met()] == [party.liu.code, late.code]
        done = folders.carry_out(the_import, by=party.secretary, progress=Quiet())
        assert done.result["done"]["members"] == {"new": 2, "update": 0}
        assert ["另一份名册" in sentence for sentence in sentences(done)] == [True, True]
        assert [code for _actor, code, _path in self.met()] == [party.liu.code, late.code]
        assert so_far(f"members.met_in_ledgers:{party.secretary.code}") == 2


def test_whoever_keeps_both_rosters_moves_somebody_by_the_ledger(party):
    wang = party.wang
    file = roster(
        {"姓名": "王涛", "所在党支部": "远帆网络党支部", "公民身份证号": wang.id_number, "人员类别": "正式党员"}
    )
    done = carried_out(file, cell=party.north, by=party.north_staff)
    assert done.result["done"]["members"] == {"new": 0, "update": 1}
    assert Membership.objects.current().get(member=wang).cell == party.yuanfan


@pytest.mark.parametrize("name", ["远帆网络党支部", "中共远帆网络有限公司支部委员会", "没有这个支部"])
def test_a_cell_out_of_reach_and_one_that_does_not_exist_are_told_alike(party, name):
    the_import = staged(roster(somebody(1, 所在党支部=name)), cell=party.yunshan, by=party.secretary)
    assert sentences(the_import) == [f"找不到“{name}”：请核对全称或简称，或先在党组织台账里补上。"]


def test_a_row_without_a_cell_belongs_to_the_cell_acted_for(party):
    carried_out(roster(somebody(1, 所在党支部="")), cell=party.yunshan, by=party.secretary)
    assert Membership.objects.current().get(member__name="林晓").cell == party.yunshan


def test_members_do_not_belong_to_a_committee(party):
    the_import = staged(roster(somebody(1, 所在党支部="北屏党委")), cell=party.association)
    assert remarks(the_import) == [(2, "cell", "error")]


def test_an_employer_on_file_is_linked_and_another_stays_text(party):
    carried_out(table(company()), cell=party.association)
    columns = (*COLUMNS, "工作单位")
    file = roster(somebody(1, 工作单位="青澜市新云科技有限公司"), somebody(2, 工作单位="外地公司"), columns=columns)
    carried_out(file, cell=party.association)
    assert Member.objects.get(employer__name="青澜市新云科技有限公司").mobile == "13800000001"
    assert Member.objects.get(employer_text="外地公司").employer is None
    assert staged(file, cell=party.association).importable == 0


def test_an_old_number_of_fifteen_digits_is_completed_with_a_hint(party):
    new = fictional_id_number(date(1991, 3, 4), 7)
    old = new[:6] + new[8:17]
    the_import = carried_out(roster(somebody(7, 公民身份证号=old)), cell=party.yunshan)
    assert remarks(the_import) == [(2, "id_number", "hint")]
    assert Member.objects.get(name="林晓").id_number == new


def test_a_name_of_five_thousand_signs_and_an_impossible_day_are_errors_at_their_cells(party):
    the_import = staged(roster(somebody(1, 姓名="长" * 5000, 出生日期="1991年2月30日")), cell=party.yunshan)
    assert remarks(the_import) == [(2, "name", "error"), (2, "birth_date", "error")]


def test_a_change_of_standing_is_left_to_its_own_deed(party):
    carried_out(roster(somebody(1)), cell=party.yunshan)
    columns = (*COLUMNS, "党籍状态")
    the_import = staged(roster(somebody(1, 党籍状态="停止党籍"), columns=columns), cell=party.yunshan)
    assert remarks(the_import) == [(2, "standing", "error")]


def test_formulas_in_columns_that_are_not_read_do_not_matter(party):
    rows = [("序号", *COLUMNS), ("", *somebody(1).values())]
    data = xlsx(rows, formulas=[(1, 0, "=ROW()-1")])
    assert staged(File("名册.xlsx", data), cell=party.yunshan).importable == 1


# Organisations


def test_organisations_may_stand_in_the_file_before_their_superiors(party):
    committee = "中共青澜市新云集团委员会"
    file = table(
        organisation(上级党组织=committee),
        organisation(committee, 组织类别="党委"),
    )
    carried_out(file, cell=party.association, by=party.staff)
    branch = Cell.objects.get(name="中共青澜市新云科技有限公司支部委员会")
    assert branch.parent.name == committee and branch.parent.parent == party.association
    assert Term.objects.get(cell=branch).due_on == date(2027, 5, 5)


def test_superiors_that_lead_in_a_circle_are_errors(party):
    file = table(
        organisation("中共甲委员会", 组织类别="党委", 上级党组织="中共乙委员会"),
        organisation("中共乙委员会", 组织类别="党委", 上级党组织="中共甲委员会"),
    )
    the_import = staged(file, cell=party.association)
    assert {row for row, *_rest in remarks(the_import, "organisations")} == {2, 3}


def test_an_organisation_is_not_its_own_superior(party):
    the_import = staged(table(organisation(上级党组织="中共青澜市新云科技有限公司支部委员会")), cell=party.association)
    assert remarks(the_import, "organisations") == [(2, "superior", "error")]


def test_what_stands_under_a_faulty_organisation_waits_for_it(party):
    file = table(
        organisation("中共甲委员会", 组织类别="党组"),
        organisation(上级党组织="中共甲委员会"),
    )
    the_import = staged(
        file, roster(somebody(1, 所在党支部="中共青澜市新云科技有限公司支部委员会")), cell=party.association
    )
    assert (3, "superior", "error") in remarks(the_import, "organisations")
    assert remarks(the_import) == [(2, "cell", "error")]

    wrong = StagedRow.objects.of(the_import, "organisations").first()
    staging.edit(the_import, edits=[Edit(wrong, "kind", "党委")], by=party.staff, on=TODAY)
    the_import.refresh_from_db()
    assert (the_import.wrong, the_import.importable) == (0, 3)


def test_kind_and_superior_of_what_is_on_record_are_left_to_their_own_deeds(party):
    file = table(organisation(party.yunshan.name, 上级党组织=party.south.name, 组织类别="联合党支部", 成立日期="",
                              本届任期起="", 届满日期="", 组建方式=""))  # fmt: skip
    the_import = staged(file, cell=party.association)
    assert (2, "superior", "error") in remarks(the_import, "organisations")
    file = table(
        organisation(party.yunshan.name, 组织类别="联合党支部", 成立日期="", 本届任期起="", 届满日期="", 组建方式="")
    )
    assert remarks(staged(file, cell=party.association), "organisations") == [(2, "kind", "error")]


def test_a_new_term_in_the_ledger_begins_a_term(party):
    file = table(
        organisation(party.yunshan.name, 本届任期起="2026-01-08", 届满日期="2029-01-07", 成立日期="", 组建方式="")
    )
    done = carried_out(file, cell=party.association, by=party.staff)
    assert done.result["done"]["organisations"]["update"] == 1
    assert Term.objects.current().get(cell=party.yunshan).due_on == date(2029, 1, 7)


def test_the_named_secretary_takes_office_when_name_and_telephone_mean_one_member(party):
    name = "中共青澜市新云科技有限公司支部委员会"
    file = table(organisation(书记="林晓", 联系电话="13800000001"))
    done = carried_out(file, roster(somebody(1, 所在党支部=name), somebody(2, 姓名="林小", 所在党支部=name)),
                       cell=party.association, by=party.staff)  # fmt: skip
    seat = Appointment.objects.get(cell__name=name, office=Office.SECRETARY)
    assert (seat.holder.name, seat.holder.is_dormant, seat.appointed_by) == ("林晓", True, party.staff)
    assert seat.holder.member == Member.objects.get(name="林晓")
    assert done.result["secretaries"] == 1


def test_a_secretary_who_cannot_be_told_is_a_warning_without_a_name(party):
    name = "中共青澜市新云科技有限公司支部委员会"
    file = table(organisation(书记="林晓", 联系电话="13900009999"))
    done = carried_out(file, roster(somebody(1, 所在党支部=name)), cell=party.association, by=party.staff)
    assert done.result["secretaries"] == 0
    [(number, sentence)] = done.result["warnings"]
    assert number == 2 and "林晓" not in sentence
    assert not Appointment.objects.filter(cell__name=name).exists()


def test_a_program_names_no_secretary_who_could_do_more_than_it_may(party):
    name = "中共青澜市新云科技有限公司支部委员会"
    file = table(organisation(书记="林晓", 联系电话="13800000001"))
    powers = frozenset(Power) - {Power.REVEAL}
    narrow(party.staff, Narrowing(powers, Span(party.association.path, below=True)))
    done = carried_out(file, roster(somebody(1, 所在党支部=name)), cell=party.association, by=party.staff)
    assert done.result["secretaries"] == 0
    [(number, sentence)] = done.result["warnings"]
    assert number == 2 and "权限" in sentence
    assert Member.objects.filter(name="林晓").exists()
    assert not Appointment.objects.filter(cell__name=name).exists()


def test_nobody_becomes_secretary_by_their_own_import(party):
    staff = party.staff
    member = Member.objects.get(name="王涛")
    Member.objects.filter(pk=member.pk).update(user=staff)
    Appointment.objects.filter(cell=party.yunshan, office=Office.SECRETARY).void(by=staff)
    file = table(organisation(party.yunshan.name, 书记="王涛", 联系电话="13800005678", 成立日期="", 本届任期起="",
                              届满日期="", 组建方式=""))  # fmt: skip
    done = carried_out(file, cell=party.association, by=staff)
    assert "自己" in done.result["warnings"][0][1]


# Companies


def test_a_company_is_met_again_by_its_credit_code_and_surveyed_anew(party):
    carried_out(table(company()), cell=party.association, by=party.staff)
    again = table(company(职工人数="95", 摸排日期="2026-11-01", 所属党组织="云杉科技党支部"))
    done = carried_out(again, cell=party.association, by=party.staff)

    assert done.result["done"]["companies"] == {"new": 0, "update": 1}
    found = Company.objects.get(credit_code="91000000000000000K")
    facts = CompanyFact.objects.standing().filter(company=found).order_by("valid")
    assert [(fact.staff, fact.starts_on.isoformat()) for fact in facts] == [(80, "2026-10-15"), (95, "2026-11-01")]
    assert (found.cover_cell, facts[1].cover, facts[1].output) == (party.yunshan, "own", 12_005_000)
    assert staged(again, cell=party.association).importable == 0


def test_a_company_out_of_reach_is_told_to_be_elsewhere(party):
    carried_out(table(company()), cell=party.association, by=party.staff)
    the_import = staged(table(company()), cell=party.north, by=party.north_staff)
    assert remarks(the_import, "companies") == [(2, "credit_code", "error")]
    assert str(party.association) not in sentences(the_import, "companies")[0]


def test_a_group_covers_no_company(party):
    the_import = staged(table(company(所属党组织="第一党小组")), cell=party.association)
    assert remarks(the_import, "companies") == [(2, "cover_cell", "error")]


# The import itself


def test_uploads_and_staged_rows_lie_sealed(party):
    staged(roster(somebody(1, 所在党支部="没有这个支部"), somebody(2)), cell=party.yunshan)
    number = somebody(1)["公民身份证号"]
    assert number.encode() not in bytes(Upload.objects.get().content)
    faulty, sound = StagedRow.objects.order_by("number").values("cells", "finding")
    sealed = [*faulty.values(), sound["cells"]]
    assert all(isinstance(value, Sealed) and number not in value.token for value in sealed)
    assert sound["finding"] == ""


def test_two_files_of_one_kind_are_refused(party, begun):
    with pytest.raises(Refusal, match="合成一个"):
        uploads.upload(begun, files=[roster(somebody(1)), roster(somebody(2))], by=party.staff, on=TODAY)


def test_a_ledger_of_a_day_to_come_is_refused(party):
    with pytest.raises(Refusal, match="不能晚于今天"):
        imports.start(cell=party.association, as_of=date(2026, 12, 1), by=party.staff, on=TODAY)


def test_imports_are_numbered_within_their_year(party):
    numbers = [
        imports.start(cell=party.association, as_of=TODAY, by=party.staff, on=on).ref
        for on in (TODAY, TODAY, date(2027, 1, 4))
    ]
    assert numbers == ["2026-0001", "2026-0002", "2027-0001"]


def test_a_file_of_the_same_kind_takes_the_place_of_the_first(party):
    the_import = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    uploads.upload(the_import, files=[roster(somebody(2), somebody(3))], by=party.secretary, on=TODAY)
    assert [one.rows for one in the_import.uploads.all()] == [2]


def test_more_rows_cost_no_more_queries(party):
    counts = []
    for file in (roster(somebody(1)), roster(*(somebody(n) for n in range(2, 40)))):
        with CaptureQueriesContext(connection) as asked:
            staged(file, cell=party.yunshan, by=party.secretary)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_without_a_cell_only_the_system_imports_and_organisations_become_roots(party):
    done = carried_out(*scene("defects"))
    root = Cell.objects.get(name="中共示例市互联网协会委员会")
    assert root.parent is None and root.kind == CellKind.COMMITTEE
    assert done.cell == root


def test_a_commissioner_imports_the_own_roster(party):
    organiser = appoint("卢佳", Office.ORGANISATION_COMMISSIONER, party.yuanfan)
    done = carried_out(roster(somebody(1, 所在党支部="")), cell=party.yuanfan, by=organiser)
    assert done.result["done"]["members"]["new"] == 1
