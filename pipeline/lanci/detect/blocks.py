"""The lines of one cell, put together."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.detect.pieces import Piece


@dataclass(slots=True)
class Block:
    """The lines of one cell."""

    x0: float
    y0: float
    x1: float
    y1: float
    last: float  # middle of the last line
    last_width: float

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    def add(self, piece: Piece) -> None:
        """Take in the next line."""
        self.x0, self.x1 = min(self.x0, piece.x0), max(self.x1, piece.x1)
        self.y0, self.y1 = min(self.y0, piece.y0), max(self.y1, piece.y1)
        self.last, self.last_width = piece.middle, piece.x1 - piece.x0


def piece_to_block(piece: Piece) -> Block:
    """A block of one line."""
    return Block(piece.x0, piece.y0, piece.x1, piece.y1, piece.middle, piece.x1 - piece.x0)
