"""Stage ``source``: a path becomes pages, whatever kind of file it is.

Every input becomes a PDF in memory (pictures frame by frame, office files through LibreOffice), so that the
stages after this one know one kind of page only. What the file is comes from its bytes, never from its name,
and hostile files meet the limits of :class:`SourceOptions` before they are decoded.
"""

from lanci.discover import discover
from lanci.source.opened import Source, SourcePage, open_source
from lanci.source.options import SourceOptions

__all__ = ["Source", "SourceOptions", "SourcePage", "discover", "open_source"]
