"""The ways in: the front door, the workbench, help and complaints."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cells.authority import held_by, spans
from cells.choices import Power
from core.forms import attempt, blame
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from portal import feedback, front, rules, workbench
from portal.forms import FeedbackForm
from portal.lists import FEEDBACK, TRAIL


@require_safe
def index(request):
    """The front door: everybody meets the front page, those who are known their workbench."""
    return redirect("portal:home") if request.user.is_authenticated else front.front(request)


@login_required
@require_safe
def home(request):
    """C1: what there is to do today, with the button that does it. Who holds no office has a room of their own."""
    today = timezone.localdate()
    if request.preview is not None:
        desk = workbench.of_seat(request.preview, request.user, on=today)
    elif held_by(request.user):
        desk = workbench.of(request.user, on=today)
    else:
        return redirect("members:me")
    return render(request, "portal/home.html", {"desk": desk, "now": timezone.localtime()})


@require_safe
def help_page(request):
    """Help and keys; htmx gets the keys alone, as a sheet over the page they are asked on."""
    return render(request, "portal/_keys_sheet.html" if request.htmx else "portal/help.html")


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_page(request):
    """A complaint or a suggestion, from whichever page somebody was on. Signing in is not asked for."""
    context = {"may_read": request.user.is_authenticated and feedback.may_read(request.user)}
    if request.method != "POST":
        context["sent"] = "sent" in request.GET
        context["form"] = FeedbackForm(initial={"page": request.GET.get("page", "")})
        return render(request, "portal/feedback.html", context)
    form = FeedbackForm(request.POST)
    if form.is_valid() and not feedback.may_write(get_adapter().get_client_ip(request)):
        blame(form, None, _("一小时内写得太多了，请过一会儿再提交，内容还在。"))
        return render(request, "portal/feedback.html", context | {"form": form}, status=429)
    if attempt(form, feedback.send, by=request.user):
        return redirect(f"{reverse('portal:feedback')}?sent")
    return render(request, "portal/feedback.html", context | {"form": form}, status=422)


@login_required
@require_safe
def feedback_received(request):
    """What people wrote, the latest first, for those who keep the whole tree."""
    if not feedback.may_read(request.user):
        raise PermissionDenied
    empty = {"words": _("还没有收到投诉建议。")}
    return answer(request, Tools(Table(request, FEEDBACK)), "portal/feedback_received.html", {"empty": empty})


@login_required
@require_safe
def trail(request):
    """What was done within the reader's reach, narrowed to the scope chosen."""
    if not spans(request.user, Power.SEE_TRAIL):
        raise PermissionDenied
    scope = request.scope if "scope" in request.GET else None
    context = {
        "acts_url": reverse("portal:acts") if rules.keeps_something(request.user) else "",
        "empty": {"words": _("还没有记录。在您的范围内做的每一步都会记在这里。")},
    }
    return answer(request, Tools(Table(request, TRAIL, scope=scope)), "audit/trail.html", context)
