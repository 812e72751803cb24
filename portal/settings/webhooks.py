"""Where webhooks may send to. What is let through here is reached from inside the network the portal stands in."""

from portal.settings.environment import flag, items

# Receivers in the deployer's own network: without this, every private, local and reserved address is refused.
ZHIBU_WEBHOOKS_ALLOW_PRIVATE = flag("ZHIBU_WEBHOOKS_ALLOW_PRIVATE")
# For trying out on one's own machine: without this, only https is sent to.
ZHIBU_WEBHOOKS_ALLOW_HTTP = flag("ZHIBU_WEBHOOKS_ALLOW_HTTP")
# Ports a receiver may listen on; "any" allows every one.
ZHIBU_WEBHOOKS_PORTS = items("ZHIBU_WEBHOOKS_PORTS", "443,8443,80")
