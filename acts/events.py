"""Undoing changes the thing it is about; what else it changed, the act notes (``acts.touching``)."""

from audit.events import tell_of_the_thing

tell_of_the_thing("acts.undone")
