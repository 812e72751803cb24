"""Links that keep the scope somebody chose."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def link(context: RequestContext, name: str, *args: Any, **query: Any) -> str:
    """The address of a page, with the scope of this one: ``{% link "cells:cell" cell.code %}``.

    Further answers go into its query. Pages of apps above may be named too; where there is none, nothing comes out.
    """
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    request = context["request"]
    asked = request.GET.copy()
    asked.clear()
    if request.GET.get("scope") and getattr(request, "scope", None):
        asked["scope"] = request.scope.code
    for key, value in query.items():
        asked[key] = value
    return f"{path}?{asked.urlencode()}" if asked else path
