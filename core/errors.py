class Refusal(Exception):
    """The house says no, in a sentence meant for the person who asked.

    ``field`` names the answer to blame, when one answer is to blame.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class OutOfTurn(Refusal):
    """The step is a real one, but not from where things stand now."""
