"""``results.json``: a finished run on disk, from which every figure can be worked out again.

Everything before ``timings`` is the same, byte for byte, for two runs on the same inputs.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lanci.errors import DamagedError, LanciError, OutputError, UnsupportedInputError
from lanci.json_schema import JsonSchema
from lanci_eval.records import Status
from lanci_eval.results import (
    DatasetInfo,
    Estimate,
    ItemInfo,
    ItemResult,
    Mistake,
    Results,
    RunInfo,
    SystemInfo,
)
from lanci_eval.results.summarize import Slice

SCHEMA_ID = "lanci/eval/1"
RESULTS_SCHEMA = JsonSchema("lanci_eval.results", "results-1.schema.json")
FIGURE_DIGITS = 9
"""Significant digits of derived figures: more would differ between machines."""

Json = dict[str, Any]


def write_results(results: Results, slices: Sequence[Slice], path: Path) -> None:
    """Write ``results.json`` in one step.

    Args:
        results: the run.
        slices: its figures, see :func:`lanci_eval.results.summarize.summarize`.
        path: the file; an older one is replaced.

    Raises:
        OutputError: it cannot be written, or holds a number that is not finite.
    """
    try:
        text = json.dumps(results_to_json(results, slices), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    except ValueError as error:
        raise OutputError(f"{path.name}: a sum or a figure is not a finite number ({error})") from error
    write_file(path, text)


def write_file(path: Path, text: str) -> None:
    """Write a text file in UTF-8 so that nobody ever sees half of it; raises OutputError."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # a text that is no Unicode (a file name of another encoding) comes as lone surrogates
        temporary.write_bytes(text.encode("utf-8", "replace"))
        os.replace(temporary, path)  # noqa: PTH105 (says that an older file is replaced)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}; choose another folder") from error


