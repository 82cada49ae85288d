"""Stage ``show``: what was read, drawn over the pages it was read from."""

from lanci.show.locate import find_source
from lanci.show.overlay import ShowOptions, show_document

__all__ = ["ShowOptions", "find_source", "show_document"]
