"""What programs hold: tokens, webhooks with their deliveries, and the answers kept for requests sent twice."""

from integrations.models.answers import KeptAnswer
from integrations.models.tokens import Token
from integrations.models.webhooks import Delivery, Webhook

__all__ = ["Delivery", "KeptAnswer", "Token", "Webhook"]
