"""Tasks and downloads: one's own jobs, their progress, cancel, retry, download."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.errors import Refusal
from work import jobs
from work.choices import JobState
from work.models import Job

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(party, declare):
    declare(lambda progress: None)
    return jobs.start("tests.job", by=party.staff, title="导出名册")


@pytest.fixture
def as_staff(client, party, settings):
    settings.ZHIBU_SECOND_FACTOR = False
    client.force_login(party.staff)
    return client


def change(job, **fields):
    Job.objects.filter(pk=job.pk).update(**fields)


def test_a_page_without_tasks_says_what_will_be_there(as_staff):
    assert "还没有后台任务" in as_staff.get(reverse("work:tasks")).content.decode()


def test_a_job_is_called_in_the_language_of_its_reader(as_staff, party, declare):
    declare(lambda progress: None)
    jobs.start("tests.job", by=party.staff, title=gettext_lazy("导入 %(ref)s"), facts={"ref": "2026-0003"})
    assert "导入 2026-0003" in as_staff.get(reverse("work:tasks")).content.decode()
    as_staff.cookies["django_language"] = "en"
    page = as_staff.get(reverse("work:tasks")).content.decode()
    assert "Import 2026-0003" in page and "导入" not in page


def test_the_page_shows_progress_and_offers_to_cancel(as_staff, job):
    change(job, state=JobState.RUNNING, done=63, total=100, note="写入第 63 行")
    page = as_staff.get(reverse("work:tasks")).content.decode()

    for expected in ("导出名册", "63%", "63 / 100", "写入第 63 行", reverse("work:job-cancel", args=[job.code])):
        assert expected in page


def test_an_open_job_asks_again_more_seldom_the_longer_it_takes(as_staff, job):
    for age, pace in ((0, "every 2s"), (30, "every 3s"), (100, "every 5s"), (600, "every 10s")):
        change(job, created_at=timezone.now() - timedelta(seconds=age))
        assert pace in as_staff.get(job.get_absolute_url(), headers=HTMX).content.decode()


def test_a_finished_job_stops_asking_and_offers_its_file(as_staff, job):
    change(job, state=JobState.DONE, finished_at=timezone.now(), result_url="/files/1/", result_name="名册.xlsx")
    part = as_staff.get(job.get_absolute_url(), headers=HTMX).content.decode()

    assert "hx-trigger" not in part
    assert 'href="/files/1/"' in part
    assert "<html" not in part


def test_a_file_past_its_time_is_no_longer_offered(as_staff, job):
    change(job, state=JobState.DONE, finished_at=timezone.now() - timedelta(days=8), result_url="/files/1/")
    part = as_staff.get(job.get_absolute_url(), headers=HTMX).content.decode()

    assert "/files/1/" not in part
    assert "文件已过保留期" in part


def test_a_failed_job_says_why_and_can_be_tried_again(as_staff, declare, job):
    def refuse(progress):
        raise Refusal("名册里没有人，没有可导出的内容")

    declare(refuse)
    jobs.run(job.pk)
    page = as_staff.get(job.get_absolute_url()).content.decode()
    assert "名册里没有人" in page

    answer = as_staff.post(reverse("work:job-retry", args=[job.code]))
    assert answer.status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_the_log_stands_on_the_jobs_own_page(as_staff, declare, job):
    declare(lambda progress: progress.step(1, 2, "读取了 12 行"))
    jobs.run(job.pk)

    assert "读取了 12 行" in as_staff.get(job.get_absolute_url()).content.decode()
    assert "读取了 12 行" not in as_staff.get(reverse("work:tasks")).content.decode()


def test_the_browsers_title_shows_how_far_it_is(as_staff, job):
    change(job, state=JobState.RUNNING, done=63, total=100)
    assert "<title>63% 导出名册" in as_staff.get(job.get_absolute_url()).content.decode()
    assert "<title>63% 导出名册" in as_staff.get(job.get_absolute_url() + "?alone=1", headers=HTMX).content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_job_is_cancelled_with_and_without_a_script(as_staff, job, htmx):
    answer = as_staff.post(reverse("work:job-cancel", args=[job.code]), headers=HTMX if htmx else {})

    assert answer.status_code == (200 if htmx else 302)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


@pytest.mark.parametrize("htmx", [True, False])
def test_cancelling_what_has_ended_is_told_and_changes_nothing(as_staff, job, htmx):
    change(job, state=JobState.DONE, finished_at=timezone.now())
    answer = as_staff.post(reverse("work:job-cancel", args=[job.code]), headers=HTMX if htmx else {})

    assert answer.status_code == 422
    assert "已经结束" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.DONE


@pytest.mark.parametrize(("name", "method"), [("job", "get"), ("job-cancel", "post"), ("job-retry", "post")])
def test_another_persons_job_does_not_exist(as_staff, client, party, job, name, method):
    client.force_login(party.secretary)
    theirs = getattr(client, method)(reverse(f"work:{name}", args=[job.code]))
    nobodys = getattr(client, method)(reverse(f"work:{name}", args=["RW-000000"]))

    assert theirs.status_code == nobodys.status_code == 404
    assert "导出名册" not in client.get(reverse("work:tasks")).content.decode()


@pytest.mark.parametrize("name", ["job-cancel", "job-retry"])
def test_looking_changes_nothing(as_staff, job, name):
    assert as_staff.get(reverse(f"work:{name}", args=[job.code])).status_code == 405


def test_somebody_signed_out_is_asked_to_sign_in(client, job):
    for url in (reverse("work:tasks"), reverse("work:ring"), job.get_absolute_url()):
        assert client.get(url).status_code == 302


def test_the_ring_goes_when_the_work_is_done(as_staff, job):
    assert "导出名册" in as_staff.get(reverse("work:ring"), headers=HTMX).content.decode()
    change(job, state=JobState.DONE, finished_at=timezone.now())
    assert as_staff.get(reverse("work:ring"), headers=HTMX).content.decode().strip() == ""


def test_the_list_asks_as_often_for_one_job_as_for_many(as_staff, party, job):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            as_staff.get(reverse("work:tasks"))
        return len(queries)

    asked()
    once = asked()
    for number in range(3):
        jobs.start("tests.job", by=party.staff, title=f"导出 {number}")
    assert asked() == once


def test_older_jobs_are_one_page_away(as_staff, party, declare):
    declare(lambda progress: None)
    for number in range(22):
        jobs.start("tests.job", by=party.staff, title=f"导出第 {number} 次")
    first = as_staff.get(reverse("work:tasks"), {"size": 20})
    assert "导出第 2 次" in first.content.decode()
    assert "导出第 1 次" not in first.content.decode()
    second = as_staff.get(reverse("work:tasks") + first.context["table"].page.next).content.decode()

    assert "导出第 1 次" in second
    assert 'rel="next"' not in second


def test_the_list_is_narrowed_by_state_and_stays_ones_own(as_staff, party, job):
    theirs = jobs.start("tests.job", by=party.secretary, title="别人的导出")
    change(job, state=JobState.FAILED)
    change(theirs, state=JobState.FAILED)

    def listed(**asked):
        return [str(one) for one in as_staff.get(reverse("work:tasks"), asked).context["table"].page.rows]

    assert listed() == listed(state="failed") == ["导出名册"]
    assert listed(state="done") == []
    assert "别人的导出" not in as_staff.get(reverse("work:tasks"), {"view": "plain"}).content.decode()


@pytest.mark.parametrize("at", ["list", "own page"])
def test_its_buttons_belong_to_a_form_with_a_token(as_staff, job, at):
    page = as_staff.get(reverse("work:tasks") if at == "list" else job.get_absolute_url()).content.decode()
    assert f'form="jobs-deeds"\n                formaction="{reverse("work:job-cancel", args=[job.code])}"' in page
    assert page.count('<form id="jobs-deeds" method="post"><input type="hidden" name="csrfmiddlewaretoken"') == 1


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, ""])
def test_an_odd_address_shows_the_first_page(as_staff, job, before):
    assert "导出名册" in as_staff.get(reverse("work:tasks"), {"before": before}).content.decode()
