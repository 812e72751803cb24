"""What a person was told: on the workbench and on a page of its own."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from notices.domain import post
from notices.models import Notice

PAGE = 50


@login_required
@require_safe
def notices(request):
    """The person's notices, the latest first, read ones as well."""
    found = Notice.objects.to(request.user)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found[: PAGE + 1])
    shown = page[:PAGE]
    older = shown[-1].pk if len(page) > PAGE else None
    return render(request, "notices/notices.html", {"notices": shown, "older": older})


@login_required
@require_POST
def notice_open(request, pk):
    """Note that the notice was seen, and go where it leads."""
    notice = get_object_or_404(Notice.objects.to(request.user), pk=pk)
    post.mark_read(notice, by=request.user)
    return redirect(notice.url or "notices:notices")


@login_required
@require_POST
def notices_read(request):
    """Note that everything was seen."""
    post.mark_all_read(by=request.user)
    return redirect("notices:notices")
