"""Named degradations: what offices, their machines and their shelves do to a page."""

from __future__ import annotations

from dataclasses import dataclass

from lanci_eval.scanning.degradation import Degradation, SealPlace

DEFAULT_PROFILE = "office"


@dataclass(frozen=True, slots=True)
class Profile:
    """A degradation with a name; ``summary`` says in one line where such pages come from."""

    name: str
    summary: str
    degradation: Degradation


_PROFILES = (
    Profile("office", "grey scan of an office machine at its usual setting; the demo scans", Degradation()),
    Profile(
        "coarse",
        "the same machine set to small files",
        Degradation(dpi=150, max_skew=1.0, blur=0.6, noise=4.0, specks=0.8, quality=35),
    ),
    Profile(
        "fine",
        "archive quality in colour; the machine whitens the paper",
        Degradation(
            dpi=300,
            max_skew=0.5,
            blur=0.9,
            noise=2.0,
            shade=0.0,
            specks=0.4,
            quality=75,
            colour=True,
            paper=255,
            ink=36,
        ),
    ),
    Profile(
        "sealed",
        "red seals over a number and at the lower right, in colour",
        Degradation(
            colour=True,
            paper=254,
            shade=0.02,
            quality=60,
            seals=(SealPlace.CELLS, SealPlace.LOWER_RIGHT),
        ),
    ),
    Profile(
        "sealed-grey",
        "the same seals in a grey scan, where colour cannot tell them from print",
        Degradation(seals=(SealPlace.CELLS, SealPlace.LOWER_RIGHT)),
    ),
    Profile(
        "sideways",
        "sheets fed sideways or upside down",
        Degradation(turns=(90, 180, 270)),
    ),
    Profile(
        "bleed",
        "thin paper: the back of the sheet shows through, mirrored",
        Degradation(bleed=0.15, paper=240),
    ),
    Profile(
        "photo-like",
        "taken with a telephone: perspective, uneven light, colour noise",
        Degradation(
            max_skew=1.5,
            blur=1.0,
            noise=4.0,
            shade=0.35,
            specks=0.0,
            quality=60,
            colour=True,
            paper=236,
            perspective=0.02,
        ),
    ),
    Profile(
        "worn",
        "an old copy: faint and blotchy toner, broken rules, many specks",
        Degradation(max_skew=1.2, blur=0.8, noise=5.0, shade=0.18, specks=3.0, paper=236, ink=44, fade=0.45, gaps=60.0),
    ),
)

PROFILES: dict[str, Profile] = {profile.name: profile for profile in _PROFILES}
"""All profiles by name."""


def find_profile(name: str) -> Profile:
    """The profile of this name; raises ValueError that lists the names there are."""
    if name not in PROFILES:
        raise ValueError(f"there is no profile {name!r}; the profiles are {', '.join(PROFILES)}")
    return PROFILES[name]


def profiles_to_markdown() -> str:
    """The table of docs/scan-twins.md."""
    lines = ["| profile | what it stands for | differs from `office` in |", "|---|---|---|"]
    lines += [f"| `{p.name}` | {p.summary} | {_differences(p.degradation)} |" for p in _PROFILES]
    return "\n".join(lines) + "\n"


def _differences(degradation: Degradation) -> str:
    usual = Degradation()
    return ", ".join(
        f"{name} {_value_to_text(getattr(degradation, name))}"
        for name in Degradation.__dataclass_fields__
        if getattr(degradation, name) != getattr(usual, name)
    )


def _value_to_text(value: object) -> str:
    if isinstance(value, tuple):
        return " + ".join(str(entry) for entry in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
