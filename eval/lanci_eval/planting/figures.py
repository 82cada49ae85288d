"""Figures of planted misreadings: how many are noticed, where, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from lanci.document import ConflictVerdict
from lanci_eval.metrics.base import FigureInfo, Figures, Tally, share
from lanci_eval.planting.records import SINGLE_DIGIT, Kind, Proposal, Trial

INFOS = (
    FigureInfo("planted", "Misreadings planted.", higher_is_better=None, percent=False),
    FigureInfo(
        "covered",
        "Share of them in amounts under a constraint: a certain one that holds of the print fails with what is read.",
        higher_is_better=None,
    ),
    FigureInfo("flagged", "Share in an amount under a constraint that is flagged: it or its row is in a finding."),
    FigureInfo(
        "constrained",
        "Share in amounts that some certain constraint has, also where rounding or like changes hide the misreading.",
        higher_is_better=None,
    ),
    FigureInfo("flagged_constrained", "Share of the latter that is flagged."),
    FigureInfo("flagged_all", "The same of all misreadings, under a constraint or not."),
    FigureInfo("named_first", "Share of flagged single amounts that a finding names before all others."),
    FigureInfo(
        "wrongly_proven", "Share in an amount under a constraint that counts as proven then.", higher_is_better=False
    ),
    FigureInfo("proposed", "Share of misread single digits under a constraint for which a reading is proposed."),
    FigureInfo("proposals_right", "Share of the proposals, for misreadings of any kind, that are what is printed."),
    FigureInfo("told_misread", "Share of flagged misreadings under a constraint that a finding calls misread."),
    FigureInfo(
        "told_wrong",
        "Share of flagged misreadings under a constraint that are said to be in the source.",
        higher_is_better=False,
    ),
    FigureInfo("source_errors", "Errors of the source planted, all read as printed.", None, percent=False),
    FigureInfo("source_flagged", "Share of those under a constraint that are flagged."),
    FigureInfo("source_told", "Share of flagged errors of the source that are said to be in the source."),
    FigureInfo(
        "source_told_misread",
        "Share of flagged errors of the source that are called misread.",
        higher_is_better=False,
    ),
    FigureInfo(
        "source_proposals",
        "Errors of the source for which a reading is proposed, which is always wrong.",
        higher_is_better=False,
    ),
)


class PlantedFigures:
    """Makes figures of sums of :func:`trials_to_tally`."""

    name: ClassVar[str] = "planting"
    infos: ClassVar[tuple[FigureInfo, ...]] = INFOS

    def figures(self, sums: Mapping[str, float]) -> Figures:
        """The figures of some sums: one for every entry of ``infos``, None where undefined."""

        def count(name: str) -> float:
            return sums.get(name, 0.0)

        planted, covered = count("planted"), count("covered")
        return {
            "planted": planted or None,
            "covered": share(covered, planted),
            "flagged": share(count("covered_flagged"), covered),
            "constrained": share(count("constrained"), planted),
            "flagged_constrained": share(count("constrained_flagged"), count("constrained")),
            "flagged_all": share(count("flagged"), planted),
            "named_first": share(count("first"), count("single_flagged")),
            "wrongly_proven": share(count("proven"), covered),
            "proposed": share(count("digits_proposed"), count("digits_covered")),
            "proposals_right": share(count("right"), count("right") + count("wrong")),
            "told_misread": share(count("told_misread"), count("covered_flagged")),
            "told_wrong": share(count("told_source"), count("covered_flagged")),
            "source_errors": count("source") or None,
            "source_flagged": share(count("source_covered_flagged"), count("source_covered")),
            "source_told": share(count("source_told"), count("source_covered_flagged")),
            "source_told_misread": share(count("source_told_misread"), count("source_covered_flagged")),
            "source_proposals": share(count("source_proposed"), count("source")),
        }


def trials_to_tally(trials: Iterable[Trial]) -> Tally:
    """The sums of some trials, those of one document or of many."""
    sums: Tally = {}
    for trial in trials:
        for name, counted in (_count_source(trial) if trial.kind is Kind.SOURCE_ERROR else _count(trial)).items():
            sums[name] = sums.get(name, 0.0) + counted
    return sums


def _count(trial: Trial) -> dict[str, bool]:
    proposed = trial.proposal is not Proposal.NONE
    single = trial.kind in _SINGLE and trial.flagged
    digits = trial.kind in SINGLE_DIGIT and trial.covered
    return {
        "planted": True,
        "covered": trial.covered,
        "flagged": trial.flagged,
        "covered_flagged": trial.covered and trial.flagged,
        "constrained": trial.constrained,
        "constrained_flagged": trial.constrained and trial.flagged,
        "single_flagged": single,
        "first": single and trial.first,
        "proven": trial.covered and trial.proven,
        "digits_covered": digits,
        "digits_proposed": digits and proposed,
        "told_misread": trial.covered and trial.flagged and trial.verdict is ConflictVerdict.MISREADING,
        "told_source": trial.covered and trial.flagged and trial.verdict is ConflictVerdict.SOURCE,
        "right": trial.proposal is Proposal.RIGHT,
        "wrong": trial.proposal is Proposal.WRONG,
    }


def _count_source(trial: Trial) -> dict[str, bool]:
    return {
        "source": True,
        "source_covered": trial.covered,
        "source_covered_flagged": trial.covered and trial.flagged,
        "source_told": trial.covered and trial.flagged and trial.verdict is ConflictVerdict.SOURCE,
        "source_told_misread": trial.covered and trial.flagged and trial.verdict is ConflictVerdict.MISREADING,
        "source_proposed": trial.proposal is not Proposal.NONE,
    }


_SINGLE = SINGLE_DIGIT | {
    Kind.LOST_MINUS,
    Kind.LOST_POINT,
    Kind.SWAPPED_SIGN,
    Kind.LOST_AMOUNT,
    Kind.INVENTED_AMOUNT,
}
"""The kinds that alter one cell."""
