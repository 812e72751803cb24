"""How imports, exports and jobs are shown to programs, and what their deeds are told."""
