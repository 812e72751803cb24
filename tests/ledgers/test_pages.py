"""The wizard through its pages: from the files to the result, and who may go there."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Entry
from cells.models import Cell, Company
from ledgers.choices import ImportState
from ledgers.domain import imports, staging
from ledgers.models import Import, StagedRow, Upload
from members.domain.disclosures import EXPORTED
from members.models import Member, Membership
from tests.cast import TODAY
from tests.ledgers.conftest import COLUMNS, roster, scene, somebody, staged, table, xlsx
from work import jobs
from work.choices import JobState
from work.models import Job

pytestmark = pytest.mark.django_db


def sent(*files):
    return [SimpleUploadedFile(file.name, file.data) for file in files]


def upload(client, cell, *files, **more):
    return client.post("/imports/new/", {"cell": cell.code, "as_of": "2026-11-20", "files": sent(*files), **more})


def work(the_import):
    """What the worker does."""
    the_import.refresh_from_db()
    assert jobs.run(the_import.job_id)
    the_import.refresh_from_db()
    return the_import


@pytest.fixture
def as_secretary(client, party):
    client.force_login(party.secretary)
    return client


@pytest.fixture
def as_staff(client, party):
    client.force_login(party.staff)
    return client


@pytest.mark.parametrize("at_once", [500, 0])
def test_a_ledger_with_too_many_of_other_rosters_says_so_once_on_its_page(as_secretary, party, monkeypatch, at_once):
    monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 1)
    monkeypatch.setattr("ledgers.domain.imports.AT_ONCE", at_once)
    theirs = [somebody(1, 公民身份证号=str(one.id_number), 姓名=one.name) for one in (party.liu, party.chen)]
    answer = upload(as_secretary, party.yunshan, roster(*theirs, somebody(3)))
    assert answer.status_code == 302
    if not at_once:
        assert not jobs.run(Import.objects.get().job_id)
    page = as_secretary.get(answer.url).content.decode()
    assert "请由协会党委工作人员导入" in page
    assert not StagedRow.objects.exists()


def test_a_secretary_takes_a_roster_from_its_file_to_the_result(as_secretary, party):
    answer = upload(as_secretary, party.yunshan, roster(somebody(1), somebody(2, 民族="火星族")))
    the_import = Import.objects.get()
    assert answer.url == the_import.get_absolute_url()

    page = as_secretary.get(answer.url).content.decode()
    assert "核对导入" in page
    assert "火星族" in page
    assert "试运行 1 行" in page
    row = StagedRow.objects.get(outcome="error")

    as_secretary.post(f"{answer.url}rows/{row.pk}/cell/", {"field": "ethnicity", "text": "满族"})
    the_import.refresh_from_db()
    assert (the_import.wrong, the_import.importable) == (0, 2)

    as_secretary.post(f"{answer.url}trial/")
    page = as_secretary.get(answer.url).content.decode()
    assert "没有写入任何内容" in page
    assert Member.objects.filter(name="林晓").count() == 0

    as_secretary.post(f"{answer.url}commit/")
    assert "正在导入" in as_secretary.get(answer.url).content.decode()
    work(the_import)
    assert the_import.state == ImportState.DONE
    assert Member.objects.filter(name="林晓", ethnicity="11").count() == 1
    assert "已导入" in as_secretary.get(answer.url).content.decode()
    assert (
        Membership.objects.filter(member__name="林晓", cell=party.yunshan, entry_reason="opening_balance").count() == 2
    )
    entry = Entry.objects.get(action="ledgers.committed")
    assert (entry.actor, entry.path, entry.facts["done"]) == (
        party.secretary,
        party.yunshan.path,
        {"members": {"new": 2, "update": 0}},
    )


def test_three_files_dropped_together_become_one_import(as_staff, party):
    upload(as_staff, party.association, *scene("mixed"))
    the_import = Import.objects.get()
    assert set(the_import.uploads.values_list("kind", flat=True)) == {"organisations", "companies", "members"}

    as_staff.post(f"{the_import.get_absolute_url()}commit/")
    work(the_import)

    committee = Cell.objects.get(name="中共示例镇互联网行业委员会")
    assert committee.parent == party.association
    assert set(Company.objects.filter(name__startswith="示例镇").values_list("keeper", flat=True)) == {committee.pk}
    assert Membership.objects.current().under(committee).count() == 171


def test_an_htmx_answer_is_the_row_with_tally_and_bar(as_secretary, party):
    upload(as_secretary, party.yunshan, roster(somebody(1, 学历="神童")))
    the_import, row = Import.objects.get(), StagedRow.objects.get()
    answer = as_secretary.post(
        f"{the_import.get_absolute_url()}rows/{row.pk}/cell/",
        {"field": "education", "text": "本科", "columns": ["name", "education"]},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert f'<template>\n<tr id="row-{row.pk}" hx-swap-oob="true"' in re.sub(r"\n\s*", "\n", answer)
    assert 'id="tally"' in answer and 'id="actions"' in answer and answer.count("hx-swap-oob") == 2


def test_unknown_and_missing_headings_are_shown_to_be_matched(as_secretary, party):
    columns = ["星座", *(column if column != "人员类别" else "党员分类" for column in COLUMNS)]
    person = somebody(1)
    rows = [columns, ["狮子座", *person.values()]]
    answer = upload(as_secretary, party.yunshan, type(roster())("名册.xlsx", xlsx(rows)))
    page = as_secretary.get(answer.url).content.decode()
    assert "没有认出：星座、党员分类" in page and "缺少必填列：人员类别" in page

    the_import = Import.objects.get()
    upload_pk = the_import.uploads.get().pk
    chosen = {f"column-{upload_pk}-{place}": name for place, name in enumerate(the_import.uploads.get().mapping)}
    refused = as_secretary.post(f"{answer.url}columns/", {})
    assert refused.status_code == 422 and "缺少必填列" in refused.content.decode()

    chosen[f"column-{upload_pk}-{columns.index('党员分类')}"] = "category"
    as_secretary.post(f"{answer.url}columns/", chosen)
    the_import.refresh_from_db()
    assert the_import.state == ImportState.REVIEWED and the_import.importable == 1


def test_the_same_fault_in_many_cells_is_put_right_at_once(as_secretary, party):
    upload(as_secretary, party.yunshan, roster(*(somebody(n, 民族="火星族") for n in (1, 2, 3))))
    the_import = Import.objects.get()
    assert "民族一列有 3 处写作“火星族”" in as_secretary.get(the_import.get_absolute_url()).content.decode()
    as_secretary.post(
        f"{the_import.get_absolute_url()}replace/",
        {"kind": "members", "field": "ethnicity", "old": "火星族", "new": "汉族"},
    )
    the_import.refresh_from_db()
    assert the_import.importable == 3


def test_one_row_can_be_written_in_wherever_it_needs_it(as_secretary, party):
    upload(as_secretary, party.yunshan, roster(somebody(1)))
    row = StagedRow.objects.get()
    address = f"{Import.objects.get().get_absolute_url()}rows/{row.pk}/"
    page = as_secretary.get(address).content.decode()
    assert somebody(1)["公民身份证号"] not in page
    as_secretary.post(address, {"name": "林晓晓", "id_number": "", "mobile": ""})
    row.refresh_from_db()
    assert row.written["cells"]["name"] == "林晓晓"
    assert row.written["cells"]["id_number"] == somebody(1)["公民身份证号"]


@pytest.mark.parametrize("who", ["other_secretary", "advisor", "auditor", "plain_member", "technician", "publicist"])
def test_an_import_is_not_found_by_whoever_may_not_import_there(client, party, who):
    the_import = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    row = StagedRow.objects.get()
    client.force_login(getattr(party, who))
    base = the_import.get_absolute_url()
    for address in (base, f"{base}problems/members.xlsx", f"{base}rows/{row.pk}/"):
        assert client.get(address).status_code == 404
    for address in ("trial/", "commit/", "abandon/", "columns/", "files/", "replace/", f"rows/{row.pk}/cell/"):
        assert client.post(base + address).status_code == 404


@pytest.mark.parametrize("who", ["advisor", "auditor", "plain_member", "technician", "publicist"])
def test_whoever_may_import_nowhere_is_shown_no_way_in(client, party, who):
    client.force_login(getattr(party, who))
    assert client.get("/imports/").status_code == 403
    assert client.get("/imports/new/").status_code == 403
    assert client.get("/imports/templates/members.xlsx").status_code == 403


def test_another_importer_of_the_same_cell_takes_the_import_up(client, party):
    the_import = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    client.force_login(party.organiser)
    client.post(f"{the_import.get_absolute_url()}commit/")
    work(the_import)
    assert the_import.state == ImportState.DONE
    assert Job.objects.get().owner == party.organiser


def test_a_secretary_is_told_which_ledgers_others_import(as_secretary, party):
    answer = upload(
        as_secretary, party.yunshan, table({"企业名称": "云杉科技有限公司", "行业类别": "软件", "职工人数": "5"})
    )
    assert answer.status_code == 422
    assert "不能导入企业台账" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_refused_file_leaves_no_import_and_keeps_what_was_typed(as_secretary, party):
    answer = upload(
        as_secretary, party.yunshan, type(roster())("照片.png", b"\x89PNG\r\n\x1a\n...."), as_of="2026-10-31"
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这不是表格文件" in page and "2026-10-31" in page and party.yunshan.code in page
    assert not Import.objects.exists()


def test_a_cell_out_of_reach_cannot_be_acted_for(as_secretary, party):
    answer = upload(as_secretary, party.yuanfan, roster(somebody(1)))
    assert answer.status_code == 422 and not Import.objects.exists()


def test_a_page_of_many_rows_asks_no_more_than_one_of_few(as_staff, party, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        people = [somebody(number * 10 + n, 民族="火星族") for n in range(number)]
        the_import = staged(roster(*people), cell=party.association, by=party.staff)
        with django_assert_max_num_queries(60) as asked:
            as_staff.get(the_import.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_is_long_is_reviewed_and_carried_out_in_the_background_while_pages_answer(as_staff, party):
    answer = upload(as_staff, party.association, *scene("changchun"))
    the_import = Import.objects.get()
    rows = sum(the_import.uploads.values_list("rows", flat=True))
    assert rows > imports.AT_ONCE
    assert the_import.state == ImportState.MAPPED
    assert "正在核对" in as_staff.get(answer.url).content.decode()
    work(the_import)
    assert (the_import.state, the_import.importable) == (ImportState.REVIEWED, rows)
    page = as_staff.get(answer.url)
    assert page.status_code == 200 and len(page.content) < 200_000

    as_staff.post(f"{answer.url}commit/")
    watched = as_staff.get(f"{answer.url}?watch=1", headers={"HX-Request": "true"})
    assert 'id="running"' in watched.content.decode()
    work(the_import)
    assert Member.objects.count() == 803 + len(party.members)
    assert as_staff.get(f"{answer.url}?watch=1", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_rights_are_asked_again_when_the_job_runs(as_secretary, party):
    upload(as_secretary, party.yunshan, roster(somebody(1)))
    the_import = Import.objects.get()
    as_secretary.post(f"{the_import.get_absolute_url()}commit/")
    party.secretary.appointments.void(by=party.staff, reason="换人")

    the_import.refresh_from_db()
    assert not jobs.run(the_import.job_id)

    the_import.refresh_from_db()
    assert the_import.state == ImportState.FAILED
    assert not Member.objects.filter(name="林晓").exists()


def test_an_import_whose_worker_was_given_up_can_be_set_going_again(as_secretary, party):
    upload(as_secretary, party.yunshan, roster(somebody(1)))
    the_import = Import.objects.get()
    as_secretary.post(f"{the_import.get_absolute_url()}commit/")
    Job.objects.update(state=JobState.FAILED, error="多次中断，没有做完。")
    page = as_secretary.get(the_import.get_absolute_url()).content.decode()
    assert "没有做完" in page and "接着导入" in page

    as_secretary.post(f"{the_import.get_absolute_url()}commit/")
    work(the_import)
    assert the_import.state == ImportState.DONE
    assert the_import.result["done"] == {"members": {"new": 1, "update": 0}}


def test_editing_an_organisation_of_a_long_import_reviews_it_as_a_job(as_staff, party, monkeypatch):
    monkeypatch.setattr(staging, "AT_ONCE", 1)
    organisations, *_rest = scene("defects")[::-1]
    upload(as_staff, party.association, organisations)
    the_import, row = Import.objects.get(), StagedRow.objects.get(number=4)
    answer = as_staff.post(
        f"{the_import.get_absolute_url()}rows/{row.pk}/cell/",
        {"field": "kind", "text": "党组"},
        headers={"HX-Request": "true"},
    )
    assert answer.headers["HX-Refresh"] == "true"
    assert "正在核对" in as_staff.get(the_import.get_absolute_url()).content.decode()
    work(the_import)
    assert (the_import.state, the_import.wrong) == (ImportState.REVIEWED, 1)


def test_whole_numbers_leave_only_with_who_brought_them_or_may_reveal_them(client, party):
    the_import = staged(roster(somebody(1, 民族="火星族")), cell=party.yunshan, by=party.secretary)
    address = f"{the_import.get_absolute_url()}problems/members.xlsx"
    for who, status in (("secretary", 200), ("north_staff", 200), ("organiser", 403)):
        client.force_login(getattr(party, who))
        assert client.get(address).status_code == status


def test_those_on_record_are_told_when_their_numbers_leave_in_the_sheet_of_problems(client, party):
    known = somebody(1, 姓名="王涛", 公民身份证号=party.wang.id_number, 民族="火星族")
    the_import = staged(roster(known, somebody(2)), cell=party.yunshan, by=party.secretary)
    client.force_login(party.north_staff)
    client.get(f"{the_import.get_absolute_url()}problems/members.xlsx")
    entry = Entry.objects.did(EXPORTED).get()
    assert (entry.thing_label, entry.actor, entry.facts["file"]) == ("王涛", party.north_staff, "导入名册的问题表")


@pytest.mark.parametrize(("nation", "offered"), [("汉族", False), ("火星族", True)], ids=["sound", "faulty"])
def test_a_sheet_of_problems_is_offered_where_there_are_some(as_secretary, party, nation, offered):
    answer = upload(as_secretary, party.yunshan, roster(somebody(1, 民族=nation)))
    assert ("下载问题表" in as_secretary.get(answer.url).content.decode()) == offered


def test_giving_up_clears_the_files_at_once(as_secretary, party):
    upload(as_secretary, party.yunshan, roster(somebody(1)))
    the_import = Import.objects.get()
    as_secretary.post(f"{the_import.get_absolute_url()}abandon/")
    assert not Upload.objects.exists() and not StagedRow.objects.exists()
    assert "没有写入任何内容" in as_secretary.get(the_import.get_absolute_url()).content.decode()


def test_the_list_shows_the_imports_of_ones_cells(client, party):
    mine = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    other = staged(roster(somebody(2, 所在党支部="远帆网络党支部")), cell=party.yuanfan, by=party.other_secretary)
    client.force_login(party.secretary)
    page = client.get("/imports/").content.decode()
    assert mine.ref in page and other.ref not in page
    client.force_login(party.staff)
    page = client.get("/imports/").content.decode()
    assert mine.ref in page and other.ref in page


def test_a_step_out_of_turn_writes_nothing(as_secretary, party):
    the_import = staged(roster(somebody(1, 民族="火星族")), cell=party.yunshan, by=party.secretary)
    answer = as_secretary.post(f"{the_import.get_absolute_url()}trial/")
    assert answer.status_code == 422 and "没有可以导入的行" in answer.content.decode()


def test_names_like_markup_and_formulas_come_out_as_text(as_secretary, party):
    wicked = "<img src=x onerror=alert(1)>"
    upload(as_secretary, party.yunshan, roster(somebody(1, 姓名=wicked), somebody(2, 姓名="=1+1", 民族=wicked)))
    page = as_secretary.get(Import.objects.get().get_absolute_url()).content.decode()
    assert wicked not in page and "&lt;img src=x onerror=alert(1)&gt;" in page


def test_the_day_of_the_ledger_is_the_day_memberships_begin(as_secretary, party):
    upload(as_secretary, party.yunshan, roster(somebody(1)), as_of="2026-6-30")
    the_import = Import.objects.get()
    as_secretary.post(f"{the_import.get_absolute_url()}commit/")
    work(the_import)
    assert Membership.objects.get(member__name="林晓").starts_on.isoformat() == "2026-06-30"
    assert TODAY.isoformat() == "2026-11-20"


def test_a_colleague_sees_no_more_of_a_faulty_number_than_of_a_right_one(client, party):
    number, address = "99999919910304001", "青澜市示例路1号"
    the_import = staged(
        roster(somebody(1, 公民身份证号=number, 家庭住址=address)), cell=party.yunshan, by=party.secretary
    )
    row, home = StagedRow.objects.get(), the_import.get_absolute_url()

    def pages(who):
        client.force_login(who)
        return "".join(client.get(page).content.decode() for page in (home, f"{home}rows/{row.pk}/"))

    assert number in pages(party.secretary)
    body = pages(party.organiser)
    assert number not in body and address[:6] not in body
    assert "999***" in body and "******" in body
    for text in ("", " "):
        client.post(f"{home}rows/{row.pk}/cell/", {"field": "id_number", "text": text})
        client.post(f"{home}rows/{row.pk}/", {"id_number": text, "address": text})
    row.refresh_from_db()
    assert (row.written["cells"]["id_number"], row.written["cells"]["address"]) == (number, address)


def test_a_page_of_long_cells_stays_small(as_secretary, party):
    long = {"学历": "长" * 30_000, "家庭住址": "远" * 30_000, "姓名": "名" * 30_000, "民族": "族" * 30_000}
    the_import = staged(roster(*(somebody(n, **long) for n in range(1, 21))), cell=party.yunshan, by=party.secretary)
    home, row = the_import.get_absolute_url(), StagedRow.objects.order_by("number").first()
    assert len(as_secretary.get(home).content) < 400_000
    assert "超过 2000 个字" in as_secretary.get(home).content.decode()
    before = row.written
    as_secretary.post(f"{home}rows/{row.pk}/", {"name": before["cells"]["name"][:200] + "…"})
    row.refresh_from_db()
    assert row.written == before


@pytest.mark.parametrize("wanted", ["abc", "ledgers:nothing", "//"])
def test_words_that_are_no_path_lead_back_to_the_review(as_secretary, party, wanted):
    upload(as_secretary, party.yunshan, roster(somebody(1, 民族="火星族")))
    the_import, row = Import.objects.get(), StagedRow.objects.get()
    home = the_import.get_absolute_url()
    assert (
        as_secretary.post(f"{home}rows/{row.pk}/cell/", {"field": "ethnicity", "text": "金星族", "next": wanted}).url
        == home
    )
    answers = {"kind": "members", "field": "ethnicity", "old": "金星族", "new": "满族", "next": wanted}
    assert as_secretary.post(f"{home}replace/", answers).url == home
