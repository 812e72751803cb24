"""The REST interface: one shape of problems, one parser, one way to be counted. The rest is in ``core.rest``."""

from django.utils.translation import gettext_lazy as _

REST_FRAMEWORK = {
    # The first names the way in that a 401 speaks of. Ways that need a password on every call are not offered.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "integrations.authentication.TokenAuthentication",
        "core.rest.doors.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.rest.doors.InScope"],
    "DEFAULT_THROTTLE_CLASSES": ["core.rest.doors.PerMinute"],
    "DEFAULT_PARSER_CLASSES": ["core.rest.reading.StrictJSON"],
    "DEFAULT_RENDERER_CLASSES": ["core.rest.writing.JSON"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.rest.writing.AlwaysFirst",
    "DEFAULT_SCHEMA_CLASS": "core.rest.schema.Operation",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "core.rest.wrapping.handle",
    "UPLOADED_FILES_USE_URL": False,
}
# Requests a minute for each token, and for each person signed in by a browser.
ZHIBU_REST_PER_MINUTE = 600

SPECTACULAR_SETTINGS = {
    "TITLE": _("支部接口"),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": ["core.rest.schema.complete"],
}
