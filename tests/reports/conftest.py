import pytest


@pytest.fixture
def visit(client):
    """Whoever is named asks for a page."""

    def ask(person, address, **query):
        client.force_login(person)
        return client.get(address, query)

    return ask
