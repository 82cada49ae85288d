"""The interface of what works documents off: processes of this machine, or actors of a cluster.

An engine knows nothing of the ledger. It has :func:`lanci.bulk.document_work.do_document` called on each task in some
process, and gives back one end for every task, in any order.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Protocol

from lanci.bulk.tasks import DocumentEnd, DocumentTask, EngineNote


class Engine(Protocol):
    """Works documents off."""

    @property
    def slots(self) -> int:
        """How many documents are worked on at a time."""

    def run(self, tasks: Iterator[DocumentTask]) -> Generator[DocumentEnd | EngineNote, None, None]:
        """Work off all tasks and yield what comes of them. May be called again, with what is to be tried again.

        A task is taken from the iterator only when there is room for it: what is taken counts as begun. Every task
        taken gives exactly one end. A crash, a hang or a lost machine is an end with ``retry``; nothing is raised
        for what a document can cause. Closing the generator ends everything that is in work.
        """
