"""All errors that a user can meet, under one root, and the exit codes of the command line.

A message names the file, the page where there is one, what is wrong and what to do next.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every ``lanci`` command."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2


class LanciError(Exception):
    """Root of all errors that lanci raises on purpose.

    Attributes:
        category: a short stable name for logs and ledgers, e.g. ``encrypted``.
        page: the page (from 1) where it happened, if one is to blame.
    """

    category = "error"

    def __init__(self, message: str, *, page: int | None = None) -> None:
        super().__init__(message)
        self.page = page


class UnsupportedInputError(LanciError):
    """The file is none of the kinds that lanci reads; the message says what it really is."""

    category = "unsupported"


class EncryptedError(LanciError):
    """The file needs a password, or the one given is wrong."""

    category = "encrypted"


class DamagedError(LanciError):
    """The file is truncated or damaged beyond repair."""

    category = "damaged"


class LimitError(LanciError):
    """The file is over a limit; the message names the limit and the option that raises it."""

    category = "limit"


class MissingPageError(LanciError):
    """A page was asked for that the document does not have."""

    category = "no-such-page"


class OverrideError(LanciError):
    """A join or split that the user asked for cannot be made; the message says where it is written."""

    category = "override"


class MissingProgramError(LanciError):
    """A program, package or model that this input needs is not installed; the message says how to get it."""

    category = "missing-program"


class ConversionError(LanciError):
    """An office file could not be converted."""

    category = "conversion"


class ModelError(LanciError):
    """A trained model is missing, newer than this version of lanci, or not one of ours."""

    category = "model"


class AnnotationError(LanciError):
    """An annotation file breaks its schema or contradicts itself."""

    category = "annotation"


class OutputError(LanciError):
    """The result could not be written."""

    category = "output"


class StoreError(LanciError):
    """A store of many documents cannot be worked on now; the message says what is in the way."""

    category = "store"


class ChangedInputError(LanciError):
    """A file is no longer the one that was seen when the run began."""

    category = "changed"


class StorageError(LanciError):
    """Storage behind an address cannot be reached or refuses; trying again may help."""

    category = "storage"


class EngineError(LanciError):
    """What documents are to be worked off with, a cluster, cannot be had."""

    category = "engine"
