"""The commands and what they share: help, version, and errors without a traceback."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import lamina
from lamina.cli._demo import demo
from lamina.cli._doctor import doctor
from lamina.errors import LaminaError

app = typer.Typer(
    name="lamina",
    help="Deep learning for people who have data and a question.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help starts twice as fast, and reads the same in a pipe
)
app.command()(demo)
app.command()(doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lamina {lamina.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an error made for the user is shown as the sentence it is."""
    try:
        app()
    except LaminaError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)
