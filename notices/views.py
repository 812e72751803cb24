"""What a person was told: on the workbench and on a page of its own."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from notices.domain import post
from notices.lists import NOTICES
from notices.models import Notice


@login_required
@require_safe
def notices(request):
    """The person's notices, the latest first, read ones as well."""
    table = Table(request, NOTICES)
    return answer(request, Tools(table), "notices/notices.html", {"empty": {"words": _("没有新的通知。")}})


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
