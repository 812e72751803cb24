"""The way from a list to its file, for templates."""

from django import template
from django.urls import reverse

from core.lists.listing import listing_named
from ledgers.domain.exports import may_export

register = template.Library()


@register.simple_tag
def export_url(table):
    """Where the list is taken out as it is shown; nothing for whoever may take nothing out."""
    if listing_named(table.listing.name) is None or not table.listing.may_leave or not may_export(table.user):
        return ""
    scope = table.scope.code if table.scope else None
    return f"{reverse('exports:new', args=[table.listing.name])}{table.asked.query_with(scope=scope)}"
