"""集成: what is connected to the portal; where changes are sent to by themselves, and what became of each."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import events
from cells.authority import spans
from cells.choices import Power
from cells.models import Cell
from core.errors import Stale
from core.forms import attempt, posted
from core.once import shown_once
from core.pagination import page_of
from integrations import feed, rules
from integrations.domain import webhooks as deeds
from integrations.models import Token, Webhook
from integrations.webhook_forms import ReplayForm, RotateForm, SetUpForm, WebhookForm

# What is done at a press: the deed, and what is said then.
STEPS = {
    "pause": (deeds.pause, gettext_lazy("已暂停，期间的变动会留着")),
    "resume": (deeds.resume, gettext_lazy("已恢复")),
    "take-over": (deeds.take_over, gettext_lazy("已由您负责")),
    "test": (deeds.send_test, gettext_lazy("测试事件已发出，结果见推送记录")),
}


@login_required
@require_safe
def overview(request):
    """O2: tokens, webhooks, the way to the API's own pages, and examples with a cell of one's own."""
    _require_keeper(request)
    found = Webhook.objects.visible_to(request.user).with_people()
    context = {
        "webhooks": list(found),
        "tokens": Token.objects.visible_to(request.user).live(timezone.localdate()).count(),
        "cell": _own_cell(request.user),
        "base": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "integrations/overview.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request):
    _require_keeper(request)
    return _set_up(request)


@login_required
@require_safe
def webhook(request, code):
    """One webhook with its log, the latest first."""
    return _show(request, _reachable(request, code))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code):
    found = _reachable(request, code)
    _require_owner(request, found)
    now = {name: getattr(found, name) for name in ("name", "address", "types", "version")}
    form = WebhookForm(posted(request), initial=now)
    if request.method == "POST" and attempt(form, deeds.change, found, by=request.user):
        messages.success(request, _("已保存"))
        return redirect(found)
    if isinstance(getattr(form, "refusal", None), Stale):
        # Sent once more, the words count as an answer to what stands now.
        form.data = form.data.copy()
        form.data["version"] = found.version
    context = {"form": form, "webhook": found}
    return render(request, "integrations/webhook_edit.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request, code):
    found = _reachable(request, code)
    _require_owner(request, found)
    return _rotate(request, found)


@login_required
@require_POST
def step(request, code, verb):
    """Pause, resume, take over, test: done at a press, or said why not above the page."""
    found = _reachable(request, code)
    if verb not in STEPS:
        raise Http404
    deed, done = STEPS[verb]
    form = forms.Form(request.POST)
    if attempt(form, deed, found, by=request.user):
        messages.success(request, done)
        return redirect(found)
    return _show(request, found, form, status=422)


@login_required
@require_POST
def replay(request, code):
    """Send one message once more, or all that were given up since a day."""
    found = _reachable(request, code)
    one = request.POST.get("delivery", "")
    delivery = found.deliveries.filter(pk=one).first() if one.isdecimal() and len(one) < 19 else None
    form = ReplayForm(request.POST) if delivery is None else forms.Form(request.POST)
    more = {} if delivery is None else {"delivery": delivery}
    if attempt(form, deeds.replay, found, by=request.user, **more):
        messages.success(request, _("将重发 %(count)d 条") % {"count": form.done})
        return redirect(found)
    return _show(request, found, form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, code):
    found = _reachable(request, code)
    form = forms.Form(posted(request))
    if request.method == "POST" and attempt(form, deeds.end, found, by=request.user):
        messages.success(request, _("已结束事件推送“%(name)s”") % {"name": found.name})
        return redirect("integrations:overview")
    context = {"webhook": found, "form": form}
    return render(request, "integrations/webhook_end.html", context, status=422 if form.errors else 200)


@reauthentication_required
def _set_up(request):
    form = SetUpForm(posted(request), user=request.user)
    if request.method == "POST" and attempt(form, deeds.set_up, by=request.user):
        return _show_once(request, *form.done)
    context = {"form": form, "sees_nothing": not _own_cell(request.user)}
    return render(request, "integrations/webhook_new.html", context, status=422 if form.errors else 200)


@reauthentication_required
def _rotate(request, found):
    form = RotateForm(posted(request))
    if request.method == "POST" and attempt(form, deeds.rotate, found, by=request.user):
        return _show_once(request, *form.done)
    context = {"webhook": found, "form": form}
    return render(request, "integrations/webhook_rotate.html", context, status=422 if form.errors else 200)


def _show_once(request, found, secret):
    return shown_once(render(request, "integrations/webhook_secret.html", {"webhook": found, "shown": secret}))


def _show(request, found, form=None, *, status=200):
    words = events.types()
    page = page_of(request, found.deliveries.all(), order=("-pk",), size=20)
    heard = feed.still_heard(request.user, page.rows)
    for delivery in page.rows:
        delivery.is_heard = delivery.pk in heard
        delivery.words = words.get(delivery.type, _("测试事件"))
    context = {
        "webhook": found,
        "address": found.address_for(request.user),
        "own": found.owner_id == request.user.pk,
        "types": _by_resource(found),
        "page": page,
        "failed": found.deliveries.failed().exists(),
        "form": form,
        "replay": form if isinstance(form, ReplayForm) else ReplayForm(initial={"since": timezone.localdate()}),
    }
    return render(request, "integrations/webhook.html", context, status=status)


def _by_resource(found):
    """What it sends, in words: resource by resource."""
    chosen = ((one.label, events.types([one])) for one in events.resources())
    kept = ((label, [words for kind, words in types.items() if kind in found.types]) for label, types in chosen)
    return [(label, words) for label, words in kept if words]


def _own_cell(user):
    """A cell to show examples with: the first the person sees."""
    held = spans(user, Power.SEE_CELLS)
    return Cell.objects.filter(path=held[0].path).first() if held else None


def _require_keeper(request):
    if not rules.KEEP_INTEGRATIONS.anywhere(request.user):
        raise PermissionDenied


def _require_owner(request, found):
    if found.owner_id != request.user.pk:
        raise PermissionDenied


def _reachable(request, code):
    return get_object_or_404(Webhook.objects.visible_to(request.user).with_people(), code=code)
