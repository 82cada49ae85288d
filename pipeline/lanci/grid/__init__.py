"""Stage ``grid``: the cells of a table region, with rows, columns and spans."""

from lanci.grid.build import build_grid
from lanci.grid.fill import Filled, fill_from_words
from lanci.grid.shift import shift_grid

__all__ = ["Filled", "build_grid", "fill_from_words", "shift_grid"]
