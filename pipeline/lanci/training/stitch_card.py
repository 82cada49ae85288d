"""The card of the model of links: what it was fitted on, what each sign counts, and how it does on unseen places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lanci.stitch.evidence import Sign
from lanci.training.stitch_figures import BreakVerdict, LinkFigures, measure_reliability
from lanci.training.stitch_fit import SHARES, FittedLinks
from lanci.training.stitch_samples import BreakSample

_SHOWN_FAILURES = 12


def links_to_card(
    samples: Sequence[BreakSample],
    fitted: FittedLinks,
    figures: Sequence[LinkFigures],
    verdicts: Sequence[BreakVerdict],
    versions: Mapping[str, str],
) -> str:
    """The card in Markdown; nothing in it depends on the time or the machine."""
    parts = [
        _introduction(fitted),
        _data(samples),
        _method(fitted),
        _figures(figures),
        _reliability(verdicts),
        _failures(verdicts),
        _weights(samples, fitted),
        _caveats(versions),
    ]
    return "\n\n".join(parts) + "\n"


def _introduction(fitted: FittedLinks) -> str:
    model = fitted.model
    return f"""# {model.name} {model.version}

A logistic regression on the signs that a part of one page goes on with a table of the pages before. It says how
probable that is; which parts are joined is solved for all pages of a run together.

**Use**: stage `stitch` of lanci. **Not for**: fragments that other programs found and labelled."""


def _data(samples: Sequence[BreakSample]) -> str:
    lines = [
        "## Data",
        "",
        f"{len(samples)} page breaks at which a table may go on, of {len({s.document for s in samples})} documents of "
        f"{len({s.place for s in samples})} places (cities, or layout families of made-up documents). Their fragments "
        "were labelled by models that saw neither their place nor the forms held out with it; some have true labels, "
        "true labels with mistakes, or texts misread as by OCR.",
        "",
        "| breaks | count | joins | share of the whole |",
        "|---|---|---|---|",
    ]
    for origin, share in SHARES.items():
        own = [sample for sample in samples if sample.origin is origin]
        lines.append(f"| {origin} | {len(own)} | {sum(s.joined for s in own)} | {share:.0%} |")
    return "\n".join(lines)


def _method(fitted: FittedLinks) -> str:
    return f"""## Method

Every sign has a strength from -1 (against a join) to 1 (for it) and two weights, for each side one; none is negative. A
sign whose weight would come out against its meaning has none. Regularisation (C = {fitted.inverse_strength:g}) and a
factor of {fitted.slope:.3f} on all log odds were chosen on held-out places. All figures below are of models that saw
nothing of the place they judge."""


def _figures(figures: Sequence[LinkFigures]) -> str:
    lines = [
        "## Held-out places",
        "",
        "Breaks are wrong silently where nothing marks them as doubtful. Pairs are pairs of fragments of one table.",
        "",
        "| breaks | count | wrong | silently | marked | precision of pairs | recall | F1 | tables whole | Brier |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.origin} | {one.breaks} | {one.wrong} | {one.silent} | {one.doubtful} | {one.precision:.4f} "
        f"| {one.recall:.4f} | {one.f1:.4f} | {one.whole} of {one.tables} | {one.brier:.5f} |"
        for one in figures
    ]
    return "\n".join(lines)


def _reliability(verdicts: Sequence[BreakVerdict]) -> str:
    lines = ["## Reliability", "", "| probability | breaks | mean | joins |", "|---|---|---|---|"]
    lines += [
        f"| {one.low:g} to {one.high:g} | {one.breaks} | {one.mean:.4f} | {one.joined / one.breaks:.4f} |"
        for one in measure_reliability(verdicts)
    ]
    return "\n".join(lines)


def _failures(verdicts: Sequence[BreakVerdict]) -> str:
    wrong = sorted(
        (verdict for verdict in verdicts if not verdict.right),
        key=lambda v: (v.doubtful, -abs(v.probability - 0.5), v.document, v.page, v.origin),
    )
    lines = ["## Worst mistakes", "", "| document | breaks | probability | joined |", "|---|---|---|---|"]
    lines += [
        f"| {one.document}, page {one.page} | {one.origin} | {one.probability:.3f} | {'yes' if one.joined else 'no'} |"
        for one in wrong[:_SHOWN_FAILURES]
    ]
    return "\n".join(lines if wrong else [*lines[:2], "None."])


def _weights(samples: Sequence[BreakSample], fitted: FittedLinks) -> str:
    seen = Counter((piece.sign, piece.strength > 0) for sample in samples for piece in sample.evidence)
    model = fitted.model
    lines = [
        "## Weights",
        "",
        f"Log odds of one unit of strength; without any sign they are {model.bias:+.2f}.",
        "",
        "| sign | for | seen | against | seen |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {sign} | {model.gains[sign]:.2f} | {seen[sign, True]} | {-model.losses[sign]:.2f} | {seen[sign, False]} |"
        for sign in Sign
    ]
    return "\n".join(lines)


def _caveats(versions: Mapping[str, str]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return f"""## Limits

Tables without title, header, numbers and labels are hardly to be told apart, and are marked. Rare signs were seen on
few documents; their weights lean on breaks that were made anew.

Fitted with {packages}."""
