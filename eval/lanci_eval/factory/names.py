"""Made-up places and people, and draws from lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_PROVINCES = ("云岭省", "澜东省", "朔原省", "沅西省", "黎海省", "岐北省")
_CITY_FIRST = "澄瀚柏岚棠荻栎蓼枫芷"
_CITY_SECOND = "陵浦宁川阳州"
_COUNTY_FIRST = "砚菡苇槐梓榆薇茗蔚筠"
_COUNTY_SECOND = "溪坪塘岗泉桥"
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("建华", "丽娟", "志强", "晓燕", "国栋", "玉梅", "海波", "春霞", "立新", "佳怡", "文斌", "雪松")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a made-up document was published; ``county`` is "" for a document of the city itself."""

    province: str
    city: str
    county: str

    @property
    def seat(self) -> str:
        """The government that it belongs to, as offices put it before their names."""
        return self.county or self.city


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """One of the options, each as likely as the others."""
    return options[int(rng.integers(len(options)))]


def chance(rng: np.random.Generator, probability: float) -> bool:
    """True with the given probability."""
    return bool(rng.random() < probability)


def sample(rng: np.random.Generator, options: Sequence[T], count: int) -> list[T]:
    """``count`` different options (all of them if there are fewer), in their own order."""
    count = min(count, len(options))
    chosen = sorted(int(index) for index in rng.permutation(len(options))[:count])
    return [options[index] for index in chosen]


def make_place(rng: np.random.Generator) -> Place:
    """A place that does not exist."""
    city = pick(rng, _CITY_FIRST) + pick(rng, _CITY_SECOND) + "市"
    county = pick(rng, _COUNTY_FIRST) + pick(rng, _COUNTY_SECOND) + pick(rng, ("县", "县", "区"))
    return Place(pick(rng, _PROVINCES), city, county if chance(rng, 0.6) else "")


def make_person(rng: np.random.Generator) -> str:
    """The name of nobody."""
    return pick(rng, _FAMILY) + pick(rng, _GIVEN)
