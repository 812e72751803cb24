"""Letting a program act for oneself, giving it a new secret, and ending that."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import telling
from audit import trail
from cells.domain import accounts
from cells.models import Cell
from core.errors import OutOfTurn, Refusal
from integrations import rules
from integrations.checks import read_networks
from integrations.choices import LONGEST_DAYS, Scope, implied
from integrations.models import Token
from notices.domain import post

MOST_LIVE = 20
PREFIX = "pbt_"

DRAWN_UP = gettext_lazy("您新建了令牌“%(name)s”，程序可以凭它代您办事。不是您本人新建的，请马上结束它并修改密码。")
ROTATED = gettext_lazy("令牌“%(name)s”换了新密钥，旧的已经失效。不是您本人换的，请马上结束它并修改密码。")
ENDED = gettext_lazy("您的令牌“%(name)s”已由%(who)s结束。")
RUNS_OUT = gettext_lazy("令牌“%(name)s”将于 %(on)s 到期。还要用的，请更换密钥；不用了的，请结束它。")


@transaction.atomic
def draw_up(
    cell: Cell, *, name: str, scopes: Collection[str], expires_on: date, networks: str = "", by: Any, on: date
) -> tuple[Token, str]:
    """Let a program act for ``by`` in ``cell`` and below; returns the token and what the program shows, told this once.

    For whoever sees the cell by an office, in person: a token draws up no token. Reading goes with what needs it.
    Refuses no scope and one of which ``by`` has nothing there, a last day that is past or more than a year away, an
    address that is none, and more than twenty live tokens.
    """
    holder = get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    _require_in_person(by)
    rules.DRAW_UP.require(by, cell)
    if Token.objects.visible_to(holder).live(on).count() >= MOST_LIVE:
        raise Refusal(_("您已有 %d 个有效的令牌，请先结束不用的。") % MOST_LIVE)
    secret = _draw()
    token = Token(
        holder=holder,
        cell=cell,
        name=name.strip(),
        scopes=_wanted(scopes, cell, by),
        networks=read_networks(networks),
        drawn_on=on,
        expires_on=_last_day(expires_on, on),
        session_round=holder.session_round,
    )
    token.secret_hash = Token.hashed(token.code, secret)
    token.full_clean(validate_constraints=False)
    token.save(force_insert=True)

    facts = {"scopes": token.scopes, "until": expires_on, "networks": token.networks}
    trail.record("integrations.token_drawn_up", token, by=by, at=cell.path, facts=facts)
    telling.tell(holder, DRAWN_UP, facts={"name": token.name})
    return token, _written(token, secret)


@transaction.atomic
def rotate(token: Token, *, expires_on: date, by: Any, on: date) -> tuple[Token, str]:
    """Give a live token a new secret and a new last day; the old secret opens nothing from then on.

    Only the holder may, in person. Refuses a token that is over, and a last day as ``draw_up`` does.
    """
    token = _lock(token)
    _require_in_person(by)
    if token.holder_id != by.pk:
        raise PermissionDenied
    if not token.is_live:
        raise OutOfTurn(_("这个令牌已经不能用了，请另建一个。"))
    secret = _draw()
    token.secret_hash = Token.hashed(token.code, secret)
    token.drawn_on, token.expires_on = on, _last_day(expires_on, on)
    token.save(update_fields=["secret_hash", "drawn_on", "expires_on"])

    trail.record("integrations.token_rotated", token, by=by, at=token.cell.path, facts={"until": expires_on})
    telling.tell(token.holder, ROTATED, facts={"name": token.name})
    return token, _written(token, secret)


@transaction.atomic
def end(token: Token, *, by: Any, on: date) -> Token:
    """Let nobody in with this token any more.

    For its holder, a program of theirs included, and for who keeps the holder's account. Refuses a second time.
    """
    token = _lock(token)
    if token.holder_id != by.pk:
        accounts.require_keeper(token.holder, by=by, on=on)
    if token.ended_at is not None:
        raise OutOfTurn(_("这个令牌已经结束，请刷新后再看。"))
    token.ended_at, token.ended_by_id = timezone.now(), by.pk
    token.save(update_fields=["ended_at", "ended_by"])

    trail.record("integrations.token_ended", token, by=by, at=token.cell.path, facts={"holder": token.holder.name})
    where = reverse("integrations:tokens")
    post.tell(token.holder, ENDED, by=by, url=where, facts={"name": token.name, "who": getattr(by, "name", "")})
    return token


@transaction.atomic
def remind(*, by: Any, on: date) -> int:
    """Tell the holders of tokens that run out on ``on``; how many there were. The clock does it, ahead of time."""
    found = list(Token.objects.expiring(on).select_related("holder"))
    for token in found:
        facts = {"name": token.name, "on": on.isoformat()}
        post.tell(token.holder, RUNS_OUT, by=by, url=reverse("integrations:token", args=[token.code]), facts=facts)
    return len(found)


def _wanted(scopes: Collection[str], cell: Cell, by: Any) -> list[str]:
    """The scopes asked for with those they imply, in the order of the table."""
    asked = {*scopes, *filter(None, map(implied, scopes))}
    if not asked:
        raise Refusal(_("请至少选一项用途。"), field="scopes")
    lacking = [scope for scope in Scope if scope in asked - set(rules.scopes_over(by, cell))]
    if lacking:
        words = {"cell": str(cell), "scope": str(lacking[0].label)}
        raise Refusal(_("您在%(cell)s没有“%(scope)s”的权限，请去掉这一项或另选党组织。") % words, field="scopes")
    return [scope.value for scope in Scope if scope in asked]


def _last_day(expires_on: date, on: date) -> date:
    if not on <= expires_on <= on + timedelta(days=LONGEST_DAYS):
        words = {"first": on, "last": on + timedelta(days=LONGEST_DAYS)}
        raise Refusal(_("有效期最长一年，请填写 %(first)s 至 %(last)s 之间的日期。") % words, field="expires_on")
    return expires_on


def _draw() -> str:
    return secrets.token_urlsafe(32)


def _written(token: Token, secret: str) -> str:
    return f"{PREFIX}{token.code}.{secret}"


def _require_in_person(by: Any) -> None:
    if not rules.acts_in_person(by):
        raise PermissionDenied


def _lock(token: Token) -> Token:
    return Token.objects.select_for_update(of=("self",)).select_related("holder", "cell").get(pk=token.pk)
