"""Train the model of links: material, streams, samples, weights, figures on unseen places, artefact and card."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path

from lanci.artefact import lanci_version
from lanci.stitch.model import FEATURE_SET, KIND, MODEL_NAME, model_to_content
from lanci.training.artefact import content_to_bytes, write_artefact
from lanci.training.material import Material, load_material
from lanci.training.stitch_card import links_to_card
from lanci.training.stitch_figures import LinkFigures, Solved, measure_links, solve_stream
from lanci.training.stitch_fit import FittedLinks, fit_links, fit_without
from lanci.training.stitch_samples import BreakSample, LabelledStream, material_to_streams, stream_to_samples

_PACKAGES = ("numpy", "scikit-learn", "skops")

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """What to learn links from, and where the artefact goes.

    Attributes:
        annotations: folders of annotations (see :func:`lanci.training.material.load_material`).
        output: where ``stitch-links/VERSION/`` is written.
        version: semantic version of the new model.
        made: folders of made-up documents.
        dry_run: measure only, write nothing.
    """

    annotations: tuple[Path, ...]
    output: Path
    version: str
    made: tuple[Path, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What was written where (None for a dry run), from how many breaks, and how the model does on unseen places."""

    folder: Path | None
    n_samples: int
    figures: tuple[LinkFigures, ...]


def train_links(order: LinkOrder, tell: Tell) -> LinkReport:
    """Train the model that weighs the signs of page breaks; the same data give the same bytes.

    Args:
        order: what to train from.
        tell: told of every step that is done.

    Raises:
        AnnotationError: annotations are missing, break the schema, contradict themselves, or are too few.
        OutputError: the model cannot be written.
    """
    material = load_material(order.annotations, order.made)
    tell(f"read {len(material.real)} documents, {len(material.made)} made-up ones")
    streams = list(material_to_streams(material, tell))
    samples = [sample for stream in streams for sample in stream_to_samples(stream)]
    tell(f"looked at {len(samples):,} page breaks")
    fitted = fit_links(samples, order.version)
    solved = _solve_held_out(streams, samples, fitted, tell)
    figures = measure_links(solved)
    folder = None if order.dry_run else order.output / MODEL_NAME / order.version
    if folder is not None:
        _write(folder, material, samples, fitted, solved)
    return LinkReport(folder, len(samples), tuple(figures))


def _solve_held_out(
    streams: Iterable[LabelledStream], samples: Sequence[BreakSample], fitted: FittedLinks, tell: Tell
) -> list[Solved]:
    """Every stream stitched with a model that saw nothing of its place."""
    by_place: dict[str, list[LabelledStream]] = {}
    for stream in streams:
        by_place.setdefault(stream.stream.place, []).append(stream)
    solved = []
    for place in sorted(by_place):
        model = fit_without(samples, place, fitted)
        solved += [solve_stream(stream, model) for stream in by_place[place]]
        tell(f"measured without {place}")
    return solved


def _write(
    folder: Path,
    material: Material,
    samples: Sequence[BreakSample],
    fitted: FittedLinks,
    solved: Sequence[Solved],
) -> None:
    versions = {name: package_version(name) for name in _PACKAGES}
    figures = measure_links(solved)
    model = content_to_bytes(model_to_content(fitted.model))
    meta: dict[str, object] = {
        "name": MODEL_NAME,
        "version": fitted.model.version,
        "minimum_lanci": lanci_version(),
        "feature_set": FEATURE_SET,
        "training_data_sha256": material.sha256,
        "documents": sorted(document.id for document in material.real),
        "n_made": len(material.made),
        "n_samples": len(samples),
        "versions": versions,
        "trusted_types": list(KIND.trusted_types),
        "scores": [
            {
                "breaks": str(one.origin),
                "count": one.breaks,
                "wrong": one.wrong,
                "silent": one.silent,
                "doubtful": one.doubtful,
                "f1": round(one.f1, 5),
                "brier": round(one.brier, 5),
            }
            for one in figures
        ],
    }
    verdicts = [verdict for one in solved for verdict in one.verdicts]
    write_artefact(folder, model, meta, links_to_card(samples, fitted, figures, verdicts, versions))
