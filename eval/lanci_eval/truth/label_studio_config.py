"""The controls of our Label Studio project and its labeling configuration.

Written for Label Studio 1.23 (https://labelstud.io/guide/task_format): every control that belongs to a rectangle is
``perRegion``, and results with the id of the rectangle are what was filled in for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from xml.etree import ElementTree as ET

from lanci.annotation.records import How
from lanci.document import HeaderRole
from lanci.facets import CLASSIFICATIONS, FUNDS, KINDS, SCOPES

IMAGE = "page"
"""Name of the object tag: the picture of the page."""
RECTANGLES = "region"
"""Name of the control that draws labelled rectangles."""


class Label(StrEnum):
    """What a rectangle is around."""

    TABLE = "table"
    CELL = "cell"
    REPEATED = "repeated header cell"


class Tag(StrEnum):
    """Control tags that fill in something for a rectangle, and the types of their results in lower case."""

    TEXT = "TextArea"
    NUMBER = "Number"
    CHOICE = "Choices"

    @property
    def member(self) -> str:
        """The member of a result's value that holds what was filled in."""
        return {Tag.TEXT: "text", Tag.NUMBER: "number", Tag.CHOICE: "choices"}[self]


@dataclass(frozen=True, slots=True)
class Control:
    """One field that is filled in for a rectangle of one of ``labels``.

    ``lines`` makes a text area of that height; ``many`` allows several texts, one after the other.
    """

    name: str
    tag: Tag
    labels: tuple[Label, ...]
    hint: str
    choices: tuple[str, ...] = ()
    lines: int = 1
    many: bool = False


_TABLE = (Label.TABLE,)
_CELL = (Label.CELL,)
_CELLS = (Label.CELL, Label.REPEATED)

CONTROLS: tuple[Control, ...] = (
    Control("text", Tag.TEXT, _CELLS, "text as printed; nothing for an empty cell"),
    Control("row", Tag.NUMBER, _CELLS, "row of the whole table, from 0 (repeated header: of the repetition)"),
    Control("col", Tag.NUMBER, _CELLS, "column, from 0"),
    Control("row_span", Tag.NUMBER, _CELLS, "rows it covers; nothing for 1"),
    Control("col_span", Tag.NUMBER, _CELLS, "columns it covers; nothing for 1"),
    Control("role", Tag.CHOICE, _CELL, "header cells only", tuple(HeaderRole)),
    Control("table_id", Tag.TEXT, _TABLE, "the same on all pages of the table: t001"),
    Control("first_row", Tag.NUMBER, _TABLE, "first row of the table on this page, from 0"),
    Control("last_row", Tag.NUMBER, _TABLE, "last row of the table on this page"),
    Control("row_roles", Tag.TEXT, _TABLE, "roles of the rows of this page, one a line", lines=6),
    Control("caption_lines", Tag.TEXT, _TABLE, "lines above the table on this page", many=True),
    Control("n_header_rows", Tag.NUMBER, _TABLE, "rows above the body, column numbers included (first page)"),
    Control("column_roles", Tag.TEXT, _TABLE, "roles of the columns, one a line (first page)", lines=6),
    Control("title", Tag.TEXT, _TABLE, "title without numbering (first page)"),
    Control("entity", Tag.TEXT, _TABLE, "entity in the caption (first page)"),
    Control("entity_code", Tag.TEXT, _TABLE, "its code (first page)"),
    Control("fiscal_year", Tag.NUMBER, _TABLE, "year in the caption (first page)"),
    Control("unit", Tag.TEXT, _TABLE, "unit in the caption (first page)"),
    Control("kind", Tag.CHOICE, _TABLE, "kind (first page)", KINDS),
    Control("fund", Tag.CHOICE, _TABLE, "fund (first page)", FUNDS),
    Control("scope", Tag.CHOICE, _TABLE, "scope (first page)", SCOPES),
    Control("classification", Tag.CHOICE, _TABLE, "classification (first page)", CLASSIFICATIONS),
    Control("notes", Tag.TEXT, _TABLE, "notes below the table (first page)", many=True),
    Control("companion", Tag.TEXT, _TABLE, "id of the table under the same title (first page)"),
    Control("how", Tag.CHOICE, _TABLE, "how it was verified (first page)", tuple(How)),
    Control("agreed", Tag.NUMBER, _TABLE, "cells accepted because readings agree (first page)"),
    Control("doubts", Tag.TEXT, _TABLE, "what was doubtful, and the rule that settled it (first page)", many=True),
    Control("remarks", Tag.TEXT, _TABLE, "remarks (first page)"),
    Control("inconsistencies", Tag.TEXT, _TABLE, "true errors of the source (first page)", many=True),
    Control("cells_without_box", Tag.TEXT, _TABLE, "cells that have no rectangle, as JSON", many=True),
    Control("repeated_without_box", Tag.TEXT, _TABLE, "repeated header cells without rectangle, as JSON", many=True),
)
"""Every field, in the order in which it is shown."""

CONTROL_BY_NAME = {control.name: control for control in CONTROLS}

_COLOURS = {Label.TABLE: "#d62728", Label.CELL: "#1f77b4", Label.REPEATED: "#ff7f0e"}


def to_labeling_config() -> str:
    """The labeling configuration (XML) that fits the tasks."""
    view = ET.Element("View")
    ET.SubElement(view, "Image", name=IMAGE, value="$image", zoom="true", zoomControl="true")
    labels = ET.SubElement(view, "RectangleLabels", name=RECTANGLES, toName=IMAGE, canRotate="false")
    for label in Label:
        ET.SubElement(labels, "Label", value=label.value, background=_COLOURS[label])
    for control in CONTROLS:
        _add(view, control)
    ET.indent(view, " ")
    return ET.tostring(view, encoding="unicode") + "\n"


def _add(view: ET.Element, control: Control) -> None:
    """The control under its hint, both shown when a rectangle that it belongs to is selected."""
    shown = ET.SubElement(
        view,
        "View",
        visibleWhen="region-selected",
        whenTagName=RECTANGLES,
        whenLabelValue=",".join(label.value for label in control.labels),
    )
    ET.SubElement(shown, "Header", value=f"{control.name}: {control.hint}", size="6")
    attributes = {"name": control.name, "toName": IMAGE, "perRegion": "true"}
    match control.tag:
        case Tag.TEXT:
            attributes |= {"editable": "true", "rows": str(control.lines)}
            if not control.many:
                attributes["maxSubmissions"] = "1"
        case Tag.NUMBER:
            attributes |= {"min": "0", "step": "1"}
        case Tag.CHOICE:
            attributes |= {"choice": "single", "layout": "select"}
    element = ET.SubElement(shown, control.tag.value, attributes)
    for choice in control.choices:
        ET.SubElement(element, "Choice", value=str(choice))
