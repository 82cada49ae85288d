"""Commands that other packages add to ``lanci``: each an entry point, loaded when it is asked for.

The layers allow no import of those packages here, and a package that fails must not take the others with it.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from lanci.errors import MissingProgramError

ENTRY_POINTS = "lanci.commands"


class PluginGroup(click.Group):
    """A group that also holds the commands of the entry point group ``plugins``; its own come first.

    A command that cannot be loaded is listed as such and says why when it is called.
    """

    def __init__(self, *args: Any, plugins: str = ENTRY_POINTS, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self._plugins = plugins

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, those of other packages last."""
        own = super().list_commands(ctx)
        return own + sorted(entry_points(group=self._plugins).names - set(own))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now where it comes from another package."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        for entry in entry_points(group=self._plugins, name=cmd_name):
            return _load(entry)
        return None


def _load(entry: EntryPoint) -> click.Command:
    try:
        command = entry.load()
    except Exception as error:  # noqa: BLE001 (another package's code: its failure is no failure of lanci)
        return _broken(entry, f"{type(error).__name__}: {error}")
    if not isinstance(command, click.Command):
        return _broken(entry, f"{entry.value} is no command")
    return command


def _broken(entry: EntryPoint, reason: str) -> click.Command:
    line = " ".join(reason.split())

    def fail() -> None:
        raise MissingProgramError(
            f"the command {entry.name!r} cannot be loaded from {entry.module} ({line}); "
            "install again the package that it comes from"
        )

    return click.Command(
        entry.name,
        callback=fail,
        short_help=f"Not available: {line}",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
