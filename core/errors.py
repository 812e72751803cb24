class Refusal(Exception):
    """The house says no, in a sentence meant for the person who asked.

    ``field`` names the answer to blame, when one answer is to blame; ``row`` counts, from nought, the item to blame
    in a deed that takes many; whoever asked for them adds in ``rows`` what the answer that held them is called.
    """

    rows = ""

    def __init__(self, message: str, *, field: str | None = None, row: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.row = row

    def __str__(self) -> str:
        return str(self.message)


class OutOfTurn(Refusal):
    """The step is a real one, but not from where things stand now."""


class Stale(OutOfTurn):
    """Somebody else changed the thing since the person who asks last saw it."""
