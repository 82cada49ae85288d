"""The command ``lanci eval``. Importing this is quick: what is heavy is imported when a command runs."""

from lanci_eval.cli.commands import evaluate

__all__ = ["evaluate"]
