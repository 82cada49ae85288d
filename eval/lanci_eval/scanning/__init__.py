"""Scan twins: digital pages turned into image-only pages with documented, seeded degradations.

``scan_pages`` makes a twin; ``Degradation`` says how bad it is, ``PROFILES`` are degradations with a name. The demo
scans are made by the same code. docs/scan-twins.md shows what each profile does.
"""

from __future__ import annotations

from lanci_eval.scanning.degradation import Degradation, SealPlace
from lanci_eval.scanning.pdf import page_to_pdf, pdf_to_bytes
from lanci_eval.scanning.profiles import DEFAULT_PROFILE, PROFILES, Profile, find_profile
from lanci_eval.scanning.scan import MAX_PIXELS, scan_page, scan_pages

__all__ = [
    "DEFAULT_PROFILE",
    "MAX_PIXELS",
    "PROFILES",
    "Degradation",
    "Profile",
    "SealPlace",
    "find_profile",
    "page_to_pdf",
    "pdf_to_bytes",
    "scan_page",
    "scan_pages",
]
