"""How cells, companies and offices are shown to programs, and what the deeds about them are told."""
