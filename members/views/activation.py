"""M2, activation: who invites whom, four facts, what is told about one's data, a way to sign in. And inviting."""

import hashlib

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import purposes, signing_in
from cells.authority import held_by
from core.errors import Refusal
from core.forms import attempt, blame, posted
from core.once import shown_once
from members import letters
from members.activation_forms import DoubtForm, NoticeForm, SignInForm
from members.domain import activation
from members.views.records import member_to_keep

KEY = "activation"


@login_required
@never_cache
@require_POST
def member_invite(request, code):
    """Draw up an invitation, shown once to be handed on, and mailed where that can be done."""
    member = member_to_keep(request, code)
    context = {"member": member}
    try:
        path = activation.invite(member, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        return render(request, "members/invitation.html", context | {"refusal": refusal}, status=422)
    member.refresh_from_db()
    address = request.build_absolute_uri(path)
    context |= {
        "address": address,
        "qr": get_adapter().build_totp_svg(address),
        "mailed": letters.mail_invitation(member, address, by=request.user),
    }
    return shown_once(render(request, "members/invitation.html", context))


@never_cache
@sensitive_post_parameters("password", "again", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request, token):
    """One step at a time; how far somebody has come is kept in the session, so that leafing back does no harm."""
    found, member = activation.invited(token, on=timezone.localdate())
    if member is None:
        return render(request, "accounts/invitation_gone.html", {"invitation": found}, status=404)
    passed = _passed(request, token)
    context = {"token": token, "member": member, "inviter": found.by}
    if "confirmed" not in passed:
        return _confirm(request, passed, context)
    if passed.get("read") != purposes.CURRENT[purposes.NOTICE].version:
        return _inform(request, passed, context)
    return _open(request, passed, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request, token):
    """Something is wrong, or it is somebody else: whoever invited is told, and nothing opens."""
    found, member = activation.invited(token, on=timezone.localdate())
    if member is None:
        return render(request, "accounts/invitation_gone.html", {"invitation": found}, status=404)
    form = DoubtForm(posted(request))
    if request.method == "POST" and attempt(form, activation.doubt, token, on=timezone.localdate()):
        request.session.pop(KEY, None)
        return render(request, "members/activate_doubted.html", {"inviter": found.by})
    context = {"form": form, "token": token, "inviter": found.by}
    return render(request, "members/activate_doubt.html", context, status=422 if form.errors else 200)


def _passed(request, token):
    """The steps taken with this invitation in this browser."""
    mark = hashlib.sha256(token.encode()).hexdigest()
    kept = request.session.get(KEY, {})
    return kept if kept.get("of") == mark else {"of": mark}


def _on(request, passed, **step):
    request.session[KEY] = passed | step
    return redirect(request.path)


def _confirm(request, passed, context):
    if request.POST.get("step") == "facts":
        return _on(request, passed, confirmed=True)
    facts = activation.masked_facts(context["member"])
    return render(request, "members/activate.html", context | {"facts": facts})


def _inform(request, passed, context):
    asked = [purposes.MAIL, *([purposes.CALL] if held_by(context["member"].user) else [])]
    form = NoticeForm(request.POST if request.POST.get("step") == "notice" else None, asked=asked)
    if form.is_valid() and form.cleaned_data["version"] == purposes.CURRENT[purposes.NOTICE].version:
        return _on(request, passed, read=form.cleaned_data["version"], agreed=form.agreed)
    context |= {"form": form, "notice": purposes.CURRENT[purposes.NOTICE]}
    return render(request, "members/activate_notice.html", context)


def _open(request, passed, context):
    """The last step: with a passkey or a password, and in."""
    user, username = context["member"].user, activation.free_username(context["member"])
    to = reverse("members:me")
    known = {"confirmed": passed["confirmed"], "read": passed["read"], "agreed": passed["agreed"]}
    known |= {"on": timezone.localdate()}
    sent = request.POST if request.POST.get("step") == "way" else None
    with_passkey = sent is not None and "credential" in sent
    form = SignInForm(None if with_passkey else sent, user=user, username=username)
    if with_passkey:
        key_form = signing_in.passkey_form(user, sent)
        if key_form.is_valid() and (passkey := _opened_with(request, context, key_form, username, known)):
            request.session.pop(KEY, None)
            return signing_in.with_passkey(request, passkey.user, passkey, to=to)
        messages.error(request, _("没有添加成功。请再试一次，或设一个密码。"))
    elif sent is not None and attempt(form, activation.take_up, context["token"], **known):
        request.session.pop(KEY, None)
        return signing_in.with_password(request, form.done.user, to=to)
    options = signing_in.passkey_options(user, username=username)
    context |= {"form": form, "js_data": options, "username": user.username}
    return render(request, "members/activate_way.html", context, status=422 if sent is not None else 200)


def _opened_with(request, context, key_form, username, known):
    """The passkey with which the account was opened, or nothing where that was refused."""
    try:
        with transaction.atomic():
            member = activation.take_up(context["token"], username=username, **known)
            return signing_in.add_passkey(request, member.user, key_form)
    except Refusal as refusal:
        blame(key_form, None, str(refusal.message))
        return None
