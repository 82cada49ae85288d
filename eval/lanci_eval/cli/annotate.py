"""The command ``lanci annotate``: a group whose commands are imported when they are asked for."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from importlib import import_module

import click

from lanci_eval.cli.extras import require_extra

COMMANDS = {
    "draft": "lanci_eval.truth.draft_command",
    "show": "lanci_eval.truth.show_command",
    "check": "lanci_eval.truth.check_command",
    "recheck": "lanci_eval.truth.recheck_command",
    "counts": "lanci_eval.truth.counts_command",
    "splits": "lanci_eval.truth.counts_command",
    "export": "lanci_eval.truth.exchange_command",
    "import": "lanci_eval.truth.exchange_command",
}
"""The module of every command, in the order of work; in it, the command is known by its name."""


class LazyGroup(click.Group):
    """A group of the commands in :data:`COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands in the order of work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        members = vars(import_module(module)).values()
        return next((m for m in members if isinstance(m, click.Command) and m.name == cmd_name), None)


@click.group(cls=LazyGroup, short_help="Draft, look at, check and exchange the ground truth.")
def annotate() -> None:
    """Work on annotated documents: the ground truth that models are trained on and systems are measured with.

    The format and the rules of annotation are in annotations/README.md.

    \b
    Examples:
      lanci annotate check annotations/
      lanci annotate COMMAND --help

    Exit codes: 0 all good, 1 something failed or is to be settled, 2 wrong usage.
    """
    require_extra()
