"""The deeds done from a card, each with its own page: what is asked, what was refused, and back to the card."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from acts.toasts import tell_done
from core.errors import Refusal, Stale
from core.forms import attempt
from members import forms, rules
from members.domain import merges, places, reveals, roster, sign_ins, standing
from members.models import Member, Merge
from members.views.records import STALE, member_to_keep, member_within_reach


def _deed(request, member, form, deed, *, heading, submit, done, note="", **known):
    """Ask, try, and go back to the card; a refusal goes back on the form with 422, a record changed meanwhile 412."""
    if request.method == "POST" and attempt(form, deed, member, by=request.user, **known):
        tell_done(request, done % {"name": member.name})
        return HttpResponseClientRedirect(member.get_absolute_url()) if request.htmx else redirect(member)
    status = 422 if request.method == "POST" else 200
    if isinstance(getattr(form, "refusal", None), Stale):
        member = member_to_keep(request, member.code)
        form.read_again(member)
        status = STALE
    context = {"member": member, "form": form, "heading": heading, "submit": submit, "note": note}
    template = "members/_deed.html" if request.htmx else "members/deed.html"
    return render(request, template, context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_convert(request, code):
    member = member_to_keep(request, code)
    return _deed(
        request,
        member,
        forms.ConvertForm(request.POST or None, member=member),
        standing.convert,
        heading=pgettext("deed", "转为正式党员"),
        submit=_("记为正式党员"),
        done=_("%(name)s已转为正式党员"),
        note=_("预备期自%(day)s起满一年。") % {"day": member.joined_on} if member.joined_on else "",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_place(request, code):
    member = member_to_keep(request, code)
    return _deed(
        request,
        member,
        forms.PlaceForm(request.POST or None, user=request.user, member=member),
        places.place,
        heading=pgettext("deed", "调整所在支部"),
        submit=_("调整"),
        done=_("%(name)s已调整到新的支部"),
        note=_("原支部的记录到前一天为止，新支部从这一天起。转到本协会以外的，请用“离开名册”。"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_suspend(request, code):
    member = member_to_keep(request, code)
    return _deed(
        request,
        member,
        forms.SuspendForm(request.POST or None, member=member),
        standing.suspend,
        heading=pgettext("deed", "停止党籍"),
        submit=pgettext("deed", "停止党籍"),
        done=_("%(name)s已停止党籍"),
        note=_("从这一天起不在名册上，也不计入统计；担任的职务同时结束。以后可以恢复。"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_restore(request, code):
    member = member_to_keep(request, code)
    return _deed(
        request,
        member,
        forms.RestoreForm(request.POST or None, user=request.user, member=member),
        standing.restore,
        heading=pgettext("deed", "恢复党籍"),
        submit=pgettext("deed", "恢复党籍"),
        done=_("%(name)s已恢复党籍"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_leave(request, code):
    member = member_to_keep(request, code)
    return _deed(
        request,
        member,
        forms.LeaveForm(request.POST or None, member=member),
        standing.leave,
        heading=_("离开名册"),
        submit=_("记为离开"),
        done=_("%(name)s已离开名册"),
        note=_("从这一天起不在名册上；担任的职务同时结束。资料和经历都保留。"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_record_death(request, code):
    member = member_to_keep(request, code)
    return _deed(
        request,
        member,
        forms.DeathForm(request.POST or None, member=member),
        standing.record_death,
        heading=_("登记去世"),
        submit=_("登记"),
        done=_("已登记%(name)s去世"),
        note=_("从这一天起不在名册上。登记后不能恢复，请核对姓名和日期。"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_void(request, code):
    """Take back an enrolment; the button beside what has just been done gives no reason of its own."""
    member = member_to_keep(request, code)
    cell = member.cell
    answers = request.POST.copy() or None
    if answers is not None and "reason" not in answers:
        answers.update({"reason": _("刚刚补录，随即撤销"), "on": timezone.localdate().isoformat()})
    form = forms.VoidForm(answers)
    if request.method == "POST" and attempt(form, roster.void, member, by=request.user):
        tell_done(request, _("已撤销%(name)s的补录") % {"name": member.name})
        return redirect("members:roster", cell.code)
    context = {
        "member": member,
        "form": form,
        "heading": _("撤销补录"),
        "submit": _("撤销补录"),
        "note": _("这份记录从此不计入任何日期的名册和统计，证件号码可以重新补录。要离开名册的，请用“离开名册”。"),
    }
    template = "members/_deed.html" if request.htmx else "members/deed.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_merge(request, code):
    member = member_to_keep(request, code)
    return _deed(
        request,
        member,
        forms.MergeForm(request.POST or None, user=request.user),
        merges.merge,
        heading=pgettext("deed", "合并重复记录"),
        submit=_("合并到这份记录"),
        done=_("已合并到%(name)s的记录"),
        note=_("保留现在这份记录，空着的项目由另一份补上；合并可以撤销。"),
    )


@login_required
@require_POST
def merge_undo(request, code, uid):
    member = member_to_keep(request, code)
    merge = get_object_or_404(Merge, uid=uid, kept=member)
    try:
        again = merges.undo_merge(merge, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(member)
    messages.success(request, _("合并已撤销，%(code)s重新成为单独的记录") % {"code": again.code})
    return redirect(member)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_reveal(request, code):
    """Ask for the purpose, then show the number once; htmx puts it where the mask stood."""
    own = Member.objects.own(request.user).filter(code=code).exists()
    member = member_within_reach(request, code, needs=None if own else rules.REVEAL_MEMBER)
    item = (request.POST if request.method == "POST" else request.GET).get("item", "")
    item = item if item in forms.SECRETS else "id_number"
    form = forms.RevealForm(request.POST or None, own=own, initial={"item": item})
    context = {
        "member": member,
        "form": form,
        "item": item,
        "name": Member._meta.get_field(item).verbose_name,
        "own": own,
    }
    status = 200
    if request.method == "POST":
        if attempt(form, reveals.reveal, member, by=request.user, on=timezone.localdate()):
            context["full"] = form.done
        else:
            status = 422
    template = "members/_reveal.html" if request.htmx else "members/reveal.html"
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_link(request, code):
    member = member_to_keep(request, code)
    form = forms.LinkForm(request.POST or None, by=request.user)
    return _deed(
        request,
        member,
        form,
        sign_ins.link,
        heading=_("绑定账号"),
        submit=_("绑定"),
        done=_("%(name)s已绑定账号"),
        note=_("绑定后，本人登录即可查看自己的记录。"),
        on=timezone.localdate(),
    )


@login_required
@require_POST
def member_unlink(request, code):
    member = member_to_keep(request, code)
    try:
        sign_ins.unlink(member, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        tell_done(request, _("%(name)s已解除账号绑定") % {"name": member.name})
    return redirect(member)
