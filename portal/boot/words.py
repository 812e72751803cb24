"""What the set-up says, always on stderr: stdout belongs to the command that was asked for."""

import sys


def say(words: str) -> None:
    sys.stderr.write(f"zhibu: {words}\n")
    sys.stderr.flush()


def give_up(words: str) -> SystemExit:
    """To be raised: ends the program with one sentence."""
    return SystemExit(f"zhibu: {words}")
