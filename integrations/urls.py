"""Pages of tokens and webhooks."""

from django.urls import path

import core.converters  # noqa: F401 -- "code" in the addresses below
from integrations.views import tokens, webhooks

app_name = "integrations"
# Whole addresses: some stand among the settings, some beside the people they are about.
urlpatterns = [
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/new/", tokens.draw_up, name="token-new"),
    path("settings/tokens/<code:code>/", tokens.token, name="token"),
    path("settings/tokens/<code:code>/secret/", tokens.rotate, name="token-rotate"),
    path("settings/tokens/<code:code>/end/", tokens.end, name="token-end"),
    path("settings/integrations/", webhooks.overview, name="overview"),
    path("settings/integrations/new/", webhooks.set_up, name="webhook-new"),
    path("settings/integrations/<code:code>/", webhooks.webhook, name="webhook"),
    path("settings/integrations/<code:code>/edit/", webhooks.edit, name="webhook-edit"),
    path("settings/integrations/<code:code>/secret/", webhooks.rotate, name="webhook-rotate"),
    path("settings/integrations/<code:code>/replay/", webhooks.replay, name="webhook-replay"),
    path("settings/integrations/<code:code>/end/", webhooks.end, name="webhook-end"),
    path("settings/integrations/<code:code>/<slug:verb>/", webhooks.step, name="webhook-step"),
    path("settings/people/<slug:code>/tokens/", tokens.person_tokens, name="person-tokens"),
]
