"""M1 and M3, the member's own room: what is on record, what can be changed at once, what people are told about it."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts import purposes
from accounts.domain import consents
from cells.authority import held_by
from core.addresses import local_path
from core.errors import Refusal
from core.forms import attempt, posted
from core.together import number_of, read_together
from members import own_room, seen
from members.domain import own
from members.models import Member
from members.own_forms import OwnItemForm
from notices.models import Notice


def informed(view):
    """Whoever read an earlier text about their data reads the new one first, and goes on where they were going.

    The view is handed the record of whoever asks, read in the same turn; None for an account that is no member's.
    """

    @wraps(view)
    def told(request):
        given, records = request.user.consents.all(), Member.objects.own(request.user)
        read_together(given, records)
        if request.method == "GET" and not request.htmx and consents.is_behind(request.user, given):
            return redirect(f"{reverse('members:privacy')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, next(iter(records), None))

    return told


def own_record(request):
    """The record of whoever asks; there is none for an account that is no member's."""
    return get_object_or_404(Member.objects.own(request.user))


@login_required
@never_cache
@require_safe
@informed
def me(request, member):
    """M1: my branch and who leads it, what is under way, what is missing."""
    unread = number_of(Notice.objects.to(request.user).unread())
    told = request.user.consents.filter(purpose=purposes.NOTICE)[:1]
    of_member = _of_member(member, unread, told)
    return render(request, "members/me.html", {"unread": sum(unread), "told": bool(told), **of_member})


def _of_member(member, *besides):
    """What the room says of a member, read with what it says to everybody."""
    if member is None:
        read_together(*besides)
        return {"member": None}
    places, merged, waiting = member.places(), seen.merged_into(member), member.change_requests.waiting()
    waiting = waiting.order_by("-pk")
    read_together(*besides, places, merged, waiting)
    member.place = next(iter(places), None)
    # By now it is known whose branch it is, and of which records the looks are told.
    leaders, viewers = own_room.Leaders(member, timezone.localdate()), seen.viewers(member, merged)
    read_together(*leaders.asked, viewers)
    return {
        "member": member,
        "leader": own_room.leader_of(leaders),
        "missing": member.missing_items,
        "waiting": waiting,
        "viewers": len(viewers),
    }


@login_required
@never_cache
@require_safe
@informed
def profile(request, member):
    """M3: what is on record of me; what changes at once, and what the branch checks first."""
    if member is None:
        raise Http404
    context = {
        "member": member,
        "at_once": own_room.lines(member, own.CHANGEABLE),
        "checked": own_room.lines(member, own_room.CHECKED),
        "behind": own_room.lines(member, own_room.BEHIND),
        "recorded": own_room.lines(member, own_room.RECORDED),
        "missing": member.missing_items,
    }
    return render(request, "members/me_profile.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_item(request, item):
    """One fact, asked on a sheet or on a page of its own, and saved at once."""
    member = own_record(request)
    if item not in own.CHANGEABLE:
        raise Http404
    form = OwnItemForm(posted(request), member=member, item=item, user=request.user)
    profile_url = reverse("members:profile")
    if request.method == "POST" and attempt(form, own.change, member, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已保存，即时生效"))
        return HttpResponseClientRedirect(profile_url) if request.htmx else redirect(profile_url)
    template = "members/_me_item.html" if request.htmx else "members/me_item.html"
    context = {"form": form, "item": item, "label": Member._meta.get_field(item).verbose_name}
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@login_required
@never_cache
@require_safe
def privacy(request):
    """What I was told about my data and what I agreed to; each answer can be taken back here."""
    answers = {}
    given = request.user.consents.all()
    for consent in given:
        answers.setdefault(consent.purpose, consent)
    notice = purposes.CURRENT[purposes.NOTICE]
    concerns = [purposes.MAIL, *([purposes.CALL] if held_by(request.user) or purposes.CALL in answers else [])]
    asked = [purposes.CURRENT[key] for key in concerns]
    context = {
        "notice": notice,
        "read": answers.get(purposes.NOTICE),
        "is_read": purposes.NOTICE in answers and answers[purposes.NOTICE].version == notice.version,
        "asked": [(text, answers.get(text.key), consents.stands(request.user, text.key, given)) for text in asked],
        "next": local_path(request, request.GET.get("next", "")),
    }
    return render(request, "members/me_privacy.html", context)


@login_required
@require_POST
def privacy_answer(request, purpose):
    """Read, agreed, or taken back: one press each."""
    given = request.POST.get("given") == "yes"
    version = request.POST.get("version", "")
    try:
        consents.answer(
            request.user,
            purpose=purpose,
            version=int(version) if version.isdecimal() and len(version) < 5 else 0,
            given=given,
            by=request.user,
            on=timezone.localdate(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("members:privacy")
    if purpose != purposes.NOTICE:
        messages.success(request, _("已同意") if given else _("已撤回，即时生效"))
    to = local_path(request, request.POST.get("next", ""))
    if to and consents.is_behind(request.user):
        return redirect(f"{reverse('members:privacy')}?{urlencode({'next': to})}")
    return redirect(to or "members:privacy")
