"""What may stand in an address: a public code in its one spelling, and nothing that PostgreSQL could not be asked."""

from django.urls import register_converter


class CodeConverter:
    """A public code: ZB-0231, QY-0107, DY-7K3M9Q."""

    regex = r"[A-Z]{2}-[0-9A-Z]{4,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")
