"""How a message is signed, by Standard Webhooks: whoever has the secret can tell that it comes from here, unaltered."""

import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

PREFIX = "whsec_"
LENGTH = 32


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(LENGTH)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,<base64>``: HMAC-SHA256 over the message's id, the second it was sent and the body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, "sha256")).decode()


def headers(keys: Iterable[str], message_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """What goes along with a message: one signature for each secret that holds now."""
    timestamp = int(sent_at.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Zhibu-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, message_id, timestamp, body) for key in keys),
    }


def body(delivery: Any) -> bytes:
    """What a message says: what happened to which thing, and where it is read. Nothing of the thing itself."""
    gone = bool(delivery.place)
    data: dict[str, Any] = {"webhook": delivery.webhook.code}
    if delivery.resource:
        data |= {
            "resource": delivery.resource,
            "code": delivery.code,
            "url": None if gone else f"/api/v1/{delivery.resource}/{delivery.code}/",
            "gone": gone,
            "sequence": delivery.sequence,
        }
    happened = delivery.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said = {"type": delivery.type, "timestamp": happened, "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
