"""How tokens and webhooks are shown to programs, and what the deeds about them are told."""
