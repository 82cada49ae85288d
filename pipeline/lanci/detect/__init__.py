"""Stage ``detect``: which parts of a page are tables."""

from lanci.detect.borderless import find_borderless
from lanci.detect.regions import DetectOptions, find_regions, needs_second_detector

__all__ = ["DetectOptions", "find_borderless", "find_regions", "needs_second_detector"]
