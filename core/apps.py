from django import forms
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        # What every question says that was left open and has no sentence of its own.
        forms.Field.default_error_messages["required"] = _("请填写这一项")
        autodiscover_modules("data_map")
