"""What may stand in an address: a public code in its one spelling, and nothing that PostgreSQL could not be asked."""

from django.urls import register_converter


class CodeConverter:
    """A public code: ZB-0231, QY-0107, DY-7K3M9Q."""

    regex = r"[A-Z]{2}-[0-9A-Z]{4,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class MonthConverter:
    """A month: 2026-10."""

    regex = r"20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")
register_converter(MonthConverter, "month")
