"""``{% csrf_token %}`` as every template has it, and beside it which drawing of the form this is.

Stands in for Django's own tag of that name (settings, ``builtins``): a form that is safe from forgery is thereby safe
from a second press, and none can be forgotten.
"""

import secrets
from typing import Any

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from core.forms import ONCE

register = template.Library()


class PostedOnceNode(CsrfTokenNode):
    def render(self, context: Context) -> Any:
        against_forgery = super().render(context)
        if not against_forgery:
            return against_forgery
        return against_forgery + format_html('<input type="hidden" name="{}" value="{}">', ONCE, secrets.token_hex(32))


@register.tag("csrf_token")
def csrf_token(parser: Any, token: Any) -> PostedOnceNode:
    return PostedOnceNode()
