import pytest

from tests.integrations.receiver import listening


@pytest.fixture
def receiver(settings):
    """A receiver on this machine, which alone the tests let webhooks send to."""
    settings.ZHIBU_WEBHOOKS_ALLOW_PRIVATE = settings.ZHIBU_WEBHOOKS_ALLOW_HTTP = True
    settings.ZHIBU_WEBHOOKS_PORTS = ["any"]
    with listening() as receiver:
        yield receiver
