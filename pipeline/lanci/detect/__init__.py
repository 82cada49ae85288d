"""Stage ``detect``: which parts of a page are tables."""

from lanci.detect.regions import find_regions
from lanci.detect.tables import DetectOptions, find_tables, may_go_beyond

__all__ = ["DetectOptions", "find_regions", "find_tables", "may_go_beyond"]
