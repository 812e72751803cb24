"""令牌: what somebody let in, and where they end it; account administrators see what their people let in."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import cells.rules
from cells.domain import accounts
from core.forms import attempt, posted
from core.once import shown_once
from integrations import rules
from integrations.choices import TokenState
from integrations.domain import tokens as deeds
from integrations.forms import DrawUpForm, LastDayForm
from integrations.models import Token

OVER_SHOWN = 20


@login_required
@require_safe
def tokens(request):
    """One's own: those that let in first, then the latest that no longer do."""
    return _list(request, request.user)


@login_required
@require_safe
def person_tokens(request, code):
    """What somebody let in, for who keeps their account."""
    person = get_object_or_404(get_user_model(), code=code)
    if not _keeps(request.user, person):
        raise Http404
    return _list(request, person)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draw_up(request):
    if not rules.DRAW_UP.anywhere(request.user):
        raise PermissionDenied
    return _draw_up(request)


@login_required
@require_safe
def token(request, code):
    found = _reachable(request, code)
    return render(request, "integrations/token.html", {"token": found, "own": found.holder_id == request.user.pk})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request, code):
    found = _reachable(request, code)
    if found.holder_id != request.user.pk:
        raise PermissionDenied
    return _rotate(request, found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, code):
    found = _reachable(request, code)
    form = forms.Form(posted(request))
    if request.method == "POST" and attempt(form, deeds.end, found, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已结束令牌“%(name)s”") % {"name": found.name})
        if found.holder_id == request.user.pk:
            return redirect("integrations:tokens")
        return redirect("integrations:person-tokens", found.holder.code)
    context = {"token": found, "form": form}
    return render(request, "integrations/token_end.html", context, status=422 if form.errors else 200)


@reauthentication_required
def _draw_up(request):
    form = DrawUpForm(posted(request), user=request.user)
    if request.method == "POST" and attempt(form, deeds.draw_up, by=request.user, on=timezone.localdate()):
        return _show_once(request, *form.done)
    context = {"form": form}
    return render(request, "integrations/token_new.html", context, status=422 if form.errors else 200)


@reauthentication_required
def _rotate(request, found):
    form = LastDayForm(posted(request))
    if request.method == "POST" and attempt(form, deeds.rotate, found, by=request.user, on=timezone.localdate()):
        return _show_once(request, *form.done)
    context = {"token": found, "form": form}
    return render(request, "integrations/token_rotate.html", context, status=422 if form.errors else 200)


def _show_once(request, drawn, shown):
    return shown_once(render(request, "integrations/token_drawn.html", {"token": drawn, "shown": shown}))


def _list(request, person):
    found = list(Token.objects.visible_to(person).select_related("holder", "cell"))
    over = [one for one in found if one.state() != TokenState.LIVE]
    context = {
        "person": person,
        "own": person.pk == request.user.pk,
        "live": [one for one in found if one.state() == TokenState.LIVE],
        "over": over[:OVER_SHOWN],
        "may_draw_up": rules.DRAW_UP.anywhere(request.user),
    }
    return render(request, "integrations/tokens.html", context)


def _reachable(request, code):
    """One's own, and those of people whose accounts one keeps; any other is not found."""
    found = get_object_or_404(Token.objects.select_related("holder", "cell"), code=code)
    if found.holder_id != request.user.pk and not _keeps(request.user, found.holder):
        raise Http404
    return found


def _keeps(user, person):
    return cells.rules.KEEP_ACCOUNT.allows_all(user, accounts.places_of(person, on=timezone.localdate()))