def read_results(path: Path) -> Results:
    """Read ``results.json``; the derived figures in it are not used.

    Raises:
        UnsupportedInputError: there is no such file, or it holds something else.
        DamagedError: it breaks its schema or contradicts itself; the message names the place.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnsupportedInputError(
            f"cannot read {path}: {error.strerror or error}; name a results.json or run `lanci eval run` first"
        ) from error
    except UnicodeDecodeError as error:
        raise UnsupportedInputError(f"{path} is no text in UTF-8, so no results of lanci eval") from error
    try:
        return json_to_results(parse_json(text))
    except LanciError as error:
        raise type(error)(f"{path}: {error}") from error


def parse_json(text: str) -> object:
    """JSON without what JSON does not have: NaN, infinity, numbers that overflow, a name given twice.

    Raises:
        DamagedError: it is not such JSON.
    """
    try:
        data: object = json.loads(
            text, parse_constant=_refuse, parse_float=_parse_float, object_pairs_hook=_refuse_doubles
        )
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"not the JSON of a finished run ({str(error)[:200]}); repeat the run") from error
    return data


def results_to_json(results: Results, slices: Sequence[Slice]) -> Json:
    """The published form, timings last."""
    return {
        "schema": SCHEMA_ID,
        "run": {
            "software": _pairs(results.run.software),
            "machine": _pairs(results.run.machine),
            "options": _pairs(results.run.options),
            "datasets": [_dataset_to_json(dataset) for dataset in results.datasets],
            "systems": [_system_to_json(system) for system in results.systems],
        },
        "figures": [_slice_to_json(part) for part in slices],
        "outcomes": [_outcome_to_json(outcome) for outcome in results.outcomes],
        "timings": [
            {**_key(outcome), "seconds": outcome.seconds, "peak_mib": outcome.peak_mib} for outcome in results.outcomes
        ],
    }


def json_to_results(data: object) -> Results:
    """The records of the published form.

    Raises:
        UnsupportedInputError: something else, or of a version that this lanci does not read.
        DamagedError: it breaks the schema or contradicts itself.
    """
    checked = _check_schema(data)
    run = checked["run"]
    timings = {tuple(t[part] for part in ("dataset", "item", "system")): t for t in checked["timings"]}
    results = Results(
        RunInfo(_tuples(run["software"]), _tuples(run["machine"]), _tuples(run["options"])),
        tuple(_json_to_dataset(dataset) for dataset in run["datasets"]),
        tuple(
            SystemInfo(s["label"], s["name"], _tuples(s["options"]), _tuples(s["versions"]), s["unavailable"])
            for s in run["systems"]
        ),
        tuple(
            _json_to_outcome(o, timings.get((o["dataset"], o["item"], o["system"]), {})) for o in checked["outcomes"]
        ),
    )
    _check_references(results)
    return results


def _check_schema(data: object) -> Json:
    if not isinstance(data, dict) or not isinstance(data.get("schema"), str):
        raise UnsupportedInputError("no results of lanci eval: the JSON is no object with a text under 'schema'")
    if data["schema"] != SCHEMA_ID:
        raise UnsupportedInputError(
            f"the results are of schema {data['schema'][:80]!r}, this version of lanci reads {SCHEMA_ID!r}: "
            "repeat the run, or use the version of lanci that wrote them"
        )
    violation = next(RESULTS_SCHEMA.find_violations(data), None)
    if violation is not None:
        raise DamagedError(f"the results break their schema {SCHEMA_ID} at {violation}")
    return data


def _check_references(results: Results) -> None:
    """Every name once, and every outcome about something that the run has."""
    items = [(dataset.label, item.id) for dataset in results.datasets for item in dataset.items]
    systems = [system.label for system in results.systems]
    outcomes = [(outcome.dataset, outcome.item, outcome.system) for outcome in results.outcomes]
    _check_unique("dataset", [dataset.label for dataset in results.datasets])
    _check_unique("document", items)
    _check_unique("system", systems)
    _check_unique("outcome", outcomes)
    known, ran = set(items), set(systems)
    for dataset, item, system in outcomes:
        if (dataset, item) not in known or system not in ran:
            raise DamagedError(
                f"the results hold an outcome of {system!r} on {item!r} of {dataset!r}, which the run does not list; "
                "repeat the run"
            )


def _check_unique(what: str, names: Sequence[Hashable]) -> None:
    seen: set[Hashable] = set()
    for name in names:
        if name in seen:
            raise DamagedError(f"the results name {what} {name!r} twice; repeat the run")
        seen.add(name)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [list(pair) for pair in pairs]


def _tuples(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs)


def _dataset_to_json(dataset: DatasetInfo) -> Json:
    return {
        "label": dataset.label,
        "kind": dataset.kind,
        "options": _pairs(dataset.options),
        "items": [
            {
                "id": item.id,
                "group": item.group,
                "sha256": item.sha256,
                "n_pages": item.n_pages,
                "tags": _pairs(item.tags),
                "remarks": list(item.remarks),
            }
            for item in dataset.items
        ],
        "rejected": [{"id": name, "reason": reason} for name, reason in dataset.rejected],
    }


def _json_to_dataset(data: Json) -> DatasetInfo:
    return DatasetInfo(
        data["label"],
        data["kind"],
        _tuples(data["options"]),
        tuple(
            ItemInfo(i["id"], i["group"], i["sha256"], int(i["n_pages"]), _tuples(i["tags"]), tuple(i["remarks"]))
            for i in data["items"]
        ),
        tuple((rejected["id"], rejected["reason"]) for rejected in data["rejected"]),
    )


def _system_to_json(system: SystemInfo) -> Json:
    return {
        "label": system.label,
        "name": system.name,
        "options": _pairs(system.options),
        "versions": _pairs(system.versions),
        "unavailable": system.unavailable,
    }


def _slice_to_json(part: Slice) -> Json:
    systems: dict[str, dict[str, dict[str, Json]]] = {}
    for system in part.systems:
        metrics = systems.setdefault(system.system, {})
        for figure in system.figures:
            metrics.setdefault(figure.metric, {})[figure.info.name] = _estimate_to_json(figure.estimate)
    return {
        "dataset": part.dataset,
        "tag": None if part.tag is None else list(part.tag),
        "n_items": part.n_items,
        "n_groups": part.n_groups,
        "systems": systems,
    }


def _estimate_to_json(estimate: Estimate) -> Json:
    return {
        "value": _rounded(estimate.value),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
        "n_groups": estimate.n_groups,
        "undefined_draws": estimate.undefined_draws,
    }


def _outcome_to_json(outcome: ItemResult) -> Json:
    return {
        **_key(outcome),
        "status": str(outcome.status),
        "message": outcome.message,
        "remarks": list(outcome.remarks),
        "tallies": {metric: _sorted_sums(tally) for metric, tally in outcome.tallies},
        "mistakes": [_mistake_to_json(mistake) for mistake in outcome.mistakes],
    }


def _mistake_to_json(mistake: Mistake) -> Json:
    return {
        "table": mistake.table,
        "place": mistake.place,
        "expected": mistake.expected,
        "read": mistake.read,
        "marked": mistake.marked,
        "is_amount": mistake.is_amount,
        "page": mistake.page,
        "box": None if mistake.box is None else list(mistake.box),
        "weight": mistake.weight,
    }


def _json_to_outcome(data: Json, timing: Json) -> ItemResult:
    return ItemResult(
        data["dataset"],
        data["item"],
        data["system"],
        Status(data["status"]),
        data["message"],
        tuple(data["remarks"]),
        tuple(
            (metric, {name: float(value) for name, value in sums.items()}) for metric, sums in data["tallies"].items()
        ),
        tuple(_json_to_mistake(mistake) for mistake in data["mistakes"]),
        _optional_float(timing.get("seconds")),
        _optional_float(timing.get("peak_mib")),
    )


def _json_to_mistake(data: Json) -> Mistake:
    box = data["box"]
    return Mistake(
        data["table"],
        data["place"],
        data["expected"],
        data["read"],
        data["marked"],
        data["is_amount"],
        int(data["page"]),
        None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        float(data["weight"]),
    )


def _key(outcome: ItemResult) -> Json:
    return {"dataset": outcome.dataset, "item": outcome.item, "system": outcome.system}


def _sorted_sums(tally: Mapping[str, float]) -> dict[str, float]:
    """The sums by name, whole ones written without a fraction."""
    return {name: int(value) if float(value).is_integer() else value for name, value in sorted(tally.items())}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{FIGURE_DIGITS}g}")


def _optional_float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _parse_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is too large a number")
    return value


def _refuse_doubles(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
