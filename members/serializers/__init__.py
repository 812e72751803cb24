"""How members and what hangs on their records are shown to programs, and what the deeds about them are told."""
