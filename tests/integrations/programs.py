"""Tokens of the cast, and programs that show one."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from integrations.domain import tokens

READING = ("cells:read", "members:read")


def drawn(holder, cell, *scopes, **more):
    """A token of ``holder`` over ``cell``, and what a program shows."""
    today = timezone.localdate()
    asked = {"name": "名册同步", "expires_on": today + timedelta(days=90)} | more
    return tokens.draw_up(cell, scopes=scopes or READING, by=holder, on=today, **asked)


def program(shown, address="203.0.113.7"):
    """A program that shows this token at every request, and nothing else."""
    return Client(headers={"Authorization": f"Bearer {shown}"}, REMOTE_ADDR=address)
