"""Stage ``detect``: which parts of a page are tables."""

from lanci.detect.regions import find_regions
from lanci.detect.tables import DetectOptions, find_tables, may_go_beyond
from lanci.detect.unclaimed import has_amounts_in_columns

__all__ = ["DetectOptions", "find_regions", "find_tables", "has_amounts_in_columns", "may_go_beyond"]
