"""C5, the settings: each choice holds at once, and every page works without a script. And where invitations lead."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStageController
from allauth.account.views import LoginView, PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.stages import AuthenticateStage
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import invitations, purposes, second_factor
from accounts.devices import device
from accounts.display import YEAR, Display
from accounts.domain import people, recovery, sessions
from accounts.forms import SHUT, ActivateForm, DisplayForm, ProfileForm, ProofForm
from accounts.stages import RecoveryStage
from core.addresses import local_path
from core.errors import OutOfTurn, Refusal
from core.forms import attempt, posted
from core.lists.asked import to_keep
from core.lists.listing import listing_named
from core.together import number_of, read_together


class _Known:
    """What the settings say of an account, read in one turn."""

    def __init__(self, user):
        self.said = user.consents.filter(purpose=purposes.MAIL)[:1]
        self.factors = number_of(second_factor.of(user))
        self.offices = number_of(second_factor.offices_of(user))
        read_together(self.said, self.factors, self.offices)


def _profile_form(request, known, *answers):
    user = request.user
    stays = people.why_name_stays(user, timezone.localdate())
    return ProfileForm(*answers, user=user, name_stays=stays, said=known.said)


@login_required
@never_cache
@require_safe
def settings_page(request):
    known = _Known(request.user)
    return _show(request, _profile_form(request, known), known)


@login_required
@require_POST
def profile(request):
    known = _Known(request.user)
    form = _profile_form(request, known, request.POST)
    if attempt(form, people.correct_profile, request.user, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已保存"))
        return redirect("accounts:settings")
    return _show(request, form, known, status=422)


@login_required
@never_cache
@require_safe
def devices(request):
    """Where one is signed in, this device marked."""
    here = request.session.session_key
    if not sessions.of(request.user).filter(session_key=here).exists():
        UserSession.objects.create_from_request(request)
    found = list(sessions.of(request.user))
    shown = [{"session": one, "device": device(one.user_agent), "here": one.session_key == here} for one in found]
    return render(request, "accounts/devices.html", {"devices": shown, "others": sum(not one["here"] for one in shown)})


@login_required
@require_POST
def device_end(request, pk):
    session = get_object_or_404(sessions.of(request.user), pk=pk)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    sessions.end(session, by=request.user, on=timezone.localdate())
    messages.success(request, _("那台设备已退出"))
    return redirect("accounts:devices")


@login_required
@require_POST
def devices_end(request):
    sessions.end_others(request, by=request.user, on=timezone.localdate())
    messages.success(request, _("其他设备都已退出"))
    return redirect("accounts:devices")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_ask(request):
    """For whoever gave the right password and cannot give a code: ask for a new beginning."""
    person = _at_the_door(request, AuthenticateStage.key, RecoveryStage.key)
    if person is None:
        return redirect("account_login")
    if request.method != "POST":
        return render(request, "accounts/recovery.html", {"owed": recovery.owed_by(person)})
    try:
        case = recovery.ask(person, by=person, on=timezone.localdate())
    except Refusal as refusal:
        return render(request, "accounts/recovery.html", {"refusal": refusal}, status=422)
    return render(request, "accounts/recovery_asked.html", {"case": case})


@never_cache
@sensitive_post_parameters("proof")
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_proof(request):
    """What two people vouched for, shown once in place of the lost factor; then the sign-in goes on."""
    person = _at_the_door(request, RecoveryStage.key)
    if person is None:
        return redirect("account_login")
    form = ProofForm(posted(request), person=person)
    if request.method == "POST" and attempt(form, recovery.come_back, person, by=person, on=timezone.localdate()):
        record_authentication(request, person, "recovery")
        return LoginStageController.enter(request, RecoveryStage.key).exit()
    context = {"form": form, "case": recovery.owed_by(person)}
    return render(request, "accounts/recovery_proof.html", context, status=refused_with(form) if form.errors else 200)


def _at_the_door(request, *stages):
    """Who gave the right password and stands at one of these steps of the sign-in."""
    if request.user.is_authenticated:
        return None
    entered = (LoginStageController.enter(request, stage) for stage in stages)
    return next((stage.login.user for stage in entered if stage), None)


def refused_with(form):
    """429 where the door is shut, 422 for any other refusal."""
    shut = any(error.code == SHUT for errors in form.errors.as_data().values() for error in errors)
    return 429 if shut else 422


class SaysWhy:
    """A form sent back says by its status whether the door is shut."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = refused_with(form)
        return response


class SignIn(SaysWhy, LoginView):
    pass


class SecondStep(SaysWhy, AuthenticateView):
    pass


class ChangePassword(SaysWhy, PasswordChangeView):
    pass


class GivePasswordAgain(SaysWhy, ReauthenticateView):
    pass


sign_in = require_http_methods(["GET", "HEAD", "POST"])(SignIn.as_view())
second_step = require_http_methods(["GET", "HEAD", "POST"])(SecondStep.as_view())
change_password = require_http_methods(["GET", "HEAD", "POST"])(ChangePassword.as_view())
give_password_again = require_http_methods(["GET", "HEAD", "POST"])(GivePasswordAgain.as_view())


@require_POST
def display(request):
    """Anybody's: a person's choice is kept on the account, a visitor's in a cookie."""
    form = DisplayForm(request.POST)
    answer = HttpResponseRedirect(_back(request))
    if not form.is_valid():
        return answer
    chosen = form.chosen()
    if request.user.is_authenticated:
        request.user.prefer(**chosen)
    else:
        Display.of(request).remember(answer, **chosen)
    if chosen.get("language"):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen["language"], max_age=YEAR, samesite="Lax")
    return answer


@login_required
@require_POST
def list_shown(request, name):
    """Show one list in this way from now on; with ``forget``, as it is declared."""
    listing = listing_named(name)
    if listing is None:
        raise Http404
    kept = {other: shown for other, shown in request.user.lists.items() if other != name}
    if "forget" not in request.POST:
        kept[name] = to_keep(listing, request.POST)
    request.user.prefer(lists=kept)
    messages.success(request, _("已恢复原样") if "forget" in request.POST else _("以后都这样显示"))
    return redirect(_back(request))


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Where an invitation leads: choose a name and a password, and be somebody who can sign in."""
    found = invitations.look_up(token, on=timezone.localdate())
    user = found.user
    if user is None:
        return render(request, "accounts/invitation_gone.html", {"invitation": found}, status=404)
    form = ActivateForm(request.POST or None, user=user)
    if request.method == "POST" and attempt(form, people.take_up, token, on=timezone.localdate()):
        messages.success(request, _("账号已开通，请登录"))
        return redirect("account_login")
    if isinstance(getattr(form, "refusal", None), OutOfTurn):
        found = invitations.look_up(token, on=timezone.localdate())
        return render(request, "accounts/invitation_gone.html", {"invitation": found}, status=404)
    context = {"form": form, "invited": user}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _show(request, form, known, status=200):
    user = request.user
    shown = {name: getattr(user, name) for name in ("density", "theme", "language")}
    shown["text_size"] = Display.of(request).text_size
    context = {
        "form": form,
        "display_form": DisplayForm(initial=shown | {"shortcuts": "on" if user.shortcuts else "off"}),
        "factors": sum(known.factors),
        "may_vouch": bool(sum(known.offices)),
    }
    return render(request, "accounts/settings.html", context, status=status)


def _back(request):
    """Where the toggle was pressed, if that is a page of ours."""
    to = local_path(request, request.POST.get("next", ""))
    return to or reverse("accounts:settings" if request.user.is_authenticated else "account_login")
