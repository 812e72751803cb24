"""Which companies an advisor looks after: assigning, ending, and what ends with the office."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.authority import may_hand_on
from cells.choices import Office
from cells.domain.cover import rewrite
from cells.models import Appointment, Assignment, Company, CompanyFact
from core.dated import close, since
from core.errors import OutOfTurn, Refusal
from notices.domain import post

ASSIGNED = gettext_lazy("您自 %(day)s 起联系%(company)s。")
ENDED = gettext_lazy("您自 %(day)s 起不再联系%(company)s。")


@reversible
def assign(company: Company, *, advisor: Any, assigned_on: date, by: Any, on: date) -> Assignment:
    """Let an advisor look after a company from ``assigned_on``: they see its file, and may call whom it names.

    The file names the advisor from that day, so that the company counts for work coverage (COV-04). Refuses a program
    that could not do what advisors do, oneself, a closed account, somebody who is no advisor on that day, a day after
    ``on``, a company the advisor looks after already.
    """
    company = _lock(company)
    rules.ASSIGN.require(by, company)
    if not may_hand_on(by, Office.ADVISOR):
        raise PermissionDenied
    _refuse(company, advisor, assigned_on, by, on)
    row = Assignment.objects.create(
        advisor=advisor, company=company, assigned_by_id=by.pk, valid=since(assigned_on), recorded_by_id=by.pk
    )
    _name_on_file(company, {"": advisor.name}, by=by, on=assigned_on)

    trail.record("cells.assigned", company, by=by, at=company.keeper.path, facts=_facts(advisor, assigned_on))
    _tell(advisor, ASSIGNED, company, by=by, on=assigned_on)
    return row


@reversible
def end(assignment: Assignment, *, reason: str, ended_on: date, by: Any, on: date) -> Assignment:
    """End an assignment: ``ended_on`` is the first day it no longer holds, and the company is out of reach from then.

    One that had not begun before that day was a mistake and is voided. Refuses no reason, a day after ``on``, one's
    own, and one that has ended.
    """
    company = _lock(assignment.company)
    assignment = Assignment.objects.select_related("advisor", "company").get(pk=assignment.pk)
    rules.ASSIGN.require(by, company)
    if assignment.voided_at or assignment.ends_on:
        raise OutOfTurn(_("这项联系已经结束，请刷新后再看。"))
    if assignment.advisor_id == by.pk:
        raise Refusal(_("不能结束自己的联系，请由上级党组织办理。"))
    if not reason.strip():
        raise Refusal(_("请填写结束原因。"), field="reason")
    if ended_on > on:
        raise Refusal(_("结束日期不能晚于 %(day)s。") % {"day": on.isoformat()}, field="ended_on")
    return _finish(assignment, company, reason=reason, by=by, on=ended_on)


@transaction.atomic
def release(advisors: Iterable[Any], *, reason: str, by: Any, on: date) -> None:
    """End what those of ``advisors`` look after who are no advisors any more from ``on``.

    Follows from ending an office, which has asked who may; it asks for no permission itself.
    """
    keys = {advisor.pk for advisor in advisors}
    still = Appointment.objects.reaching(on).filter(holder__in=keys, office=Office.ADVISOR).values("holder")
    left = Assignment.objects.reaching(on).filter(advisor__in=keys).exclude(advisor__in=still)
    for found in left.select_related("company").order_by("company", "pk"):
        company = _lock(found.company)
        standing = Assignment.objects.reaching(on).filter(pk=found.pk).select_related("advisor").first()
        if standing is not None:
            _finish(standing, company, reason=reason, by=by, on=on)


def _lock(company: Company) -> Company:
    return Company.objects.select_related("keeper").select_for_update(of=("self",)).get(pk=company.pk)


def _refuse(company: Company, advisor: Any, assigned_on: date, by: Any, on: date) -> None:
    words = {"name": advisor.name, "day": assigned_on.isoformat(), "company": company.name}
    if advisor.pk == by.pk:
        raise Refusal(_("不能指派自己，请由上级党组织办理。"), field="advisor")
    if not advisor.is_active:
        raise Refusal(_("%(name)s的账号已停用，请先恢复账号或另选人。") % words, field="advisor")
    if assigned_on > on:
        raise Refusal(_("联系日期不能晚于 %(day)s。") % {"day": on.isoformat()}, field="assigned_on")
    if not Appointment.objects.in_force(assigned_on).filter(holder=advisor, office=Office.ADVISOR).exists():
        raise Refusal(_("%(name)s在 %(day)s 不是党建工作指导员，请先任命再指派。") % words, field="advisor")
    if Assignment.objects.reaching(assigned_on).filter(advisor=advisor, company=company).exists():
        raise Refusal(_("%(name)s已经联系%(company)s。") % words, field="advisor")


def _finish(assignment: Assignment, company: Company, *, reason: str, by: Any, on: date) -> Assignment:
    """Close it, or void what had not begun; then the file names whoever looks after the company still."""
    advisor, begun = assignment.advisor, assignment.starts_on < on
    if begun:
        keys = {"advisor": advisor, "company": company}
        ended = close(Assignment, keys, on, by=by, values={"end_reason": reason.strip()[:200]})
    else:
        Assignment.objects.filter(pk=assignment.pk).void(by=by, reason=reason.strip())
        ended = assignment
    others = Assignment.objects.reaching(on).filter(company=company).exclude(advisor=advisor)
    next_one = others.select_related("advisor").order_by("valid", "pk").first()
    _name_on_file(company, {advisor.name: next_one.advisor.name if next_one else ""}, by=by, on=on)

    action = "cells.assignment_ended" if begun else "cells.assignment_voided"
    trail.record(action, company, by=by, at=company.keeper.path, facts=_facts(advisor, on, reason=reason.strip()))
    _tell(advisor, ENDED, company, by=by, on=on)
    return ended or assignment


def _name_on_file(company: Company, names: dict[str, str], *, by: Any, on: date) -> None:
    """Let the facts that name one advisor name the other from ``on``; what a survey found otherwise stays."""

    def values(fact: CompanyFact) -> dict[str, Any]:
        return {"advisor": names[fact.advisor]} if fact.advisor in names else {}

    rewrite(Q(company=company), values, by=by, on=on)
    # A survey form opened before says the old name: it is set beside the new one instead of over it.
    Company.objects.filter(pk=company.pk).update(version=F("version") + 1)


def _facts(advisor: Any, on: date, **more: Any) -> dict[str, Any]:
    return {"advisor": advisor.name, "advisor_code": advisor.code, "from": on} | more


def _tell(advisor: Any, sentence: Any, company: Company, *, by: Any, on: date) -> None:
    if advisor.is_dormant:
        return
    url = company.get_absolute_url() if sentence is ASSIGNED else ""
    post.tell(advisor, sentence, by=by, url=url, facts={"company": company.name, "day": on.isoformat()})
