"""The pages of organisations and companies: what they show, what they change, what they refuse."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from cells.choices import CellKind, Cover, Office
from cells.domain import appointments, companies, tree
from cells.models import Appointment, Cell, Company, Contact
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def company(party):
    return cast.register(
        "白石智能科技有限公司", party.north, staff=312, members_known=9, park="软件园", cover=Cover.OWN,
        cover_cell=party.yunshan,
    )  # fmt: skip


@pytest.fixture
def as_(client, party):
    """``as_("staff").get(…)``."""

    def signed_in(who):
        client.force_login(getattr(party, who), "cells.signed_in.ByPassword")
        return client

    return signed_in


def text(response):
    return response.content.decode()


def listed(response):
    """What stands on the list of the page."""
    return list(response.context["table"].page.rows)


class TestTheListOfCells:
    def test_it_shows_the_tree_within_reach(self, as_, party):
        page = text(as_("north_staff").get("/cells/"))
        assert "北屏党委" in page
        assert "云杉科技党支部" in page
        assert "南浦党总支" not in page

    def test_it_counts_the_members_of_the_whole_subtree(self, as_, party):
        counts = {str(cell): (cell.full, cell.probationary) for cell in listed(as_("staff").get("/cells/?view=flat"))}
        assert counts["云杉科技党支部"] == (3, 1)
        assert counts["第一党小组"] == (1, 0)
        assert counts["青澜协会党委"] == (5, 1)

    def test_superiors_come_before_inferiors_and_siblings_by_age(self, as_, party):
        cells = listed(as_("staff").get("/cells/"))
        paths = [cell.path for cell in cells]
        assert paths == sorted(paths, key=lambda path: [int(step) for step in path.strip("/").split("/")])
        assert cells[0].step == 0
        assert max(cell.step for cell in cells) == 3

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=yskj", {"云杉科技党支部"}),
            ("q=云杉", {"云杉科技党支部"}),
            ("kind=joint_branch", {"拾光传媒联合党支部"}),
            ("q=wu-ci-zu-zhi", set()),
            ("standing=dissolved", {"旧支部"}),
            ("term=expired", {"到期支部"}),
        ],
    )
    def test_filters_stand_in_the_address(self, as_, party, today, query, found):
        old = cast.found("旧支部", CellKind.BRANCH, party.north)
        tree.dissolve(old, reason="撤销", by=party.staff, on=today)
        tree.found(
            "到期支部", CellKind.BRANCH, party.north, term_from=cast.LONG_AGO,
            term_due=today - timedelta(days=1), by=party.staff, on=today,
        )  # fmt: skip
        assert {str(cell) for cell in listed(as_("staff").get(f"/cells/?{query}"))} == found

    def test_a_code_finds_its_cell(self, as_, party):
        code = party.yunshan.code
        assert listed(as_("staff").get("/cells/", {"q": code.lower().replace("-", "")})) == [party.yunshan]

    @pytest.mark.parametrize("junk", ["after=abc", "sort=;drop", "size=x", "columns=;,,x", "density=", "adding=zz"])
    def test_a_way_of_showing_that_cannot_be_read_is_passed_over(self, as_, party, junk):
        assert as_("staff").get(f"/cells/?{junk}").status_code == 200

    @pytest.mark.parametrize("junk", ["kind=nonsense", "q=%00", "q=" + "长" * 5000, "founded_on__gte=9999"])
    def test_a_criterion_that_cannot_be_read_finds_nothing_and_says_why(self, as_, party, junk):
        page = as_("staff").get(f"/cells/?{junk}")
        assert page.status_code == 422
        assert page.context["table"].errors
        assert listed(page) == []

    def test_a_filter_that_hides_everything_says_so(self, as_, party):
        assert "没有符合条件的党组织" in text(as_("staff").get("/cells/?q=zzzz"))

    def test_htmx_gets_the_list_alone(self, as_, party):
        page = text(as_("staff").get("/cells/", headers={"HX-Request": "true"}))
        assert page.lstrip().startswith('<div id="cells"')

    def test_one_row_takes_as_many_queries_as_three(self, as_, party, queries_of):
        client = as_("staff")
        for number in range(3):
            cast.found(
                f"空{number}支部", CellKind.MIGRANT_BRANCH if number == 0 else CellKind.TEMPORARY_BRANCH, party.south
            )
        cast.found("空3支部", CellKind.TEMPORARY_BRANCH, party.south)
        client.get("/cells/?kind=migrant_branch")
        one = queries_of(client.get, "/cells/?kind=migrant_branch")
        assert queries_of(client.get, "/cells/?kind=temporary_branch") == one


class TestACell:
    def test_it_tells_everything_of_a_branch(self, as_, party, company):
        page = text(as_("secretary").get(party.yunshan.get_absolute_url()))
        for said in ("李敏", "组织委员", "白石智能科技有限公司", "第一党小组", "2027-01-07", "正式党员"):
            assert said in page

    @pytest.mark.parametrize("who", ["other_secretary", "advisor", "technician", "plain_member", "stranger"])
    def test_out_of_reach_there_is_no_such_cell(self, as_, party, who):
        assert as_(who).get(party.yunshan.get_absolute_url()).status_code == 404

    def test_anonymous_people_are_shown_the_way_in(self, client, party):
        assert client.get(party.yunshan.get_absolute_url()).status_code == 302

    def test_the_number_of_the_contact_is_masked(self, as_, party):
        party.yunshan.contact_phone = "13900004471"
        party.yunshan.save()
        page = text(as_("secretary").get(party.yunshan.get_absolute_url()))
        assert "13900004471" not in page
        assert "139****4471" in page

    def test_who_does_not_see_the_trail_sees_none_of_it(self, as_, party):
        tree.correct(party.yunshan, contact_name="某联系人", version=1, by=party.staff, on=cast.TODAY)
        assert "更正党组织资料" not in text(as_("secretary").get(party.yunshan.get_absolute_url()))
        assert "更正党组织资料" in text(as_("north_staff").get(party.yunshan.get_absolute_url()))

    def test_a_vacant_seat_is_remarked_on(self, as_, party):
        assert "书记空缺" in text(as_("staff").get(party.shiguang.get_absolute_url()))

    def test_three_inferiors_take_as_many_queries_as_one(self, as_, party, queries_of):
        client = as_("staff")
        client.get(party.yunshan.get_absolute_url())
        one = queries_of(client.get, party.yunshan.get_absolute_url())
        for number in range(2):
            cast.found(f"小组{number}", CellKind.GROUP, party.yunshan)
        assert queries_of(client.get, party.yunshan.get_absolute_url()) == one


class TestHistory:
    def test_any_day_shows_the_tree_as_it_was(self, as_, party, today):
        tree.rename(party.yunshan, name="新名支部", by=party.staff, on=today)
        page = text(as_("secretary").get(f"/cells/{party.yunshan.code}/history/?on={today - timedelta(days=1)}"))
        assert "名称为“中共云杉科技有限公司支部委员会”" in page
        assert "第一党小组" in page

    def test_a_day_before_the_records_says_so(self, as_, party):
        page = text(as_("secretary").get(f"/cells/{party.yunshan.code}/history/?on=2001-01-01"))
        assert "记录从 2024-01-08 开始" in page

    def test_a_day_that_is_none_is_named(self, as_, party):
        response = as_("secretary").get(f"/cells/{party.yunshan.code}/history/?on=2026-02-30")
        assert response.status_code == 422


CHANGES = ["details", "name", "superior", "kind", "merger", "dissolution", "term"]


@pytest.mark.parametrize("change", CHANGES)
class TestEveryChange:
    def test_is_shown_to_who_keeps_the_cell(self, as_, party, change):
        assert as_("north_staff").get(f"/cells/{party.yunshan.code}/{change}/").status_code == 200

    def test_is_refused_to_who_only_sees_it(self, as_, party, change):
        url = f"/cells/{party.yunshan.code}/{change}/"
        for who in ("secretary", "deputy", "organiser", "auditor"):
            assert as_(who).get(url).status_code == 403
            assert as_(who).post(url, {}).status_code == 403

    def test_is_not_there_for_who_does_not_see_it(self, as_, party, change):
        url = f"/cells/{party.yunshan.code}/{change}/"
        assert as_("other_secretary").post(url, {}).status_code == 404

    def test_with_nothing_filled_in_comes_back_with_its_errors(self, as_, party, change):
        cell = cast.found("空支部", CellKind.BRANCH, party.north)
        response = as_("staff").post(f"/cells/{cell.code}/{change}/", {})
        assert response.status_code == 422
        assert "需要修改" in text(response)
        assert not Entry.objects.about(cell).exists()


class TestChanging:
    def test_found(self, as_, party, today):
        answers = {"superior": party.north.code, "name": "星河支部", "kind": "branch", "founded_on": "2025年3月1日"}
        response = as_("north_staff").post("/cells/new/", answers)
        cell = Cell.objects.get(name="星河支部")
        assert response.status_code == 302
        assert response["Location"] == cell.get_absolute_url()
        assert (cell.parent, cell.founded_on.isoformat()) == (party.north, "2025-03-01")

    def test_found_keeps_what_was_typed_when_it_is_refused(self, as_, party):
        answers = {"superior": party.yunshan.code, "name": "星河支部", "kind": "branch", "contact_name": "何静"}
        response = as_("staff").post("/cells/new/", answers)
        assert response.status_code == 422
        assert "党支部之下不能设党支部" in text(response)
        assert 'value="何静"' in text(response)

    def test_a_superior_out_of_reach_reads_like_an_unknown_one(self, as_, party):
        def error(superior):
            answers = {"superior": superior, "name": "星河支部", "kind": "branch"}
            form = as_("north_staff").post("/cells/new/", answers).context["form"]
            return form.errors["superior"][0].replace(superior, "")

        assert error(party.south.code) == error("ZB-9999")

    @pytest.mark.parametrize("written", ["ZB{key}", "南浦党总支", "npdzz"])
    def test_a_cell_is_named_by_code_name_or_initials(self, as_, party, written):
        written = party.south.code if written.startswith("ZB") else written
        answers = {"superior": written, "on": timezone.localdate().isoformat()}
        assert as_("staff").post(f"/cells/{party.yunshan.code}/superior/", answers).status_code == 302
        party.yunshan.refresh_from_db()
        assert party.yunshan.parent == party.south

    def test_a_name_that_means_several_cells_asks_for_the_code(self, as_, party):
        answers = {"superior": "dangwei", "on": timezone.localdate().isoformat()}
        response = as_("staff").post(f"/cells/{party.shiguang.code}/superior/", answers)
        assert "不止一个党组织符合" in text(response)

    def test_a_cell_under_its_own_child_gets_one_clear_sentence(self, as_, party):
        answers = {"superior": party.yunshan.code, "on": timezone.localdate().isoformat()}
        response = as_("staff").post(f"/cells/{party.north.code}/superior/", answers)
        assert response.status_code == 422
        assert not Cell.objects.filter(pk=party.north.pk, parent=party.yunshan).exists()

    def test_rename_kind_term_and_correction(self, as_, party, today):
        client, url = as_("staff"), f"/cells/{party.yuanfan.code}"
        day = today.isoformat()
        posts = {
            "name": {"name": "远航支部", "on": day},
            "kind": {"kind": "joint_branch", "on": day},
            "term": {"number": "2", "from_on": day, "due_on": (today + timedelta(days=1095)).isoformat()},
        }
        for change, answers in posts.items():
            assert client.post(f"{url}/{change}/", answers).status_code == 302, change
        cell = Cell.objects.get(pk=party.yuanfan.pk)
        assert (cell.name, cell.kind, cell.terms.current().get().number) == ("远航支部", "joint_branch", 2)

    def test_a_day_to_come_is_refused(self, as_, party, today):
        answers = {"name": "远航支部", "on": (today + timedelta(days=1)).isoformat()}
        response = as_("staff").post(f"/cells/{party.yuanfan.code}/name/", answers)
        assert response.status_code == 422
        assert "这一天还没有到" in text(response)

    def test_what_stands_in_the_way_of_dissolving_is_said_beforehand(self, as_, party):
        page = text(as_("staff").get(f"/cells/{party.yunshan.code}/dissolution/"))
        assert "还有 1 个下级党组织" in page
        assert "撤销原因" not in page

    def test_dissolve(self, as_, party, today):
        cell = cast.found("空支部", CellKind.BRANCH, party.north)
        answers = {"reason": "企业注销", "on": today.isoformat()}
        assert as_("staff").post(f"/cells/{cell.code}/dissolution/", answers).status_code == 302
        cell.refresh_from_db()
        assert cell.dissolved_on == today

    def test_merge(self, as_, party, today):
        cell = cast.found("空支部", CellKind.BRANCH, party.north)
        answers = {"into": party.yuanfan.code, "on": today.isoformat()}
        assert as_("staff").post(f"/cells/{cell.code}/merger/", answers).status_code == 302
        cell.refresh_from_db()
        assert cell.merged_into == party.yuanfan

    def test_a_number_left_empty_stays(self, as_, party):
        party.yuanfan.contact_phone = "13900004471"
        party.yuanfan.save()
        answers = {"version": 1, "name": party.yuanfan.name, "contact_name": "刘洋", "contact_phone": ""}
        as_("staff").post(f"/cells/{party.yuanfan.code}/details/", answers)
        cell = Cell.objects.get(pk=party.yuanfan.pk)
        assert (cell.contact_name, str(cell.contact_phone)) == ("刘洋", "13900004471")


class TestTwoEditors:
    """The form was filled from version 1; meanwhile somebody else saved."""

    def post(self, as_, cell, **answers):
        given = {"version": 1, "name": cell.name, "short_name": cell.short_name, "founded_on": "2024-01-08"} | answers
        return as_("staff").post(f"/cells/{cell.code}/details/", given)

    def test_what_both_changed_is_set_side_by_side_and_nothing_is_lost(self, as_, party):
        tree.correct(party.yuanfan, contact_name="刘洋", version=1, by=party.north_staff, on=cast.TODAY)
        response = self.post(as_, party.yuanfan, contact_name="马骁")
        [conflict] = response.context["conflicts"]
        assert response.status_code == 422
        assert (conflict.yours, conflict.theirs, conflict.who) == ("马骁", "刘洋", "秦立民")
        assert 'value="马骁"' in text(response)
        assert Cell.objects.get(pk=party.yuanfan.pk).contact_name == "刘洋"

    def test_sent_again_after_looking_it_is_saved(self, as_, party):
        tree.correct(party.yuanfan, contact_name="刘洋", version=1, by=party.north_staff, on=cast.TODAY)
        self.post(as_, party.yuanfan, contact_name="马骁")
        assert self.post(as_, party.yuanfan, contact_name="马骁", version=2).status_code == 302
        assert Cell.objects.get(pk=party.yuanfan.pk).contact_name == "马骁"

    def test_what_only_the_other_changed_is_taken_over(self, as_, party):
        tree.correct(party.yuanfan, contact_name="刘洋", version=1, by=party.north_staff, on=cast.TODAY)
        assert self.post(as_, party.yuanfan, units_text="远帆网络有限公司").status_code == 302
        cell = Cell.objects.get(pk=party.yuanfan.pk)
        assert (cell.contact_name, cell.units_text) == ("刘洋", "远帆网络有限公司")

    def test_a_company_likewise(self, as_, party, company):
        companies.correct(company, park="电商园", version=1, by=party.north_staff, on=cast.TODAY)
        answers = {
            "version": 1,
            "name": company.name,
            "district": "高新区",
            "park": "创新港",
            "keeper": party.north.code,
        }
        response = as_("staff").post(f"/companies/{company.code}/details/", answers)
        assert [(one.yours, one.theirs) for one in response.context["conflicts"]] == [("创新港", "电商园")]


class TestOfficers:
    def test_a_known_person_is_appointed_by_name(self, as_, party, today):
        answers = {"name": "黎昕", "office": "secretary", "on": today.isoformat()}
        response = as_("staff").post(f"/cells/{party.shiguang.code}/officers/", answers)
        assert "在您的范围内没有这个人的账号" in text(response)
        answers["name"] = "周航"
        assert as_("staff").post(f"/cells/{party.shiguang.code}/officers/", answers).status_code == 302
        assert party.shiguang.appointments.in_force(today).get(office=Office.SECRETARY).holder == party.organiser

    def test_a_new_person_gets_a_dormant_account(self, as_, party, today):
        answers = {"name": "何静", "office": "secretary", "on": today.isoformat(), "open_account": "on"}
        assert as_("staff").post(f"/cells/{party.shiguang.code}/officers/", answers).status_code == 302
        holder = party.shiguang.appointments.in_force(today).get(office=Office.SECRETARY).holder
        assert (holder.name, holder.is_dormant) == ("何静", True)

    def test_a_second_secretary_gets_one_clear_sentence(self, as_, party, today):
        answers = {"name": "周航", "office": "secretary", "on": today.isoformat()}
        response = as_("staff").post(f"/cells/{party.yunshan.code}/officers/", answers)
        assert response.status_code == 422
        assert "同一时间只能有一名" in text(response)

    def test_a_secretary_is_offered_only_what_they_fill(self, as_, party):
        form = as_("secretary").get(f"/cells/{party.yunshan.code}/officers/").context["form"]
        assert [value for value, _label in form.fields["office"].choices] == [
            "organisation_commissioner",
            "publicity_commissioner",
            "discipline_commissioner",
        ]

    def test_who_fills_nothing_sees_no_form_and_may_not_post(self, as_, party):
        url = f"/cells/{party.yunshan.code}/officers/"
        assert as_("auditor").get(url).context["form"] is None
        assert as_("auditor").post(url, {}).status_code == 403

    def test_an_office_is_ended_with_a_reason(self, as_, party, today):
        held = party.yunshan.appointments.get(office=Office.ORGANISATION_COMMISSIONER)
        url = f"/cells/{party.yunshan.code}/officers/{held.pk}/"
        assert as_("secretary").post(url, {"on": today.isoformat(), "reason": ""}).status_code == 422
        assert as_("secretary").post(url, {"on": today.isoformat(), "reason": "调整"}).status_code == 302
        assert not Appointment.objects.in_force(today).filter(holder=party.organiser).exists()

    def test_one_filled_from_above_is_not_theirs_to_end(self, as_, party):
        held = party.yunshan.appointments.get(office=Office.DEPUTY_SECRETARY)
        assert as_("secretary").get(f"/cells/{party.yunshan.code}/officers/{held.pk}/").status_code == 403

    def test_rights_are_gone_on_the_next_request(self, as_, party, today):
        client = as_("secretary")
        assert client.get(party.yunshan.get_absolute_url()).status_code == 200
        held = party.yunshan.appointments.get(office=Office.SECRETARY)
        appointments.end(held, reason="换届", by=party.staff, on=today)
        assert client.get(party.yunshan.get_absolute_url()).status_code == 404

    def test_an_office_of_another_cell_is_not_found_here(self, as_, party):
        held = party.yuanfan.appointments.get(office=Office.SECRETARY)
        assert as_("staff").get(f"/cells/{party.yunshan.code}/officers/{held.pk}/").status_code == 404


class TestCompanies:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", {"白石", "青禾", "墨池"}),
            ("q=bs", {"白石"}),
            ("district=南浦区", {"墨池"}),
            ("park=软件园", {"白石"}),
            ("cover=covered", {"白石"}),
            ("cover=none", {"青禾", "墨池"}),
            ("operating=no", {"墨池"}),
            ("gap=1", {"青禾"}),
            ("q=91000000Y11N7JBW23", {"青禾"}),
        ],
    )
    def test_filters_stand_in_the_address(self, as_, party, query, found):
        cast.register("白石", party.north, park="软件园", cover=Cover.OWN, cover_cell=party.yunshan)
        cast.register("青禾", party.north, members_known=3, credit_code="91000000Y11N7JBW23")
        cast.register("墨池", party.south, district="南浦区", operating=False)
        assert {str(company) for company in listed(as_("staff").get(f"/companies/?{query}"))} == found

    @pytest.mark.parametrize("junk", ["cover=x", "district=" + "长" * 500, "q=%00", "gap=2", "park=%00", "staff=1e400"])
    def test_a_criterion_that_cannot_be_read_finds_nothing_and_says_why(self, as_, party, company, junk):
        page = as_("staff").get(f"/companies/?{junk}")
        assert page.status_code == 422
        assert page.context["table"].errors
        assert listed(page) == []

    @pytest.mark.parametrize("sort", ["name", "-name", "staff", "-staff", "members", "-members", "district"])
    def test_it_sorts_and_pages(self, as_, party, sort):
        for number in range(25):
            cast.register(f"公司{number:02}", party.north, staff=number, members_known=number)
        client = as_("staff")
        first = client.get(f"/companies/?sort={sort}&size=20").context["table"].page
        second = client.get(f"/companies/{first.next}").context["table"].page
        names = [str(company) for company in (*first.rows, *second.rows)]
        assert len(set(names)) == 25

    def test_one_row_takes_as_many_queries_as_three(self, as_, party, company, queries_of):
        client = as_("staff")
        client.get("/companies/")
        one = queries_of(client.get, "/companies/")
        for number in range(2):
            cast.register(
                f"公司{number}", party.south, cover=Cover.JOINT, cover_cell=party.shiguang, park=f"园{number}"
            )
        assert queries_of(client.get, "/companies/") == one

    def test_one_page_tells_the_whole_story(self, as_, party, company, today):
        companies.survey(company, surveyed_on=today, staff=400, by=party.staff, on=today)
        companies.add_contact(company, name="唐若水", phone="13900004471", by=party.staff, on=today)
        page = text(as_("staff").get(company.get_absolute_url()))
        for said in ("白石智能科技有限公司", "400", "云杉科技党支部", "唐若水", "139****4471", "职工人数 312 → 400"):
            assert said in page
        assert "13900004471" not in page

    def test_an_uncovered_company_with_three_members_ought_to_build(self, as_, party):
        company = cast.register("青禾", party.north, members_known=4)
        response = as_("staff").get(company.get_absolute_url())
        assert "应建未建" in text(response)
        assert [way.mode for way in response.context["ways"] if way.best] == ["independent"]

    @pytest.mark.parametrize("who", ["other_secretary", "plain_member", "technician", "deputy_alone"])
    def test_out_of_reach_there_is_no_such_company(self, as_, party, company, who):
        assert as_(who).get(company.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("page", ["details", "survey", "contacts/new"])
    def test_who_only_sees_it_changes_nothing(self, as_, party, company, page):
        assert as_("secretary").get(f"{company.get_absolute_url()}{page}/").status_code == 403

    def test_register(self, as_, party, today):
        answers = {
            "name": "星河科技有限公司", "keeper": party.north.code, "credit_code": "91000000 Y11N7JBW23",
            "surveyed_on": today.isoformat(), "operating": "on", "staff": "1,200", "output": "48145.5",
            "fixed_premises": "yes", "cover_cell": "云杉科技党支部",
        }  # fmt: skip
        assert as_("north_staff").post("/companies/new/", answers).status_code == 302
        company = Company.objects.get(credit_code="91000000Y11N7JBW23")
        fact = company.facts.get()
        assert (fact.staff, fact.output, fact.fixed_premises, fact.cover) == (1200, 481455000, True, Cover.OWN)

    def test_a_wrong_code_and_a_wrong_number_are_explained_at_their_place(self, as_, party, today):
        answers = {"name": "星河", "keeper": party.north.code, "credit_code": "91000000Y11N7JBW24",
                   "surveyed_on": today.isoformat(), "staff": "很多"}  # fmt: skip
        errors = as_("staff").post("/companies/new/", answers).context["form"].errors
        assert "校验位" in errors["credit_code"][0]
        assert "应为整数" in errors["staff"][0]

    def test_survey_shows_what_holds_now_and_keeps_it(self, as_, party, company, today):
        client, url = as_("staff"), f"/companies/{company.code}/survey/"
        form = client.get(url).context["form"]
        answers = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        answers |= {"staff": "400", "surveyed_on": today.isoformat(), "operating": "on"}
        assert client.post(url, answers).status_code == 302
        fact = company.facts.current().get()
        assert (fact.staff, fact.members_known, fact.cover_cell) == (400, 9, party.yunshan)

    def test_contacts_are_added_corrected_and_removed(self, as_, party, company):
        client, url = as_("north_staff"), company.get_absolute_url()
        assert client.post(f"{url}contacts/new/", {"name": "唐若水", "phone": "139 0000 4471"}).status_code == 302
        contact = Contact.objects.get()
        assert client.post(f"{url}contacts/{contact.pk}/", {"name": "唐若水", "post": "行政部"}).status_code == 302
        assert client.get(f"{url}contacts/{contact.pk}/removal/").status_code == 405
        assert client.post(f"{url}contacts/{contact.pk}/removal/").status_code == 302
        assert client.post(f"{url}contacts/{contact.pk}/removal/").status_code == 404

    def test_a_number_is_shown_once_for_a_purpose(self, as_, party, company, today):
        contact = companies.add_contact(company, name="唐若水", phone="13900004471", by=party.staff, on=today)
        url = f"{company.get_absolute_url()}contacts/{contact.pk}/phone/"
        client = as_("secretary")
        assert client.get(url).status_code == 403
        client = as_("north_staff")
        assert "13900004471" not in text(client.get(url))
        assert client.post(url, {"purpose": ""}).status_code == 422
        shown = client.post(url, {"purpose": "通知座谈会"})
        assert "13900004471" in text(shown)
        assert shown["Cache-Control"] == "no-store"
        assert Entry.objects.did("cells.phone_revealed").count() == 1


class TestScope:
    def test_it_narrows_the_lists(self, as_, party, company):
        client = as_("staff")
        assert {*listed(client.get(f"/cells/?view=flat&scope={party.south.code}"))} == {party.south, party.shiguang}
        assert listed(client.get(f"/companies/?scope={party.south.code}")) == []

    @pytest.mark.parametrize("scope", ["south", "association"])
    def test_out_of_reach_it_is_not_found(self, as_, party, scope):
        assert as_("north_staff").get(f"/cells/?scope={getattr(party, scope).code}").status_code == 404

    @pytest.mark.parametrize("scope", ["ZB-9999", "%00", "'; --", "长" * 300])
    def test_one_that_is_none_is_not_found_either(self, as_, party, scope):
        assert as_("staff").get(f"/cells/?scope={scope}").status_code == 404

    @pytest.mark.parametrize(
        ("who", "scope"),
        [("staff", "association"), ("north_staff", "north"), ("secretary", "yunshan"), ("leader", "first_group")],
    )
    def test_without_one_it_is_where_the_reach_begins(self, as_, party, who, scope):
        assert as_(who).get("/cells/").wsgi_request.scope == getattr(party, scope)

    def test_where_no_stretch_is_widest_there_is_none(self, as_, party):
        Appointment.objects.create(
            holder=party.secretary, office=Office.ADVISOR, cell=party.shiguang, valid=cast.since(cast.LONG_AGO)
        )
        assert as_("secretary").get("/cells/").wsgi_request.scope is None

    def test_its_page_lists_what_is_within_reach_and_leads_back(self, as_, party):
        page = text(as_("north_staff").get("/scope/?next=/companies/%3Fcover%3Dnone%26scope%3DZB-1%26after%3Dx"))
        assert f"/companies/?cover=none&amp;scope={party.yunshan.code}" in page
        assert "南浦党总支" not in page

    @pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\evil"])
    def test_it_leads_nowhere_else(self, as_, party, back):
        response = as_("staff").get("/scope/", {"next": back})
        assert all(choice["url"].startswith("/cells/?scope=") for choice in response.context["choices"])

    def test_it_finds_by_initials(self, as_, party):
        choices = as_("staff").get("/scope/?q=yskj").context["choices"]
        assert [choice["cell"] for choice in choices] == [party.yunshan]

    def test_links_keep_a_scope_that_was_chosen(self, as_, party):
        page = text(as_("staff").get(f"/cells/?scope={party.north.code}"))
        assert f'href="/cells/{party.yunshan.code}/?scope={party.north.code}"' in page
