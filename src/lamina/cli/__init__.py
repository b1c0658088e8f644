"""The `lamina` command."""

from lamina.cli._main import app, main

__all__ = ["app", "main"]
