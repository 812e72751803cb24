"""Founding, correcting and changing organisations: each form says beforehand what will follow."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from acts.toasts import tell_done
from cells import forms, merging, rules
from cells.choices import CellKind, FormationMode
from cells.domain import terms, tree
from cells.domain.tree.ending import obstacles
from cells.models import Cell, Company
from cells.views.companies import seen
from core.forms import attempt, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found(request):
    if not rules.KEEP_CELL.anywhere(request.user):
        raise PermissionDenied
    scope = request.scope
    under = scope if scope and rules.KEEP_CELL.allows(request.user, scope) else None
    company = seen(request, request.GET["company"]) if request.GET.get("company") else None
    initial = {"superior": under, "kind": CellKind.BRANCH} | (_for_company(request, company) if company else {})
    form = forms.FoundForm(posted(request), user=request.user, initial=initial)
    if request.method == "POST" and attempt(form, tree.found, by=request.user, on=timezone.localdate()):
        tell_done(request, _("%(cell)s已登记，编号 %(code)s") % {"cell": form.done, "code": form.done.code})
        if company and rules.KEEP_COMPANY.allows(request.user, company):
            messages.info(request, _("请在摸排中登记它覆盖%(company)s") % {"company": company})
            return redirect("cells:company-survey", company.code)
        return redirect(form.done)
    return render(request, "cells/found.html", {"form": form}, status=422 if form.errors else 200)


def _for_company(request, company):
    """What the form begins with when a branch is to be formed in ``company``, in the way the address says."""
    joint = request.GET.get("mode") == FormationMode.JOINT
    initial = {
        "name": f"中共{company}支部委员会",  # a formal name is Chinese, whatever the language of the page
        "kind": CellKind.JOINT_BRANCH if joint else CellKind.BRANCH,
        "formation_mode": FormationMode.JOINT if joint else FormationMode.INDEPENDENT,
        "units_text": company.name,
    }
    if rules.KEEP_CELL.allows(request.user, company.keeper):
        initial["superior"] = company.keeper
    return initial


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, code):
    cell = kept(request, code)
    current = {name: getattr(cell, name) for name in forms.CorrectForm.FIELDS}
    form = forms.CorrectForm(posted(request), initial=current | {"version": cell.version})
    conflicts = []
    if request.method == "POST" and form.is_valid() and form.cleaned_data["version"] != cell.version:
        form, conflicts = merging.reconcile(form, cell, current)
    if (
        request.method == "POST"
        and not conflicts
        and attempt(form, tree.correct, cell, by=request.user, on=timezone.localdate())
    ):
        tell_done(request, _("已保存%(cell)s的资料") % {"cell": form.done})
        return redirect(form.done)
    return render(
        request,
        "cells/correct.html",
        {"cell": cell, "form": form, "conflicts": conflicts},
        status=422 if request.method == "POST" else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request, code):
    cell = kept(request, code)
    initial = {"name": cell.name, "short_name": cell.short_name}
    form = forms.RenameForm(posted(request), initial=_today(initial))
    effects = [_("今后各页显示新名称，之前日期的组织树仍显示旧名称。")]
    return _change(request, cell, form, tree.rename, effects, title=_("更名"), submit=_("更名"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request, code):
    cell = kept(request, code)
    form = forms.MoveForm(posted(request), user=request.user, cell=cell, initial=_today())
    below = Cell.objects.under(cell).standing().count() - 1
    effects = [
        ngettext("%(count)d 个下级党组织随之划转。", "%(count)d 个下级党组织随之划转。", below) % {"count": below},
        _("原上级的工作人员从此看不到它，新上级的工作人员从此可以办理。"),
    ]
    return _change(request, cell, form, tree.move, effects, title=_("划转上级"), submit=_("划转"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reorganise(request, code):
    cell = kept(request, code)
    form = forms.ReorganiseForm(posted(request), initial=_today())
    covered = Company.objects.filter(cover_cell=cell, voided_at__isnull=True).count()
    effects = [
        ngettext(
            "它覆盖的 %(count)d 家企业按新类别重新计算覆盖情况。",
            "它覆盖的 %(count)d 家企业按新类别重新计算覆盖情况。",
            covered,
        )
        % {"count": covered},
        _("临时党支部和功能型党支部不计入组织覆盖。"),
    ]
    return _change(request, cell, form, tree.reorganise, effects, title=_("变更组织类别"), submit=_("变更类别"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, code):
    cell = kept(request, code)
    form = forms.MergeForm(posted(request), user=request.user, cell=cell, initial=_today())
    effects = [
        _("党员、下级党组织和企业一并转到新的党组织。"),
        _("本组织的任职全部终止，本组织撤销；历史记录保留。"),
    ]
    return _change(request, cell, form, tree.merge, effects, title=_("并入其他党组织"), submit=pgettext("deed", "并入"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dissolve(request, code):
    cell = kept(request, code)
    form = forms.DissolveForm(posted(request), initial=_today())
    effects = [_("本组织的任职和届次在这一天终止。"), _("之前日期的组织树和记录保留。")]
    return _change(
        request,
        cell,
        form,
        tree.dissolve,
        effects,
        title=_("撤销党组织"),
        submit=pgettext("deed", "撤销"),
        obstacles=[] if cell.dissolved_on else obstacles(cell),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin_term(request, code):
    cell = kept(request, code)
    last = cell.terms.current().first()
    number = last.number + 1 if last and last.number else None
    form = forms.TermForm(posted(request), initial={"number": number})
    effects = [_("届满前六个月起，这里和上级的清单会提醒换届。"), _("上一届到新一届开始的前一天为止。")]
    return _change(request, cell, form, terms.begin, effects, title=_("登记届次"), submit=_("登记"), dated=False)


def kept(request, code):
    """The cell, if it is within reach and the person keeps it."""
    cell = get_object_or_404(Cell.objects.visible_to(request.user).select_related("parent"), code=code)
    rules.KEEP_CELL.require(request.user, cell)
    return cell


def _today(initial=None):
    return {"on": timezone.localdate()} | (initial or {})


def _change(request, cell, form, deed, effects, *, title, submit, obstacles=(), dated=True):
    """A change of one cell: the day it holds from is an answer of the form, or else today."""
    today = {} if dated else {"on": timezone.localdate()}
    if request.method == "POST" and attempt(form, deed, cell, by=request.user, **today):
        tell_done(request, _("已办理：%(title)s") % {"title": title})
        return redirect(cell)
    context = {
        "cell": cell,
        "form": form,
        "title": title,
        "submit": submit,
        "effects": effects,
        "obstacles": obstacles,
    }
    return render(request, "cells/change.html", context, status=422 if form.errors else 200)
