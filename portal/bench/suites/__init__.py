"""What is measured, a suite for each kind of work. Every suite answers with gates and with a table for the eye."""

from dataclasses import dataclass, field

from portal.bench.harness import CONTROL, Gate, Rounds


@dataclass
class Report:
    """What one suite found. ``notes`` say what is no gate; ``void`` why its clocks say nothing."""

    suite: str
    gates: list[Gate] = field(default_factory=list)
    milliseconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    void: list[str] = field(default_factory=list)
    # What plans and counts found wrong: exact, whatever the clocks say.
    broken: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return not self.broken and all(gate.held for gate in self.gates)

    def lines(self) -> list[str]:
        """The report for a screen."""
        return [
            f"— {self.suite}",
            *(f"  {name:44} {value:10.2f} ms" for name, value in self.milliseconds.items()),
            *(f"  {gate}" for gate in self.gates),
            *(f"  {note}" for note in self.notes),
            *(f"  BROKEN {what}" for what in self.broken),
            *(f"  VOID {why}" for why in self.void),
        ]


def say(report: Report, found: Rounds, control: str) -> None:
    """Put the medians into the report, and what the control says of the machine."""
    report.milliseconds |= {name: found.milliseconds(name) for name in found.seconds if name != CONTROL}
    said = f"{control} against itself: {found.control(control)}"
    (report.void if found.is_void(control) else report.notes).append(said)
