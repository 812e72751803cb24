"""C5, the settings: each choice holds at once, and every page works without a script. And where invitations lead."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import invitations, second_factor
from accounts.display import YEAR, Display
from accounts.domain import people
from accounts.forms import ActivateForm, DisplayForm, ProfileForm
from core.addresses import local_path
from core.forms import attempt


@login_required
@never_cache
@require_safe
def settings_page(request):
    return _show(request, ProfileForm(initial={"name": request.user.name, "email": request.user.email}))


@login_required
@require_POST
def profile(request):
    form = ProfileForm(request.POST)
    if attempt(form, people.correct_profile, request.user, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已保存"))
        return redirect("accounts:settings")
    return _show(request, form, status=422)


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


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Where an invitation leads: choose a name and a password, and be somebody who can sign in."""
    user = invitations.invited_by(token, on=timezone.localdate())
    if user is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    form = ActivateForm(request.POST or None, user=user)
    if request.method == "POST" and attempt(form, people.activate, user, by=user, on=timezone.localdate()):
        messages.success(request, _("账号已开通，请登录"))
        return redirect("account_login")
    context = {"form": form, "invited": user}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _show(request, form, status=200):
    user = request.user
    shown = {name: getattr(user, name) for name in ("text_size", "density", "theme", "language")}
    context = {
        "form": form,
        "display_form": DisplayForm(initial=shown | {"shortcuts": "on" if user.shortcuts else "off"}),
        "factors": second_factor.of(user).count(),
    }
    return render(request, "accounts/settings.html", context, status=status)


def _back(request):
    """Where the toggle was pressed, if that is a page of ours."""
    to = local_path(request, request.POST.get("next", ""))
    return to or reverse("accounts:settings" if request.user.is_authenticated else "account_login")
