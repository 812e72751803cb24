"""Tokens and webhooks for programs, and who a program is."""
