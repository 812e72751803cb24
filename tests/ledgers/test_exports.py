"""Lists taken out: by whom, what of them, the file while it is kept, and everything that ends it."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from audit.models import Entry
from cells.authority import Narrowing, Span, narrow
from cells.choices import Cover, Office, Power
from cells.domain import accounts, appointments
from cells.models import Appointment
from core.data_map import Subject
from core.dated import since
from core.errors import Refusal
from core.lists.listing import listing_named, straight
from integrations.choices import Scope
from integrations.domain import tokens
from ledgers.domain import exports, gathering
from ledgers.domain.forgetting import forget_exports
from ledgers.laid_out import Wish, cells_of, sheet_of
from ledgers.models import Export, Piece
from ledgers.reading import read
from ledgers.tasks import clear_exports
from members.domain import disclosures, places
from members.models import Member
from tests import cast
from tests.cast import TODAY
from tests.integrations.programs import drawn, program
from work import jobs
from work.choices import JobState
from work.models import Job

pytestmark = pytest.mark.django_db

COLUMNS = "name,code,id_number,mobile,birth"


@pytest.fixture
def short(monkeypatch):
    """Two rows are many, and are read at a time."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    monkeypatch.setattr(gathering, "ROWS", 2)


def wish(cell, query="", *, format="csv", columns=COLUMNS, **more):
    return Wish(listing_named("members.roster"), QueryDict(f"columns={columns}&{query}"), cell, format, **more)


def take(cell, by, query="", *, purpose="", keep=True, **more):
    return exports.export(wish(cell, query, **more), purpose=purpose, keep=keep, by=by, on=TODAY)


def content(taken):
    return b"".join(piece.data() for piece in taken.pieces.filter(bound=True).order_by("number"))


