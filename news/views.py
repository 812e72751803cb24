"""What everybody reads, and the desk of those who write it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cells.models import Cell
from core.errors import Stale
from core.forms import attempt, posted
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from core.pagination import page_of
from news import rules
from news.choices import LISTED, AnnouncementKind
from news.domain import publishing
from news.forms import CorrectForm, PublishForm, WithdrawForm
from news.lists import KEPT
from news.models import Announcement

LATEST = ("-published_on", "-pk")
STALE = 412


@require_safe
def announcements(request):
    """Everything public, the latest first; ``?kind=`` narrows it to notices or stories."""
    kind = request.GET.get("kind", "")
    public = Announcement.objects.public().listed()
    if kind in LISTED:
        public = public.filter(kind=kind)
    context = {
        "page": page_of(request, public, order=LATEST, size=20),
        "here": kind,
        "heading": AnnouncementKind(kind).label if kind in LISTED else _("公告"),
        "may_publish": _may_publish(request.user),
    }
    return render(request, "news/announcements.html", context)


@require_safe
def announcement(request, code):
    """One announcement. A withdrawn one is there for those who keep it alone."""
    found = Announcement.objects.select_related("publisher").filter(code=code).first()
    may_keep = found is not None and request.user.is_authenticated and rules.PUBLISH.allows(request.user, found)
    if found is None or (found.is_withdrawn and not may_keep):
        raise Http404
    return render(request, "news/announcement.html", {"announcement": found, "here": found.kind, "may_keep": may_keep})


@login_required
@require_safe
def kept(request):
    """All that was published in the name of the reader's committee, what was withdrawn as well."""
    if not _may_publish(request.user):
        raise PermissionDenied
    empty = {"words": _("还没有发布过公告。"), "act": _("写一篇"), "url": reverse("news:publish")}
    return answer(request, Tools(Table(request, KEPT)), "news/kept.html", {"empty": empty})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request):
    publisher = Cell.objects.standing().filter(rules.PUBLISH_AS.scope(request.user)).order_by("path").first()
    if publisher is None:
        raise PermissionDenied
    form = PublishForm(posted(request), initial={"kind": AnnouncementKind.NOTICE})
    if request.method == "POST" and attempt(
        form, publishing.publish, publisher, by=request.user, on=timezone.localdate()
    ):
        messages.success(request, _("已发布《%(title)s》") % {"title": form.done.title})
        return redirect(form.done)
    context = {"form": form, "publisher": publisher}
    return render(request, "news/publish.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, code):
    announcement = _to_keep(request, code)
    words = {name: getattr(announcement, name) for name in publishing.TEXTS}
    form = CorrectForm(posted(request), initial=words | {"version": announcement.version})
    if request.method == "POST" and attempt(
        form, publishing.correct, announcement, by=request.user, on=timezone.localdate()
    ):
        messages.success(request, _("已保存"))
        return redirect(announcement)
    status = 422 if request.method == "POST" else 200
    if isinstance(getattr(form, "refusal", None), Stale):
        # Sent once more, the words count as an answer to what stands now.
        form.data = form.data.copy()
        form.data["version"] = announcement.version
        status = STALE
    return render(request, "news/correct.html", {"form": form, "announcement": announcement}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, code):
    announcement = _to_keep(request, code)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and attempt(
        form, publishing.withdraw, announcement, by=request.user, on=timezone.localdate()
    ):
        messages.success(request, _("已撤下《%(title)s》") % {"title": announcement.title})
        return redirect("news:kept")
    context = {"form": form, "announcement": announcement}
    return render(request, "news/withdraw.html", context, status=422 if form.errors else 200)


def _may_publish(user):
    return user.is_authenticated and rules.PUBLISH_AS.anywhere(user)


def _to_keep(request, code):
    """Public things are within everybody's reach: who may not keep them is refused, not sent away."""
    announcement = get_object_or_404(Announcement.objects.select_related("publisher"), code=code)
    if not rules.PUBLISH.allows(request.user, announcement):
        if announcement.is_withdrawn:
            raise Http404
        raise PermissionDenied
    return announcement
