"""Tasks and downloads: each person's own, with their progress."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import OutOfTurn
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from work import jobs, shelf
from work.lists import JOBS
from work.models import Job


@login_required
@require_safe
def tasks(request):
    """The files that lie ready for the person, above the first page of their own jobs, the latest first."""
    empty = {
        "words": _("还没有后台任务。导入、导出和统计开始后，进度和文件都在这里。"),
        "url": reverse("portal:home"),
        "act": _("回到工作台"),
    }
    within = request.GET.get("after") or request.GET.get("before")
    context = {"ready": [] if within else shelf.of(request.user), "empty": empty}
    return answer(request, Tools(Table(request, JOBS)), "work/tasks.html", context)


@login_required
@require_safe
def ring(request):
    """The ring in the page's head, as it asks again by itself."""
    return render(request, "_ring.html", {"job": jobs.running_for(request.user)})


@login_required
@require_safe
def job(request, code):
    """One job with its log; htmx gets the line alone."""
    return _show(request, _own(request, code))


@login_required
@require_POST
def job_cancel(request, code):
    return _attempt(request, code, jobs.cancel, _("已请求取消，做完手上这一段就停"))


@login_required
@require_POST
def job_retry(request, code):
    return _attempt(request, code, jobs.retry, _("已重新开始，可离开本页"))


def _own(request, code):
    """The person's own job; other people's do not exist."""
    return get_object_or_404(Job.objects.owned_by(request.user), code=code)


def _attempt(request, code, deed, words):
    found = _own(request, code)
    try:
        found = deed(found, by=request.user)
    except OutOfTurn as refusal:
        found.refresh_from_db()
        return _show(request, found, refusal=refusal.message, status=422)
    if request.htmx:
        return _show(request, found)
    messages.success(request, words)
    return redirect(found)


def _show(request, found, *, refusal=None, status=200):
    template = "work/_job.html" if request.htmx else "work/job.html"
    alone = not request.htmx or "alone" in request.GET
    return render(request, template, {"job": found, "refusal": refusal, "alone": alone}, status=status)
