"""The ways in: the front door, the workbench, help and complaints."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import Entry
from audit.views import trail_page
from cells.authority import places_within, spans
from cells.choices import Power
from core.forms import attempt, blame
from core.pagination import page_of
from portal import feedback, workbench
from portal.forms import FeedbackForm
from portal.models import Feedback


@require_safe
def index(request):
    """The front door: those who are known go to their workbench."""
    return redirect("portal:home" if request.user.is_authenticated else "account_login")


@login_required
@require_safe
def home(request):
    """C1: what there is to do today, with the button that does it."""
    desk = workbench.of(request.user, on=timezone.localdate())
    return render(request, "portal/home.html", {"desk": desk, "now": timezone.localtime()})


@require_safe
def help_page(request):
    return render(request, "portal/help.html")


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
    page = page_of(request, Feedback.objects.select_related("sender"), order=("-pk",), size=20)
    return render(request, "portal/feedback_received.html", {"page": page})


@login_required
@require_safe
def trail(request):
    """What was done within the reader's reach, narrowed to the scope chosen."""
    if not spans(request.user, Power.SEE_TRAIL):
        raise PermissionDenied
    entries = Entry.objects.filter(places_within(request.user, Power.SEE_TRAIL))
    if request.scope is not None and "scope" in request.GET:
        entries = entries.under(request.scope.path)
    return trail_page(request, entries)
