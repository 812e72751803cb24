"""One's own tokens, and who asks. New secrets are for people alone: a token gets no token."""

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from cells.authority import held_by
from cells.models import Cell
from core.rest import asking
from core.rest.deeds import deed, tells
from core.rest.problems import Problem
from core.rest.resource import Door, Resource
from integrations import rules
from integrations.domain import tokens
from integrations.filters import TokenCriteria
from integrations.models import Token
from integrations.serializers import tokens as told


class Tokens(Resource):
    """One's own tokens."""

    model = Token
    base = scope = "tokens"
    shape = told.TokenShape
    criteria = TokenCriteria
    orders = {"code": "pk", "expires_on": "expires_on"}

    def reach(self):
        return Token.objects.visible_to(self.by).select_related("holder", "cell")

    @deed(_("新建令牌"), answers=told.DrawUpAnswers, may=rules.DRAW_UP, shape=told.DrawnShape, secret=True)
    def create(self, cell, **answers):
        self._require_in_person()
        return _shown(*tokens.draw_up(cell, by=self.by, on=self.today, **answers))

    @deed(_("更换密钥"), answers=told.RotateAnswers, shape=told.DrawnShape, secret=True)
    def rotate(self, token, **answers):
        self._require_in_person()
        return _shown(*tokens.rotate(token, by=self.by, on=self.today, **answers))

    @deed(_("结束令牌"))
    def end(self, token):
        return tokens.end(token, by=self.by, on=self.today)

    def _require_in_person(self):
        """As on the page: the password was given a short while ago."""
        if not rules.acts_in_person(self.by):
            raise PermissionDenied
        if is_reauthentication_required(self.request._request, app="account"):
            raise Problem("not-allowed", _("请先在网页上再输入一次密码，再来办理。"))


class Me(Door):
    """Who asks, with what, and how far that carries today."""

    base = "me"

    @tells(_("本人和令牌的权限"), shape=told.MeShape)
    def list(self, request):
        asking.refuse_unknown(request.query_params, ())
        token = request.auth
        me = {
            "code": self.by.code,
            "name": self.by.name,
            "token": token.code if token else None,
            "scopes": token.scopes if token else None,
            "expires_on": token.expires_on if token else None,
            "reach": _reach(self.by),
        }
        return Response(told.MeShape(me).data)


def _reach(user):
    """Each stretch with the powers held over it; a constant number of queries."""
    found = {}
    for held in held_by(user):
        for power in held.grants():
            found.setdefault(held.span(power), set()).add(str(power))
    codes = dict(Cell.objects.filter(path__in={span.path for span in found}).values_list("path", "code"))
    stretches = sorted(found, key=lambda span: (span.path, span.below))
    return [{"cell": codes[span.path], "below": span.below, "powers": sorted(found[span])} for span in stretches]


def _shown(token, shown):
    token.shown = shown
    return token
