"""Both suites the field keys may be used with, for the tests that seal, open or look up by a whole number."""

import pytest


def both_suites(test):
    """Run the test once with AES-256-GCM and HMAC-SHA-256, once with SM4-GCM and HMAC-SM3.

    ``ZHIBU_TEST_SUITE=sm`` runs any other test with the second.
    """
    test = pytest.mark.parametrize("field_suite", ["aes", "sm"], indirect=True)(test)
    # Named before anything the test asks for, so that the cast is sealed with the suite too.
    return pytest.mark.usefixtures("field_suite")(test)
