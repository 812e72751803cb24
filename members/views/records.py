"""S3 and S4: one member's card, adding one, putting one right."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from acts.domain import undoing
from acts.toasts import tell_done
from cells.models import Cell
from core.addresses import local_path
from core.errors import Refusal, Stale
from core.forms import attempt, posted
from core.together import read_together
from members import biography, rules
from members.checks import check_answers
from members.choices import STANDING_FLOW, Category, RightKind, RightState
from members.domain import activation, disclosures, lookups, roster
from members.domain.lines import HOMES
from members.forms import SECRETS, CorrectForm, EnrolForm, InPlaceForm
from members.models import Member

STALE = 412


def member_within_reach(request, code, *, needs=None):
    """The record, if it is within the person's reach; otherwise there is none. PermissionDenied where ``needs`` fails.

    Every page that shows somebody's record comes through here, so here it is noted who was shown it: also for a part
    of a page, for HEAD, and for a form sent back.
    """
    found = get_object_or_404(Member.objects.readable_by(request.user).select_related("employer", "user"), code=code)
    if needs is not None:
        needs.require(request.user, found.place)
    disclosures.note_opening(found, by=request.user, on=timezone.localdate())
    return found


def member_to_keep(request, code):
    """The record within reach; raises PermissionDenied where the person may not change it."""
    return member_within_reach(request, code, needs=rules.KEEP_MEMBER)


@login_required
@require_safe
def member(request, code):
    """The card: who this is, how they came here, what was done to the record and by whom; on one sheet to print."""
    person = member_within_reach(request, code)
    own = rules.OWN_RECORD.allows(request.user, person)
    keeps = rules.KEEP_MEMBER.allows(request.user, person.place)
    may_keep = keeps and not own
    today = timezone.localdate()
    sources, requests = biography.Sources.of(person), person.change_requests.waiting().with_what_lists_show()
    erasures = person.subject_requests.filter(kind=RightKind.ERASURE, state=RightState.GRANTED).order_by("-pk")[:1]
    requests = requests if may_keep or own else requests.none()
    kept = _Kept(person, request.user, today) if may_keep else None
    read_together(*sources.asked, erasures, requests, *(kept.asked if kept else ()))
    trail = biography.trail_for(person, request.user, sources)
    context = {
        "member": person,
        "place": person.place,
        "own": own,
        "keeps": keeps,
        "may_keep": may_keep,
        "may_reveal": own or rules.REVEAL_MEMBER.allows(request.user, person.place),
        "missing": person.missing_items,
        "erasure": next(iter(erasures), None),
        "seniority": biography.seniority(person, today),
        "events": biography.events(person, today, sources),
        "changes": trail.changes,
        "viewings": trail.viewings,
        "other_entries": trail.others,
        "requests": requests,
        **(kept.shown if kept else {}),
    }
    if request.GET.get("view") == "print":
        return render(request, "members/card_print.html", context | {"today": today})
    return render(request, "members/member.html", context)


class _Kept:
    """What stands on the card for whoever keeps the record, and is not the member."""

    def __init__(self, person, user, on):
        self.person, self.user, self.on = person, user, on
        self.merges = biography.merges_of(person)
        self.corrections = undoing.last_of(person, "members.corrected", on=on)
        self.known = activation.Known(person, by=user, on=on)

    @property
    def asked(self):
        """To be read together with the rest of the card."""
        return self.merges, self.corrections, *self.known.asked

    @property
    def shown(self):
        whom = {"by": self.user, "known": self.known}
        may_invite = activation.may_invite(self.person, on=self.on, **whom)
        return {
            "merges": self.merges,
            "correction": next((act for act in self.corrections if not act.followed), None),
            "acts": _acts(self.person),
            "may_invite": may_invite,
            "who_helps": "" if may_invite else activation.who_helps(self.person, **whom),
        }


def _acts(person):
    """What can be done from where the member stands, as (words, address)."""
    words = {
        "suspend": pgettext("deed", "停止党籍"),
        "restore": pgettext("deed", "恢复党籍"),
        "leave": _("离开名册"),
        "record_death": _("登记去世"),
    }
    acts = []
    if person.is_active:
        if person.category == Category.PROBATIONARY:
            acts.append((pgettext("deed", "转为正式党员"), "members:member-convert"))
        acts.append((pgettext("deed", "调整所在支部"), "members:member-place"))
    acts += [(words[verb], f"members:member-{verb.replace('_', '-')}") for verb in STANDING_FLOW.verbs(person)]
    acts.append((pgettext("deed", "合并重复记录"), "members:member-merge"))
    acts.append((_("撤销补录"), "members:member-void"))
    if person.user_id is None:
        acts.append((_("绑定账号"), "members:member-link"))
    return [(label, reverse(name, args=[person.code])) for label, name in acts]


def _home(request, code):
    """The cell within reach onto whose roster somebody is to be taken."""
    cell = get_object_or_404(Cell.objects.visible_to(request.user), code=code)
    rules.KEEP_ROSTER.require(request.user, cell)
    if cell.kind not in HOMES:
        raise PermissionDenied
    return cell


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_enrol(request, code):
    """S4: the ID number first, the rest fills itself; save and go on with the next."""
    cell = _home(request, code)
    form = EnrolForm(request.POST or None, initial={"category": Category.FULL})
    if request.method == "POST":
        if attempt(form, roster.enrol, cell, by=request.user, on=timezone.localdate()):
            undo = reverse("members:member-void", args=[form.done.code])
            words = _("%(name)s已列入%(cell)s名册") % {"name": form.done.name, "cell": cell}
            messages.success(request, words, extra_tags=f"undo {undo}")
            return redirect("members:member-enrol", cell.code) if "another" in request.POST else redirect(form.done)
        return _show_enrol(request, cell, form, status=422)
    return _show_enrol(request, cell, form)


def _show_enrol(request, cell, form, status=200):
    template = "members/_enrol.html" if request.htmx else "members/enrol.html"
    return render(request, template, {"cell": cell, "form": form}, status=status)


@login_required
@require_POST
def enrol_number(request, code):
    """What the ID number just typed says: the fields it fills, and whether the person is on record already."""
    cell = _home(request, code)
    written = request.POST.get("id_number", "")
    kind = request.POST.get("id_kind", "")
    found = check_answers(
        {"id_number": written, "id_kind": kind}, on=timezone.localdate(), known={"name": "", "category": ""}
    )
    values, problems = found.values, list(found.problems.get("id_number", ()))
    known = None
    if written and not problems:
        try:
            lookups.require_few_met(request.user)
        except Refusal as refusal:
            problems.append(str(refusal.message))
    if written and not problems:
        known = Member.objects.on_record().with_id_number(values["id_number"]).first()
        if known:
            lookups.note_met(known, by=request.user, on=timezone.localdate())
        request.POST = request.POST.copy()
        for name in ("gender", "birth_date"):
            if values.get(name):
                request.POST[name] = str(values[name])
    context = {
        "cell": cell,
        "form": EnrolForm(initial={name: request.POST.get(name, "") for name in ("gender", "birth_date")}),
        "problem": problems[0] if problems and written else "",
        "notes": [note.sentence for note in found.notes.get("id_number", ())],
        "filled": bool(values.get("birth_date")),
        "known": roster.already_on_record(known, request.user) if known else "",
        "known_card": known if known and rules.SEE_MEMBER.allows(request.user, known.place) else None,
    }
    return render(request, "members/_number.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_correct(request, code):
    """Put a record right. Who was overtaken by somebody else chooses item by item."""
    person = member_to_keep(request, code)
    form = CorrectForm(request.POST or None, member=person, initial={"version": person.version})
    if request.method == "POST":
        if attempt(form, roster.correct, person, by=request.user, on=timezone.localdate()):
            tell_done(request, _("已保存%(name)s的资料") % {"name": person.name})
            return redirect(person)
        if form.data.get("version") != str(Member.objects.values_list("version", flat=True).get(pk=person.pk)):
            return _show_merge(request, Member.objects.get(pk=person.pk), form)
        return _show_correct(request, person, form, status=422)
    return _show_correct(request, person, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_in_place(request, code):
    """Put right what changes most often, without leaving the list; who was overtaken reads the record once more."""
    person = member_to_keep(request, code)
    form = InPlaceForm(posted(request), member=person, initial={"version": person.version})
    back = local_path(request, request.GET.get("next", "")) or reverse("members:roster", args=[person.cell.code])
    if request.method == "POST" and attempt(form, roster.correct, person, by=request.user, on=timezone.localdate()):
        tell_done(request, _("已保存%(name)s的资料") % {"name": person.name})
        return HttpResponseClientRefresh() if request.htmx else redirect(back)
    status = 422 if request.method == "POST" else 200
    if isinstance(getattr(form, "refusal", None), Stale):
        person = Member.objects.get(pk=person.pk)
        form.data = form.data.copy()
        form.data["version"] = person.version
        status = STALE
    template = "members/_in_place.html" if request.htmx else "members/in_place.html"
    return render(request, template, {"member": person, "form": form, "back": back}, status=status)


def _show_correct(request, person, form, status=200):
    template = "members/_correct.html" if request.htmx else "members/correct.html"
    return render(request, template, {"member": person, "form": form}, status=status)


def _show_merge(request, person, form):
    """Both versions side by side where they differ; what only one of the two changed is taken as changed."""
    mine, theirs = form.data, CorrectForm(member=person, initial={"version": person.version})
    kept, choices = [], []
    for bound in theirs:
        name = bound.name
        if name == "version":
            kept.append((name, person.version))
            continue
        ours = _posted(mine, name, bound)
        now = "" if name in SECRETS else _stored(bound)
        base = _posted(mine, f"initial-{name}", bound) if f"initial-{name}" in mine else now
        if ours in (now, base) or (name in SECRETS and not ours):
            kept.append((name, now))
        elif base == now:
            kept.append((name, ours))
        else:
            words = dict(getattr(bound.field, "choices", ()))
            choices.append(
                {
                    "name": name, "label": bound.label, "mine": ours, "theirs": now,
                    "mine_words": words.get(ours, ours), "theirs_words": words.get(now, now),
                }
            )  # fmt: skip
    context = {
        "member": person,
        "kept": [
            *(pair for pair in kept if pair[1] not in ("", None)),
            *((f"initial-{name}", value) for name, value in theirs.shown_before),
        ],
        "choices": choices,
        "overtaken_by": biography.last_change(person),
    }
    return render(request, "members/merge_edit.html", context, status=STALE)


def _posted(data, name, bound):
    if bound.field.__class__.__name__ == "BooleanField":
        return "on" if data.get(name) else ""
    return data.get(name, "")


def _stored(bound):
    value = bound.value()
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)
