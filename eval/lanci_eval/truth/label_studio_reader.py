"""Tasks of Label Studio, as exported in its JSON format, back to annotated documents.

Of each task the newest annotation that was not cancelled counts, where there is none the last prediction.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lanci.annotation.records import AnnotatedDocument, AnnotatedPage, Media, Narrative
from lanci.document import Box
from lanci.errors import AnnotationError
from lanci_eval.truth.label_studio_config import CONTROL_BY_NAME, RECTANGLES, Label, Tag
from lanci_eval.truth.regions import Region, regions_to_tables

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Page:
    """One task that was understood: the members of its data, and its rectangles."""

    where: str
    data: Json
    page: AnnotatedPage
    regions: tuple[Region, ...]


def read_tasks(paths: Sequence[Path]) -> tuple[AnnotatedDocument, ...]:
    """The documents whose pages are in the files, sorted by id; tables in the order of their ids.

    The documents are not checked: see :func:`lanci.annotation.check_annotations`.

    Raises:
        AnnotationError: a file is not in Label Studio's JSON format, its tasks were not made by our export, a page
            comes twice or is missing, or a rectangle lacks something; the message names file, task and rectangle.
    """
    pages: dict[str, list[_Page]] = defaultdict(list)
    for path in paths:
        for number, task in enumerate(_read_json(path), start=1):
            page = _read_task(task, f"{path.name}, task {number}")
            pages[page.data["document"]["id"]].append(page)
    return tuple(_to_document(name, pages[name]) for name in sorted(pages))


def _read_json(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnnotationError(f"{path} cannot be read ({error.strerror}); name a file of tasks") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: not a JSON file in UTF-8 ({error})") from error
    if not isinstance(content, list):
        raise AnnotationError(f"{path}: not a list of tasks; export the project from Label Studio as JSON")
    return content


def _read_task(task: Any, where: str) -> _Page:
    try:
        data = task["data"]
        page = AnnotatedPage(data["page"]["number"], float(data["page"]["width"]), float(data["page"]["height"]))
        where = f"{where} ({data['document']['id']}, page {page.number})"
        results = _newest(task)
    except (KeyError, TypeError, ValueError) as error:
        raise AnnotationError(
            f"{where}: not one of our tasks ({type(error).__name__}: {error}); import the tasks that lanci annotate "
            "export makes, and export them as JSON, not JSON-MIN"
        ) from error
    return _Page(where, data, page, _read_results(results, page, where))


def _newest(task: Json) -> list[Json]:
    done = [entry for entry in task.get("annotations") or [] if not entry.get("was_cancelled")]
    if done:
        # Times are ISO 8601 in UTC, so that the order of their texts is that of the times; of equals the last counts.
        newest = max(enumerate(done), key=lambda item: (str(item[1].get("updated_at") or ""), item[0]))[1]
    else:
        predictions = task.get("predictions") or []
        newest = predictions[-1] if predictions else {"result": []}
    results: list[Json] = newest["result"]
    return results


def _read_results(results: Iterable[Json], page: AnnotatedPage, where: str) -> tuple[Region, ...]:
    """The rectangles in their order, each with everything that was filled in for it."""
    rectangles: dict[str, Json] = {}
    texts: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    try:
        for result in results:
            if result["type"] == "relation":
                continue
            control, value = result["from_name"], result["value"]
            if control == RECTANGLES:
                rectangles[result["id"]] = result
            elif control in CONTROL_BY_NAME:
                texts[result["id"]][control] = _filled_in(value[CONTROL_BY_NAME[control].tag.member], control)
        return tuple(_to_region(result, texts[name], page, where) for name, result in rectangles.items())
    except (KeyError, TypeError, ValueError) as error:
        raise AnnotationError(
            f"{where}: a result is not in the format of Label Studio ({type(error).__name__}: {error}); export again"
        ) from error


def _filled_in(value: Any, control: str) -> tuple[str, ...]:
    if CONTROL_BY_NAME[control].tag is Tag.NUMBER:
        return (str(int(value)),)
    return tuple(str(text) for text in value) if isinstance(value, list) else (str(value),)


def _to_region(result: Json, texts: Mapping[str, tuple[str, ...]], page: AnnotatedPage, where: str) -> Region:
    value = result["value"]
    place = f"{where}, rectangle {result['id']}"
    labels = value["rectanglelabels"]
    if len(labels) != 1 or labels[0] not in tuple(Label):
        raise AnnotationError(f"{place}: labelled {labels}; give it one of the labels {', '.join(Label)}")
    if value.get("rotation") or result.get("image_rotation"):
        raise AnnotationError(f"{place}: is turned; draw it upright, on the picture as it was imported")
    x0, y0 = value["x"] * page.width / 100, value["y"] * page.height / 100
    x1, y1 = x0 + value["width"] * page.width / 100, y0 + value["height"] * page.height / 100
    return Region(
        id=result["id"],
        label=Label(labels[0]),
        page=page.number,
        # Annotation files hold hundredths of a point.
        box=Box(round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)),
        parent=result.get("parentID") or "",
        texts=texts,
        where=place,
    )


def _to_document(name: str, pages: Sequence[_Page]) -> AnnotatedDocument:
    pages = sorted(pages, key=lambda page: page.page.number)
    first = pages[0].data
    numbers = [page.page.number for page in pages]
    if numbers != list(range(1, first["n_pages"] + 1)):
        raise AnnotationError(
            f"{name}: tasks for pages {', '.join(map(str, numbers))} of {first['n_pages']}; "
            "give the tasks of all its pages, each once"
        )
    tables = regions_to_tables([region for page in pages for region in page.regions], name)
    try:
        about = dict(first["document"])
        about["media"] = Media(about["media"])
        return AnnotatedDocument(
            **about,
            n_pages=first["n_pages"],
            pages=tuple(page.page for page in pages),
            narrative=tuple(Narrative(**entry) for page in pages for entry in page.data["narrative"]),
            tables=tables,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AnnotationError(
            f"{name}: the data of its tasks are not those of our export ({type(error).__name__}: {error}); "
            "export the documents again"
        ) from error
