"""What somebody may know and ask about the data held of them; and the desk where it is answered."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import data_map
from core.forms import attempt, posted
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from core.pagination import page_of
from core.together import read_together
from members import rules, seen, visible
from members.choices import RightKind, RightState
from members.domain import copies, disclosures, rights
from members.lists import RIGHTS
from members.models import SubjectRequest
from members.right_forms import AnswerForm, RefusalForm, RightForm
from members.views.own import own_record

# What has an answer, the latest first.
ANSWERED = f"?state__n={RightState.OPEN}&sort=-asked"


@login_required
@never_cache
@require_safe
def looks(request):
    """谁看过我的信息, and with ``?changed`` who did something to it: the latest first."""
    member = own_record(request)
    changed = "changed" in request.GET
    merged = list(seen.merged_into(member))
    entries = (seen.changes_to if changed else seen.looks_at)(member, merged)
    page = page_of(request, entries.select_related("thing_type"), order=("-pk",), size=20)
    seats, viewers = seen.seats_of(page.rows), seen.viewers(member, merged)
    read_together(seats, viewers)
    context = {"page": page, "looks": seen.told(page.rows, seats), "changed": changed, "viewers": len(viewers)}
    return render(request, "members/me_seen.html", context)


@login_required
@never_cache
@require_safe
def sights(request):
    """谁能看到我: by office, grouped by how much."""
    return render(request, "members/me_visible.html", {"sights": visible.sights(own_record(request))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def copy(request):
    """All that is held about whoever asks, as one file. Numbers in it are whole: it asks for the password first."""
    if request.method == "POST":
        today = timezone.localdate()
        whole = copies.hand_over(request.user, by=request.user, on=today)
        answer = FileResponse(whole, as_attachment=True, filename=f"{_('我的资料')}-{today:%Y%m%d}.zip")
        answer.headers["Cache-Control"] = "no-store"
        return answer
    held = [holding for holding in data_map.holdings() if copies.is_told(holding)]
    purposes = list(dict.fromkeys(str(holding.purpose) for holding in held))
    return render(request, "members/me_copy.html", {"purposes": purposes})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_rights(request):
    """What I asked for about my data, by when it is answered, and the answer; and asking."""
    member = own_record(request)
    form = RightForm(posted(request))
    if request.method == "POST" and attempt(form, rights.ask, member, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已提交，%(due)s 前答复") % {"due": form.done.due_on})
        return redirect("members:rights")
    asked = page_of(request, member.subject_requests.all(), order=("-pk",), size=20)
    context = {"form": form, "page": asked, "due_days": rights.DUE_DAYS}
    return render(request, "members/me_rights.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_safe
def right_list(request):
    """What is waiting for an answer, the most urgent first; ``?answered`` leads to what has one."""
    if not rules.ANSWER_MEMBER.anywhere(request.user):
        raise PermissionDenied
    if "answered" in request.GET:
        return redirect(f"{request.path}{ANSWERED}")
    context = {
        "answered": ANSWERED if RightState.OPEN not in request.GET.getlist("state__n") else "",
        "empty": {"words": _("没有等待答复的申请。")},
    }
    return answer(request, Tools(Table(request, RIGHTS)), "members/rights.html", context)


def _to_answer(request, code):
    """The request, if it is the person's to answer; otherwise there is none. What it says is part of a record."""
    found = SubjectRequest.objects.answerable_by(request.user).select_related("member", "answered_by")
    found = get_object_or_404(found, code=code)
    disclosures.note_opening(found.member, by=request.user, on=timezone.localdate())
    return found


@login_required
@never_cache
@require_safe
def right(request, code):
    return _show_right(request, _to_answer(request, code))


@login_required
@require_POST
def right_grant(request, code):
    found = _to_answer(request, code)
    form = AnswerForm(request.POST, auto_id="grant_%s")
    if attempt(form, rights.grant, found, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已答复：已办理"))
        return redirect("members:rights-to-answer")
    return _show_right(request, found, grant_form=form, status=422)


@login_required
@require_POST
def right_refuse(request, code):
    found = _to_answer(request, code)
    form = RefusalForm(request.POST, auto_id="refuse_%s")
    if attempt(form, rights.refuse, found, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已答复：不予办理"))
        return redirect("members:rights-to-answer")
    return _show_right(request, found, refuse_form=form, status=422)


def _show_right(request, found, *, grant_form=None, refuse_form=None, status=200):
    context = {
        "right": found,
        "member": found.member,
        "is_erasure": found.kind == RightKind.ERASURE,
        "grant_form": grant_form or AnswerForm(auto_id="grant_%s"),
        "refuse_form": refuse_form or RefusalForm(auto_id="refuse_%s"),
        "form": grant_form or refuse_form,
    }
    return render(request, "members/right.html", context, status=status)
