"""Which of the lines below a table are notes to it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lanci.caption.lines import TextLine
from lanci.caption.phrases import (
    begins_list,
    is_about_the_table,
    is_item,
    is_labelled,
    is_note,
    is_open_note,
    says_unit_or_entity,
    split_at_labels,
)
from lanci.text import join_lines

# Between a table and its first note, and between two notes, in line heights.
_MAX_NOTE_GAP = 3.0
_LEADING = 1.2
_SAME_SIZE = 0.1


def notes_below(bottom: float, lines: Sequence[TextLine], end: float = math.inf) -> list[TextLine]:
    """Note lines right under a table, with the lines that continue a note.

    Args:
        bottom: where the table ends.
        lines: what stands below it, from top to bottom.
        end: where the next table begins.
    """
    notes: list[TextLine] = []
    several = False  # the note is a list or a mark alone, so that it has several paragraphs
    signed = False
    for index, line in enumerate(lines):
        near = line.box.y0 - bottom <= _MAX_NOTE_GAP * line.size
        begins = is_note(line.text) or (not notes and is_about_the_table(line.text))
        signs = not begins and _signs_off(line, signed)
        if signs and end < math.inf:
            following = lines[index + 1].box.y0 if index + 1 < len(lines) else end
            if notes and following - line.box.y1 < line.box.y0 - bottom:
                break  # what stands nearer to the next table announces that (出库登记：)
        if not near or not (begins or signs or (notes and _continues(notes[-1], line, several))):
            break
        if begins:
            several = is_open_note(line.text) or begins_list(line.text)
        signed = signs or (signed and begins)
        notes.append(line)
        bottom = line.box.y1
    return notes


def join_notes(lines: Sequence[TextLine]) -> tuple[str, ...]:
    """One text a note: the lines that do not begin a note continue the one above."""
    notes: list[list[str]] = []
    signed = False
    for line in lines:
        signs = _signs_off(line, signed)
        if not notes or signs or is_note(line.text):
            notes.append([line.text])
        else:
            notes[-1].append(line.text)
        signed = signs
    return tuple(join_lines(note) for note in notes)


def _continues(note: TextLine, line: TextLine, several: bool) -> bool:
    """Whether a line goes on with the note above it, which ends with its full stop unless it has more paragraphs."""
    if line.box.y0 - note.box.y1 >= _LEADING * line.size:
        return False
    same_size = abs(note.size - line.size) <= _SAME_SIZE * note.size
    if several and (same_size or is_item(line.text)):
        return True
    return not note.text.endswith("。")


def _signs_off(line: TextLine, signed: bool) -> bool:
    """Whether a line says who signs for the table: labels only (单位负责人： 审核人：), after such a line also one."""
    parts = [part for piece in line.pieces for part in split_at_labels(piece)]
    if len(parts) < 2 and not signed:
        return False
    return all(is_labelled(part) and not says_unit_or_entity(part) for part in parts)
