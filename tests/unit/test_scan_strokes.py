"""Strokes among the texts of a scan."""

from __future__ import annotations

import numpy as np

from lanci.document import Raster, Rule
from lanci.page import without_rules


def test_long_level_rules_leave_the_picture_and_nothing_else_does() -> None:
    image = np.full((400, 600), 255, np.uint8)
    image[199:202, 100:500] = 40
    image[100:140, 300:303] = 40
    raster = Raster(image, 2.0)
    rules = [
        Rule(True, 100.25, 50.0, 250.0, 1.5),
        Rule(False, 150.75, 50.0, 70.0, 1.5),
        Rule(True, 60.0, 148.0, 154.0, 1.0),
    ]
    bare = without_rules(raster, rules)
    assert (bare.image[190:210] == 255).all()
    assert (bare.image[:190] == image[:190]).all()
    assert (image[199:202, 100:500] == 40).all()
    assert without_rules(raster, rules[1:]) is raster


def test_characters_of_seals_leave_the_picture_with_the_rules() -> None:
    image = np.full((400, 600), 255, np.uint8)
    image[100:140, 300:303] = 120
    signs = np.zeros_like(image)
    signs[90:150, 290:310] = 255
    bare = without_rules(Raster(image, 2.0, signs=signs), ())
    assert (bare.image == 255).all()
    assert bare.signs is None
    assert image.min() == 120
