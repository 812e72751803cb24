"""Is this raw value right? For the page and the API alike."""

import ipaddress
import re

from django.utils.translation import gettext as _

from core.errors import Refusal
from integrations.choices import MOST_NETWORKS


def read_networks(text: str) -> list[str]:
    """The networks written in ``text``, one a line or with commas between, each in its one spelling.

    A single address stands for itself. Refuses what is no address, a network written with bits of a host, one that
    takes in every address, and more than twenty.
    """
    found: list[str] = []
    for written in filter(None, re.split(r"[\s,，、;；]+", text)):
        try:
            network = ipaddress.ip_network(written)
        except ValueError:
            words = {"written": written[:45]}
            raise Refusal(
                _("“%(written)s”不是地址或网段，请写成 203.0.113.7 或 203.0.113.0/24。") % words, field="networks"
            ) from None
        if network.prefixlen == 0:
            raise Refusal(_("“%s”包括所有地址，不限制地址的请留空。") % network, field="networks")
        if str(network) not in found:
            found.append(str(network))
    if len(found) > MOST_NETWORKS:
        raise Refusal(_("最多写 %d 个地址或网段，请合并成较大的网段。") % MOST_NETWORKS, field="networks")
    return found
