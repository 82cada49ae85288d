"""Reading a document's folder back."""

from __future__ import annotations

import json
from pathlib import Path

from lanci.document import Document
from lanci.errors import DamagedError, UnsupportedInputError
from lanci.store.decode import json_to_document
from lanci.store.write import DOCUMENT_FILE


def read_document(folder: Path) -> Document:
    """The document that :func:`lanci.store.write.write_document` wrote into ``folder``.

    Raises:
        UnsupportedInputError: the folder holds no document, or one of another schema version.
        DamagedError: ``document.json`` is no JSON or breaks its schema.
    """
    path = folder / DOCUMENT_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnsupportedInputError(
            f"{folder} is no result of lanci parse: {path} cannot be read ({error.strerror or error})"
        ) from error
    return bytes_to_document(content, str(path))


def bytes_to_document(content: bytes, name: str) -> Document:
    """The document in the bytes of a ``document.json``; ``name`` is for messages. Errors as above."""
    try:
        data = json.loads(content, parse_float=_text_to_number)
        if b"\\ud" in content.lower():
            json.dumps(data, ensure_ascii=False).encode()  # half a character, which no file can hold, fails here
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{name} is no JSON ({error}): parse the source again") from error
    try:
        return json_to_document(data)
    except (DamagedError, UnsupportedInputError) as error:
        raise type(error)(f"{name}: {error}") from error
    except OverflowError as error:
        raise DamagedError(f"{name} has a number beyond all measure ({error}): parse the source again") from error


def _text_to_number(text: str) -> int | float:
    """A number with a fraction or an exponent; a whole one is an integer, however it is written."""
    number = float(text)
    return int(number) if number.is_integer() else number