def table(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def codes(data):
    """Of whom the file tells, row by row."""
    return [row[1] for row in table(data)[1:]]


def end(person, party):
    other = party.north_staff if person != party.north_staff else party.staff
    for office in Appointment.objects.in_force(timezone.localdate()).filter(holder=person):
        appointments.end(office, reason="调离", by=other, on=timezone.localdate())


def fetch(client, taken, person):
    client.force_login(person)
    return client.get(reverse("exports:file", args=[taken.code]))


class TestWhatItHolds:
    def test_is_what_the_list_shows_with_numbers_masked(self, party):
        taken = take(party.yunshan, party.secretary)
        heading, *rows = table(content(taken))
        assert heading == ["姓名", "编号", "公民身份证号", "手机", "出生日期"]
        assert {row[0] for row in rows} == {party.li.name, party.wang.name, party.sun.name, party.zhou.name}
        assert party.wang.id_number not in content(taken).decode()
        assert all("***" in row[2] for row in rows)

    def test_is_refused_where_a_workbook_would_be_too_short_for_it(self, party, short, monkeypatch):
        monkeypatch.setattr("core.exports.LAST_LINE", 7)
        with pytest.raises(Refusal, match="CSV") as caught:
            take(party.yunshan, party.secretary, format="xlsx")
        assert caught.value.field == "format"
        assert not Export.objects.exists()
        assert not Job.objects.exists()
        assert take(party.yunshan, party.secretary, format="csv").job

    def test_says_of_each_column_what_it_holds_so_that_a_workbook_need_not_guess(self, party):
        wanted = wish(party.yunshan)
        sheet = sheet_of(wanted, wanted.columns(party.secretary), by=party.secretary)
        assert dict(zip(sheet.headings, sheet.kinds, strict=True)) == {
            **dict.fromkeys(["姓名", "编号", "公民身份证号", "手机"], str),
            "出生日期": date,
        }

    def test_is_never_more_than_may_be_seen_where_taking_out_is_allowed(self, party):
        taken = codes(content(take(None, party.north_staff)))
        assert party.liu.code in taken
        assert party.chen.code not in taken
        # Seen in one place, taken out in another: only what is both.
        office = {"holder": party.publicist, "office": Office.SECRETARY, "cell": party.south}
        Appointment.objects.create(**office, valid=since(cast.LONG_AGO))
        assert codes(content(take(None, party.publicist))) == [party.chen.code]

    @pytest.mark.parametrize("who", ["publicist", "organiser", "leader", "auditor", "advisor", "stranger"])
    def test_is_nothing_for_whoever_may_see_but_not_export(self, party, who):
        with pytest.raises(PermissionDenied):
            take(party.yunshan, getattr(party, who))

    def test_follows_the_filter_and_refuses_a_list_without_rows(self, party):
        assert take(party.yunshan, party.secretary, "q=王").rows == 1
        with pytest.raises(Refusal, match="没有可以导出的行"):
            take(party.yunshan, party.secretary, "q=不存在的人")
        with pytest.raises(Refusal):
            take(party.yunshan, party.secretary, "joined_on__gte=火星")

    def test_is_all_columns_where_all_are_wanted(self, party):
        heading, *_rows = table(content(take(party.yunshan, party.secretary, every=True)))
        assert {"工作单位名称", "民族"} <= set(heading)

    def test_has_numbers_in_full_for_a_purpose_marked_and_told_to_everybody_in_it(self, party, client):
        how = {"whole": True, "columns": "name,id_number,mobile"}
        for purpose in ("", "看看", f"给 {party.wang.id_number}"):
            with pytest.raises(Refusal):
                take(party.yunshan, party.secretary, purpose=purpose, **how)
        taken = take(party.yunshan, party.secretary, purpose="上报组织关系", **how)
        mark, _heading, *rows = table(content(taken))
        assert party.secretary.name in mark[0] and "上报组织关系" in mark[0]
        assert f"\t{party.wang.id_number}" in {row[1] for row in rows}
        told = Entry.objects.filter(action="members.exported", thing_id=party.wang.pk).latest("pk")
        assert told.facts["purpose"] == "上报组织关系"
        assert Entry.objects.filter(action="members.exported").count() == taken.rows
        taking = Entry.objects.get(action="ledgers.exported")
        assert (taking.facts["rows"], taking.facts["numbers"]) == (taken.rows, "完整")

    def test_is_a_workbook_without_formulas_that_comes_back_as_it_was(self, party):
        corpus = ["=1+1", "+86", "-1", "@sum", "|cmd", "＝HYPERLINK(1)", "\tx", "'x", "正常"]
        for number, name in enumerate(corpus):
            cast.enlist(f"词{number}", party.yunshan, employer_text=name)
        names = {f"词{number}": name for number, name in enumerate(corpus)}
        for kind in ("xlsx", "csv"):
            taken = take(party.yunshan, party.secretary, columns="name,employer", format=kind)
            if kind == "xlsx":
                page = openpyxl.load_workbook(io.BytesIO(content(taken))).active
                assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
                assert page["A1"].value == f"名册 {party.yunshan}"
                assert any(party.secretary.name in str(row[0].value) for row in page.iter_rows(max_row=5))
            found = {
                row.cells["name"]: row.cells["employer"] for row in read(content(taken)).rows(["name", "employer"])
            }
            assert {name: found[name] for name in names} == {name: text.strip() for name, text in names.items()}

    def test_joins_what_was_asked_as_its_language_does(self, party):
        asked = wish(party.yunshan, "category=full&category=probationary&gender=1")
        with translation.override("en"):
            notes = sheet_of(asked, asked.columns(party.secretary), by=party.secretary).notes
        [told] = [note for note in notes if note.startswith("Filter")]
        assert not set("；、") & set(told) and "; " in told and ", " in told


class TestTheShortWay:
    @pytest.mark.parametrize("whole", [False, True])
    def test_gives_the_very_cells_the_columns_give(self, party, whole):
        cast.enlist("无支部", party.north, education="", post="", mobile="13800000009", employer_text="=1")
        cast.enlist("无手机", party.yunshan, id_number="")
        Member.objects.filter(name="无手机").update(id_number="")
        listing = listing_named("members.roster")
        columns = [column for column in listing.columns_of(party.staff) if column.printed]
        rows = listing.queryset(party.staff, QueryDict("sort=-birth"))
        long_way = list(cells_of(columns, gathering.furnished(listing, rows, party.staff, 3), whole=whole))
        short_way = straight(listing, rows, [column.key for column in columns], whole=whole)
        assert [list(row) for row in short_way] == long_way
        assert any(row[10] for row in long_way)

    def test_is_left_where_a_column_is_not_read_so(self, party):
        rows = listing_named("members.roster").reach(party.staff, None)
        assert straight(listing_named("members.roster"), rows, ["name", "tips"], whole=False) is None
        assert straight(listing_named("cells.cells"), rows, ["name"], whole=False) is None


class TestALongOne:
    def test_becomes_a_job_whose_file_holds_every_row_once(self, party, short):
        taken = take(party.yunshan, party.secretary, keep=False)
        assert not taken.pieces.exists()
        assert jobs.run(taken.job.pk)
        taken.refresh_from_db()
        assert sorted(codes(content(taken))) == sorted(
            one.code for one in (party.li, party.wang, party.sun, party.zhou)
        )
        assert (taken.rows, taken.size) == (4, len(content(taken)))
        told = Entry.objects.filter(action="members.exported").values_list("thing_id", flat=True)
        assert sorted(told) == sorted(one.pk for one in (party.li, party.wang, party.sun, party.zhou))
        assert not Piece.objects.filter(export=taken, bound=False).exclude(content=b"").exists()

    def test_is_not_begun_twice(self, party, short):
        first = take(party.yunshan, party.secretary)
        assert take(party.yunshan, party.secretary) == first
        assert take(party.yunshan, party.secretary, format="xlsx") != first
        assert take(party.yunshan, party.north_staff) != first
        assert Export.objects.count() == Job.objects.count() == 3

    @pytest.mark.parametrize("ending", ["office", "account"])
    def test_comes_to_nothing_once_its_owner_may_not(self, party, short, ending):
        taken = take(party.yunshan, party.secretary)
        if ending == "office":
            end(party.secretary, party)
        else:
            accounts.close(party.secretary, reason="调离", by=party.technician, on=timezone.localdate())
        assert not jobs.run(taken.job.pk)
        job = Job.objects.get()
        assert job.state == JobState.FAILED
        assert "不再有权" in job.error
        assert not Piece.objects.exists()

    def test_goes_on_where_it_was_cut_off(self, party, short, monkeypatch):
        taken = take(party.yunshan, party.secretary)
        once = gathering._piece

        def cut_off(export, last, by, on):
            if last is not None:
                raise OperationalError("the server went away")
            return once(export, last, by, on)

        monkeypatch.setattr(gathering, "_piece", cut_off)
        assert not jobs.run(taken.job.pk)
        assert Piece.objects.count() == 1
        monkeypatch.setattr(gathering, "_piece", once)
        assert jobs.run(taken.job.pk)
        assert len(codes(content(taken))) == len(set(codes(content(taken)))) == 4

    @pytest.mark.parametrize("when", ["running", "queued"])
    def test_leaves_nothing_when_it_is_cancelled_halfway(self, party, short, monkeypatch, when):
        taken = take(party.yunshan, party.secretary)
        once = gathering._piece

        def stop(export, last, by, on):
            if last is None:
                return once(export, last, by, on)
            if when == "queued":
                raise OperationalError("the server went away")
            jobs.cancel(taken.job, by=party.secretary)
            return once(export, last, by, on)

        monkeypatch.setattr(gathering, "_piece", stop)
        assert not jobs.run(taken.job.pk)
        if when == "queued":
            assert Piece.objects.exists()
            jobs.cancel(taken.job, by=party.secretary)
        assert Job.objects.get().state == JobState.CANCELLED
        assert not Piece.objects.exists()

    def test_asked_for_by_a_program_holds_no_more_than_the_program_may_have(self, party, short):
        narrow(party.staff, Narrowing(frozenset(Power), Span(party.yunshan.path, below=True)))
        taken = take(None, party.staff)
        assert jobs.run(taken.job.pk)
        taken.refresh_from_db()
        assert (taken.rows, party.liu.code in codes(content(taken))) == (4, False)

    def test_is_not_the_same_when_its_holder_asks_in_person(self, party, short):
        acting = type(party.staff).objects.get(pk=party.staff.pk)
        narrow(acting, Narrowing(frozenset(Power), Span(party.yunshan.path, below=True)))
        by_program, in_person = take(None, acting), take(None, party.staff)
        assert by_program != in_person
        assert by_program.rows < in_person.rows
        assert take(None, acting) == by_program


class TestTheFile:
    @pytest.fixture
    def taken(self, party):
        return take(party.yunshan, party.secretary)

    def test_is_its_owners_alone(self, party, client, taken):
        answer = fetch(client, taken, party.secretary)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert b"".join(answer.streaming_content) == content(taken)
        assert Entry.objects.filter(action="ledgers.downloaded", actor=party.secretary).exists()
        for other in (party.staff, party.north_staff, party.deputy):
            assert fetch(client, taken, other).status_code == 404

    def test_is_gone_once_the_office_is(self, party, client, taken):
        end(party.secretary, party)
        assert fetch(client, taken, party.secretary).status_code == 404

    def test_is_gone_once_it_tells_of_somebody_out_of_reach(self, party, client, taken):
        places.place(party.wang, cell=party.yuanfan, reason="moved", by=party.north_staff, on=timezone.localdate())
        assert fetch(client, taken, party.secretary).status_code == 404

    def test_stays_while_people_move_within_reach(self, party, client, taken):
        how = {"reason": "moved", "by": party.secretary, "on": timezone.localdate()}
        places.place(party.wang, cell=party.first_group, **how)
        assert fetch(client, taken, party.secretary).status_code == 200

    def test_is_gone_after_its_days_and_cleared_by_the_clock(self, party, client, taken):
        Export.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        assert fetch(client, taken, party.secretary).status_code == 404
        clear_exports({})
        taken.refresh_from_db()
        assert (taken.pieces.count(), taken.query) == (0, "")

    def test_is_thrown_away_by_its_owner_alone(self, party, client, taken):
        client.force_login(party.secretary)
        page = client.get(reverse("work:tasks")).content.decode()
        assert reverse("exports:discard", args=[taken.code]) in page
        for person, status in ((party.deputy, 404), (party.secretary, 302)):
            client.force_login(person)
            assert client.post(reverse("exports:discard", args=[taken.code])).status_code == status
        assert not Piece.objects.exists()
        assert exports.name_of(taken, by=taken.by) not in client.get(reverse("work:tasks")).content.decode()

    def test_is_named_after_the_day_here(self, taken):
        taken.asked_at = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
        assert exports.name_of(taken, by=taken.by) == "名册 云杉科技党支部-20261121"

    def test_goes_with_the_erasure_of_somebody_in_it(self, party, taken):
        forget_exports(Subject(user=None, members=(party.liu.pk,)))
        assert Piece.objects.exists()
        forget_exports(Subject(user=None, members=(party.wang.pk,)))
        assert not Piece.objects.exists()

    def test_breaks_off_when_the_right_ends_while_it_is_sent(self, party, client, monkeypatch):
        monkeypatch.setattr(gathering, "BYTES", 100)
        taken = take(party.yunshan, party.secretary)
        sent = iter(fetch(client, taken, party.secretary).streaming_content)
        begun = b"".join(islice(sent, 1))
        end(party.secretary, party)
        assert b"".join(sent) == b""
        assert 0 < len(begun) < taken.size


class TestThePage:
    def url(self, cell, more=""):
        return f"{reverse('exports:new', args=['members.roster'])}?scope={cell.code}&columns={COLUMNS}{more}"

    def test_says_rows_columns_and_masking_before_it_begins(self, party, client):
        client.force_login(party.secretary)
        page = client.get(self.url(party.yunshan, "&category=full")).content.decode()
        for words in (
            "人员类别：正式党员",
            "眼前的 5 列：姓名、编号、公民身份证号、手机、出生日期",
            "默认打码",
            "不打码",
        ):
            assert words in page

    @pytest.mark.parametrize("name", ["portal.acts", "notices.notices", "audit.trail", "members.contacts"])
    def test_refuses_a_list_that_nobody_takes_out_before_it_looks_for_ticks(self, name, party, client):
        client.force_login(party.staff)
        assert client.get(f"/exports/new/{name}/?found=&member=x").status_code in (403, 404)

    def test_takes_no_tick_that_is_no_code(self, party, client):
        client.force_login(party.secretary)
        refused = client.get(f"{self.url(party.yunshan)}&found=&member=%00")
        assert refused.status_code == 422
        assert "不在这份名单上" in refused.content.decode()

    def test_names_columns_as_english_does(self, party, client):
        client.force_login(party.secretary)
        client.cookies["django_language"] = "en"
        assert "The 5 columns shown: Name, Code, " in client.get(self.url(party.yunshan)).content.decode()

    def test_names_the_columns_that_stay_behind(self, party, client):
        client.force_login(party.secretary)
        page = client.get(self.url(party.yunshan).replace(COLUMNS, "name,birth,tips")).content.decode()
        assert "眼前的 2 列：姓名、出生日期（提示不导出）" in page
        assert "不导出）" not in client.get(self.url(party.yunshan)).content.decode()

    def test_hands_a_short_list_over_at_once_and_keeps_nothing(self, party, client):
        client.force_login(party.secretary)
        answer = client.post(self.url(party.yunshan), {"format": "csv", "every": "seen"})
        assert len(codes(b"".join(answer.streaming_content))) == 4
        assert not Piece.objects.exists()
        assert Entry.objects.filter(action="ledgers.exported", actor=party.secretary).count() == 1

    def test_leads_to_the_task_of_a_long_one(self, party, client, short):
        client.force_login(party.secretary)
        answer = client.post(self.url(party.yunshan), {"format": "xlsx", "every": "all"})
        assert answer.url == Job.objects.get().get_absolute_url()

    def test_asks_for_the_purpose_where_it_is_missing(self, party, client):
        client.force_login(party.secretary)
        answer = client.post(self.url(party.yunshan), {"format": "csv", "every": "seen", "whole": "on"})
        assert answer.status_code == 422
        assert "要写明用途" in answer.content.decode()
        assert not Export.objects.exists()


class TestTheTicked:
    """Rows ticked on a list, and taken out alone."""

    NEW = "/exports/new/members.roster/"

    def asked(self, party, *members, **more):
        shown = {"scope": party.yunshan.code, "columns": COLUMNS, "sort": "-name", "found": ""}
        return f"{self.NEW}?{urlencode(shown | more | {'member': [one.code for one in members]}, doseq=True)}"

    def post(self, client, url):
        return codes(b"".join(client.post(url, {"format": "csv", "every": "seen"}).streaming_content))

    def test_are_asked_for_from_the_bar_of_the_list(self, party, client):
        client.force_login(party.secretary)
        url = f"{party.yunshan.get_absolute_url()}roster/?category=full&columns={COLUMNS}"
        page = client.get(url).content.decode()
        [form] = re.findall(r'<form method="get" action="[^"]*/place/">.*?</form>', page, re.S)
        assert f'<button formaction="{self.NEW}">导出所选</button>' in form
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        assert sent == {"scope": party.yunshan.code, "columns": COLUMNS, "found": "category=full"}

    @pytest.mark.parametrize("who", ["advisor", "auditor"])
    def test_are_offered_to_nobody_who_takes_nothing_out(self, party, client, who):
        client.force_login(getattr(party, who))
        assert "导出所选" not in client.get("/cells/").content.decode()
        assert client.get(self.asked(party, party.wang)).status_code in (403, 404)

    def test_are_all_the_file_holds_in_the_order_of_the_list(self, party, client):
        client.force_login(party.secretary)
        url = self.asked(party, party.zhou, party.wang, found="category=full")
        page = client.get(url).content.decode()
        assert "只含勾选的行；人员类别：正式党员" in page
        assert '<span class="number">2</span>' in page
        assert self.post(client, url) == [party.zhou.code, party.wang.code]
        assert Export.objects.get().rows == 2
        told = Entry.objects.did(disclosures.EXPORTED)
        assert {entry.thing_id for entry in told} == {party.zhou.pk, party.wang.pk}

    def test_may_be_all_that_were_found(self, party, client):
        client.force_login(party.secretary)
        url = self.asked(party, party.zhou, found="category=full", all="1")
        assert "只含勾选的行" not in client.get(url).content.decode()
        assert party.zhou.code in self.post(client, url)
        assert len(self.post(client, url)) == 3

    def test_must_be_of_the_list_each_of_them_and_one_at_least(self, party, client):
        client.force_login(party.secretary)
        for url in (
            self.asked(party, party.wang, party.liu),
            self.asked(party, party.wang, found="category=probationary"),
            self.asked(party),
        ):
            for answer in (client.get(url), client.post(url, {"format": "csv", "every": "seen"})):
                assert answer.status_code == 422
                assert party.liu.name not in answer.content.decode()
        assert not Export.objects.exists()


class TestAsAProgram:
    def ask(self, client, person, **body):
        client.force_login(person)
        return client.post("/api/v1/exports/", body, content_type="application/json")

    def test_takes_a_short_list_whose_file_is_there_at_once(self, party, client):
        answer = self.ask(client, party.secretary, resource="members", columns=["code"], format="csv")
        told = answer.json()
        assert (answer.status_code, told["state"], told["rows"], told["masked"]) == (201, "ready", 4, True)
        file = client.get(told["file"])
        assert party.wang.code in b"".join(file.streaming_content).decode()
        assert client.delete(told["url"]).status_code == 204
        assert client.get(told["file"]).status_code == 404

    def test_is_told_to_wait_for_a_long_one(self, party, client, short):
        answer = self.ask(
            client, party.secretary, resource="members.roster", filter={"category": ["full", "probationary"]}
        )
        assert (answer.status_code, answer.json()["state"]) == (202, "making")
        job = client.get(answer.headers["Location"]).json()
        assert (job["state"], job["total"]) == ("queued", 0)
        assert client.get(f"{answer.json()['url']}file/").status_code == 404
        assert jobs.run(Job.objects.get().pk)
        job = client.get(answer.headers["Location"]).json()
        assert (job["state"], job["done"], job["percent"]) == ("done", 4, 100)
        assert client.get(job["result_url"]).status_code == 200
        words = [line["words"] for line in client.get(f"{job['url']}log/").json()["lines"]]
        assert words == ["共 4 行", "已读取 2 行", "已读取 4 行"]

    def test_learns_rows_and_masking_by_a_rehearsal_that_leaves_nothing(self, party, client, short):
        client.force_login(party.secretary)
        answer = client.post("/api/v1/exports/?dry_run=1", {"resource": "members"}, content_type="application/json")
        assert (answer.json()["result"]["rows"], answer.json()["result"]["masked"]) == (4, True)
        assert not Export.objects.exists() and not Job.objects.exists()

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"resource": "nothing"}, "/resource"),
            ({"resource": "members.contacts"}, "/resource"),
            ({"resource": "members", "filter": {"nothing": 1}}, "/filter"),
            ({"resource": "members", "filter": {"joined_on__gte": "0000-99-99"}}, "/filter/joined_on__gte"),
            ({"resource": "members", "filter": [1]}, "/filter"),
            ({"resource": "members", "columns": ["nothing"]}, "/columns"),
            ({"resource": "members", "masked": False}, "/purpose"),
            ({"resource": "members", "scope": "ZB-9999"}, "/scope"),
        ],
    )
    def test_is_told_what_is_wrong(self, party, client, body, pointer):
        answer = self.ask(client, party.secretary, **body)
        assert answer.status_code == 400
        assert pointer in {fault["pointer"] for fault in answer.json()["errors"]}

    def test_may_take_what_its_holder_may_and_nobody_elses(self, party, client):
        told = self.ask(client, party.secretary, resource="members").json()
        assert self.ask(client, party.auditor, resource="members").status_code == 403
        client.force_login(party.staff)
        assert client.get(told["url"]).status_code == client.get(told["file"]).status_code == 404
        assert client.get("/api/v1/exports/").json()["results"] == []

    def test_reads_a_list_as_csv_up_to_what_is_made_at_once(self, party, client, short):
        client.force_login(party.secretary)
        answer = client.get("/api/v1/members/?format=csv&q=王")
        assert answer.headers["Content-Type"].startswith("text/csv")
        rows = table(b"".join(answer.streaming_content))
        assert len(rows) == 2 and party.wang.id_number not in str(rows)
        refused = client.get("/api/v1/members/?format=csv")
        assert refused.status_code == 400 and "/api/v1/exports/" in refused.json()["errors"][0]["detail"]
        client.force_login(party.auditor)
        assert client.get("/api/v1/members/?format=csv").status_code == 403

    @pytest.mark.parametrize(
        ("name", "rows"), [("members", 4), ("cells", 2), ("companies", 1), ("companies/?q=nothing", 0)]
    )
    def test_reads_every_list_there_is_a_page_of(self, party, client, name, rows):
        cast.register("青山科技有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
        client.force_login(party.secretary)
        path, _mark, query = name.partition("/?")
        answer = client.get(f"/api/v1/{path}/?format=csv&{query}")
        assert len(table(b"".join(answer.streaming_content))) == 1 + rows

    @pytest.mark.parametrize("sensitive", [False, True])
    def test_by_a_token_takes_and_fetches_no_more_than_the_token_carries(self, party, client, sensitive):
        scopes = [Scope.LEDGERS_WRITE, Scope.MEMBERS_READ, *([Scope.MEMBERS_SENSITIVE_READ] if sensitive else [])]
        token, secret = drawn(party.staff, party.yunshan, *scopes)
        wide = take(None, party.staff)
        headers = {"Authorization": f"Bearer {secret}"}
        body = {
            "resource": "members",
            "columns": ["code", "mobile"],
            "masked": not sensitive,
            "purpose": "上报组织关系",
        }
        told = client.post("/api/v1/exports/", body, content_type="application/json", headers=headers).json()
        assert told["rows"] == 4
        assert client.get(told["file"], headers=headers).status_code == 200
        assert client.get(f"/api/v1/exports/{wide.code}/file/", headers=headers).status_code == 404
        whole = body | {"masked": False}
        refused = client.post("/api/v1/exports/", whole, content_type="application/json", headers=headers)
        assert refused.status_code == (201 if sensitive else 403)
        sent = iter(client.get(told["file"], headers=headers).streaming_content)
        tokens.end(token, by=party.staff, on=timezone.localdate())
        assert b"".join(sent) == b""

    def test_takes_only_lists_its_token_may_read(self, party):
        cast.register("云杉科技有限公司", party.north)
        scopes = (Scope.LEDGERS_WRITE, Scope.CELLS_READ, Scope.APPOINTMENTS_WRITE)
        there = program(drawn(party.staff, party.north, *scopes)[1])
        answered = {
            name: there.post("/api/v1/exports/", {"resource": name}, content_type="application/json").status_code
            for name in ("cells", "companies", "members", "cells.people")
        }
        assert answered == {"cells": 201, "companies": 403, "members": 403, "cells.people": 403}

    BESIDE = (
        ("members", "党内职务", "appointments:read", "书记"),
        ("members", "所在党支部", "cells:read", "云杉科技党支部"),
        ("cells", "书记", "appointments:read", "李敏"),
        ("cells", "正式", "members:read", "4"),
        ("cells", "预备", "members:read", "1"),
        ("companies", "所属党组织", "cells:read", "云杉科技党支部"),
        ("companies", "归口党组织", "cells:read", "北屏党委"),
    )

    @pytest.mark.parametrize(("name", "head", "scope", "said"), BESIDE)
    def test_has_beside_a_row_only_what_its_token_may_read(self, party, name, head, scope, said):
        """By the list and by an export alike: offices, cells and members each have a scope of their own."""
        cast.register("云杉科技有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)

        def told(*scopes):
            there = program(drawn(party.staff, party.north, Scope.LEDGERS_WRITE, f"{name}:read", *scopes)[1])
            body = {"resource": name, "columns": ["*"], "format": "csv"}
            made = there.post("/api/v1/exports/", body, content_type="application/json").json()
            for path in (f"/api/v1/{name}/?format=csv", made["file"]):
                heads, *rows = table(b"".join(there.get(path).streaming_content))
                yield dict(zip(heads, zip(*rows, strict=True), strict=True))

        for columns in told():
            assert head not in columns and len(columns) > 5
        for columns in told(scope):
            assert said in columns[head]

    @pytest.mark.parametrize(("scopes", "named"), [((), False), ((Scope.CELLS_READ,), True)])
    def test_is_told_the_name_of_its_place_only_where_its_token_reads_organisations(self, party, short, scopes, named):
        token, _secret = drawn(party.staff, party.north, Scope.LEDGERS_WRITE, Scope.MEMBERS_READ, *scopes)
        by = party.staff
        narrow(by, token.narrowing)
        taken = take(party.north, by)
        assert jobs.run(taken.job_id)
        job = Job.objects.get(pk=taken.job_id)
        sheet = sheet_of(wish(party.north), [], by=by)
        places = {str(party.north): named, party.north.code: not named}
        for words in (exports.name_of(taken, by=by), job.text, job.result_name, sheet.title, sheet.notes[0]):
            assert {place: place in words for place in places} == places

    def test_is_told_which_scope_a_column_it_asks_for_takes(self, party):
        scopes = (Scope.LEDGERS_WRITE, Scope.MEMBERS_READ, Scope.CELLS_READ)
        there = program(drawn(party.staff, party.north, *scopes)[1])

        def ask(*columns):
            body = {"resource": "members", "columns": columns}
            return there.post("/api/v1/exports/", body, content_type="application/json")

        refused = ask("name", "where", "offices")
        assert refused.status_code == 403 and "appointments:read" in refused.json()["detail"]
        assert not Export.objects.exists()
        assert ask("name", "where").status_code == 201

    def test_has_no_more_of_a_list_that_a_job_makes(self, party, short):
        def made(*scopes):
            token, secret = drawn(party.staff, party.north, Scope.LEDGERS_WRITE, Scope.MEMBERS_READ, *scopes)
            there = program(secret)
            body = {"resource": "members", "columns": ["*"], "format": "csv"}
            told = there.post("/api/v1/exports/", body, content_type="application/json")
            assert told.status_code == 202
            assert jobs.run(Job.objects.latest("pk").pk)
            return there, token, told.json()["url"]

        reader, narrower, url = made(Scope.CELLS_READ)
        heads, *rows = table(b"".join(reader.get(f"{url}file/").streaming_content))
        assert rows and "所在党支部" in heads and "党内职务" not in heads
        wider, _token, more = made(Scope.CELLS_READ, Scope.APPOINTMENTS_READ)
        assert "党内职务" in table(b"".join(wider.get(f"{more}file/").streaming_content))[0]
        # The power to see offices is the one to see cells; for whose file it was asked is the scope.
        assert reader.get(f"{more}file/").status_code == reader.get(more).status_code == 404
        # A job keeps to what the program was given, whoever began it.
        taken = Export.objects.latest("pk")
        Export.objects.filter(pk=taken.pk).update(narrowing=narrower.narrowing.plain(), finished_at=None)
        taken.refresh_from_db()
        with pytest.raises(PermissionDenied):
            exports.make(taken, on=TODAY, progress=gathering.Unwatched())

    def test_has_whole_numbers_only_of_what_its_token_may_see_whole(self, party):
        """The power to reveal is one; for whose numbers it was given is the scope."""
        body = {"resource": "members", "masked": False, "purpose": "上报组织关系"}
        of_companies = (Scope.LEDGERS_WRITE, Scope.MEMBERS_READ, Scope.COMPANIES_SENSITIVE_READ)
        token, secret = drawn(party.staff, party.north, *of_companies)
        reader = program(secret)
        assert reader.post("/api/v1/exports/", body, content_type="application/json").status_code == 403
        of_members = (Scope.LEDGERS_WRITE, Scope.MEMBERS_READ, Scope.MEMBERS_SENSITIVE_READ)
        revealer = program(drawn(party.staff, party.north, *of_members)[1])
        told = revealer.post("/api/v1/exports/", body, content_type="application/json").json()
        assert revealer.get(told["file"]).status_code == 200
        # This one covers every power the file was made by, and still was not given to see members whole.
        Export.objects.update(narrowing=token.narrowing.plain())
        assert reader.get(told["file"]).status_code == 403

    def test_sees_of_its_holders_exports_those_begun_within_its_token(self, party):
        in_person = take(None, party.staff)
        scopes = (Scope.LEDGERS_WRITE, Scope.MEMBERS_READ)
        near, far, above = (
            program(drawn(party.staff, cell, *scopes)[1]) for cell in (party.yunshan, party.shiguang, party.association)
        )
        body = {"resource": "members", "format": "csv"}
        own = near.post("/api/v1/exports/", body, content_type="application/json").json()
        assert {row["code"] for row in near.get("/api/v1/exports/").json()["results"]} == {own["code"]}
        assert {row["code"] for row in above.get("/api/v1/exports/").json()["results"]} == {own["code"]}
        assert far.get("/api/v1/exports/").json()["results"] == []
        for there, code in ((far, own["code"]), (near, in_person.code)):
            assert there.get(f"/api/v1/exports/{code}/file/").status_code == 404
            assert there.delete(f"/api/v1/exports/{code}/").status_code == 404
        assert above.delete(own["url"]).status_code == 204
        assert Export.objects.owned_by(party.staff).count() == 2
