"""Who may speak to the public."""

from cells.authority import Rule
from cells.choices import Power

PUBLISH = Rule(Power.PUBLISH, cell="publisher")
PUBLISH_AS = Rule(Power.PUBLISH, cell="")
