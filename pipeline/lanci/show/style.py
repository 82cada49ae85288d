"""Colours and sizes of the overlay. Colours are RGB with components from 0 to 1, lengths are points."""

from __future__ import annotations

from lanci.document import HeaderRole, Severity

Color = tuple[float, float, float]

ROLE_COLORS: dict[HeaderRole | None, Color] = {
    HeaderRole.ROW_NUMBER: (0.45, 0.45, 0.45),
    HeaderRole.COLUMN_NUMBER: (0.65, 0.60, 0.25),
    HeaderRole.SUBJECT_CODE: (0.10, 0.35, 0.80),
    HeaderRole.SUBJECT_NAME: (0.15, 0.60, 0.85),
    HeaderRole.UNIT_CODE: (0.40, 0.25, 0.70),
    HeaderRole.UNIT_NAME: (0.60, 0.40, 0.85),
    HeaderRole.PROJECT_CODE: (0.70, 0.20, 0.55),
    HeaderRole.PROJECT_NAME: (0.85, 0.45, 0.70),
    HeaderRole.ITEM: (0.00, 0.55, 0.50),
    HeaderRole.AMOUNT: (0.10, 0.60, 0.20),
    HeaderRole.QUANTITY: (0.50, 0.65, 0.10),
    HeaderRole.TEXT: (0.55, 0.38, 0.22),
    HeaderRole.GROUP: (0.95, 0.60, 0.10),
    None: (0.2, 0.2, 0.2),
}
# the worst first
SEVERITY_COLORS: dict[Severity, Color] = {
    Severity.ERROR: (0.85, 0.05, 0.05),
    Severity.WARNING: (0.90, 0.40, 0.00),
    Severity.INFO: (0.10, 0.30, 0.70),
}
REVIEW_COLOR: Color = (0.90, 0.00, 0.35)
TABLE_COLOR: Color = (0.05, 0.15, 0.45)
INK: Color = (0.1, 0.1, 0.1)
WHITE: Color = (1.0, 1.0, 1.0)

HEADER_TINT = 0.28
FONT = "china-s"
LABEL_SIZE = 8.0
TEXT_SIZE = 8.5
LINE_HEIGHT = 12.0
PANEL_WIDTH = 250.0
PANEL_MARGIN = 10.0
HATCH_STEP = 5.0
