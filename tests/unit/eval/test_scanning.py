"""Scans are seeded, every step changes what it should, and nothing of the digital page is left but its picture."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest
from click.testing import CliRunner

from lanci.errors import LimitError
from lanci_eval.scanning import PROFILES, Degradation, SealPlace, find_profile, page_to_pdf, scan_page, scan_pages
from lanci_eval.scanning.__main__ import main
from lanci_eval.scanning.profiles import profiles_to_markdown
from lanci_eval.scanning.scanner import add_noise, blur, encode_jpeg, project, shading, skew, speckle
from lanci_eval.scanning.seal import DIAMETER, seal_cover, stamp_seal
from lanci_eval.scanning.sheet import bleed_through, drop_toner, fade_print, print_sheet, turn_sheet

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "tests" / "resources" / "demo" / "linxi-2021.pdf"
CLEAN = Degradation(max_skew=0, blur=0, noise=0, shade=0, specks=0, quality=95, paper=255, ink=0)
PAPER = 240.0


@cache
def demo() -> bytes:
    return DEMO.read_bytes()


@cache
def two_pages() -> bytes:
    """300 x 400 points; page 1 has a bar at the top left and an amount, page 2 a bar at the lower left."""
    document = pymupdf.open()
    for number, y in ((1, 20), (2, 340)):
        page = document.new_page(width=300, height=400)
        page.draw_rect((20, y, 120, y + 40), fill=(0, 0, 0))
        page.insert_text((130, 250), f"{number},234.56", fontsize=10)
    return document.tobytes()


def open_pdf(data: bytes) -> pymupdf.Document:
    return pymupdf.open(stream=data, filetype="pdf")


def see(settings: Degradation, number: int = 1, seed: int = 5) -> np.ndarray:
    with open_pdf(two_pages()) as source:
        return scan_page(source, number, seed, settings)


def blank(height: int = 400, width: int = 300) -> np.ndarray:
    return np.full((height, width), PAPER, dtype=np.float32)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


# The whole way


@pytest.mark.parametrize("name", ["office", "sealed", "worn"])
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    settings = replace(find_profile(name).degradation, dpi=100)
    first = scan_pages(demo(), [3, 4], 1, settings)
    assert first == scan_pages(demo(), [3, 4], 1, settings)
    assert first != scan_pages(demo(), [3, 4], 2, settings)


def test_a_page_looks_the_same_whatever_other_pages_are_asked_for() -> None:
    settings = replace(PROFILES["worn"].degradation, dpi=100)
    both, alone = open_pdf(scan_pages(demo(), [3, 4], 1, settings)), open_pdf(scan_pages(demo(), [4], 1, settings))
    assert both[1].get_pixmap().samples == alone[0].get_pixmap().samples
    assert both[0].get_pixmap().samples != alone[0].get_pixmap().samples


@pytest.mark.parametrize("name", PROFILES)
def test_a_twin_is_one_picture_of_the_page_without_text(name: str) -> None:
    settings = replace(find_profile(name).degradation, dpi=90)
    (page,) = twin = open_pdf(scan_pages(demo(), [3], 1, settings))
    assert page.get_text() == "" and not page.get_fonts() and not page.get_drawings()
    (image,) = page.get_image_info()
    assert tuple(image["bbox"]) == pytest.approx(tuple(page.rect), abs=0.1)
    assert image["colorspace"] == (3 if settings.colour else 1)
    assert image["width"] == pytest.approx(page.rect.width / 72 * 90, abs=1)
    assert twin.extract_image(page.get_images()[0][0])["ext"] == "jpeg"
    with open_pdf(demo()) as source:
        assert sorted(page.rect.br) == sorted(source[2].rect.br)


def test_a_clean_scan_is_the_page() -> None:
    with open_pdf(two_pages()) as source:
        pixmap = source[0].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
        page = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    np.testing.assert_array_equal(see(replace(CLEAN, dpi=150)), page)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_sideways_pages(turn: int) -> None:
    settings = replace(CLEAN, dpi=72, turns=(turn,))
    (page,) = open_pdf(scan_pages(two_pages(), [1], 1, settings))
    assert tuple(page.rect.br) == ((300, 400) if turn == 180 else (400, 300))
    image = see(settings)
    # The bar of the top left goes round clockwise.
    y, x = {90: (70, 360), 180: (360, 230), 270: (230, 40)}[turn]
    assert image[y, x] == 0
    assert np.count_nonzero(image < 50) == pytest.approx(np.count_nonzero(see(replace(CLEAN, dpi=72)) < 50))


def test_turning_a_step_on_leaves_the_rest_of_the_page_as_it_was() -> None:
    plain = replace(PROFILES["office"].degradation, dpi=100)
    without, stamped = see(plain), see(replace(plain, seals=(SealPlace.LOWER_RIGHT,)))
    changed = np.argwhere(without != stamped)
    assert len(changed) > 1000
    assert np.ptp(changed, axis=0).max() < DIAMETER * 1.15 / 72 * 100


def test_the_back_of_the_sheet_shines_through_mirrored() -> None:
    settings = replace(CLEAN, dpi=72, bleed=0.2)
    first, second = see(settings, 1), see(settings, 2)
    assert 195 <= first[360, 230] <= 210, "the bar of page 2 at the lower left"
    assert first[360, 70] == 255
    assert 195 <= second[40, 230] <= 210, "the bar of page 1 at the top left"
    three = open_pdf(two_pages())
    three.new_page(width=300, height=400)
    last = scan_page(three, 3, 5, settings)
    assert 195 <= last[360, 230] <= 210, "the third sheet has no other side: page 2 stands in"
    single = page_to_pdf(open_pdf(two_pages()), 1)
    with open_pdf(single) as source:
        assert 195 <= scan_page(source, 1, 5, settings)[40, 230] <= 210, "a page alone is its own back"


def test_red_seals_and_print_under_them() -> None:
    settings = replace(CLEAN, dpi=150, colour=True, seals=(SealPlace.CELLS,))
    image = see(settings).astype(int)
    red = (image[..., 0] - image[..., 1] > 60) & (image[..., 0] > 180)
    assert 0.05 < red.sum() / (DIAMETER / 72 * 150) ** 2 < 0.5
    # All of it is on the page, over the amount.
    rows, cols = np.nonzero(red)
    middle = np.array([rows.min() + rows.max(), cols.min() + cols.max()]) / 2 * 72 / 150
    assert middle == pytest.approx((247, 155), abs=8)
    plain = see(replace(settings, seals=())).astype(int)
    assert np.all(image[plain.max(axis=2) < 20] < 20), "black print stays black"


def test_a_seal_on_a_grey_scan_is_grey_and_may_reach_over_the_edge() -> None:
    sheet = blank()
    stamp_seal(sheet, rng(), center=(0, 0), dpi=72)
    stamp_seal(sheet, rng(), center=(-500, 900), dpi=72)
    assert PAPER * 0.4 < sheet.min() < PAPER * 0.75
    assert np.all(sheet[80:] == PAPER)
    assert np.all(sheet[:, 80:] == PAPER)


def test_the_seal_has_a_ring_a_star_and_characters() -> None:
    cover = seal_cover(150)
    side, radius = cover.shape[0], DIAMETER / 2 / 72 * 150
    ys, xs = np.mgrid[:side, :side] - (side - 1) / 2
    distance = np.hypot(ys, xs) / radius
    assert cover[(distance > 0.95) & (distance < 0.98)].min() > 0.5
    assert cover[distance < 0.1].min() > 0.9
    assert cover[distance > 1.05].max() == 0
    between = cover * ((distance > 0.55) & (distance < 0.9))
    n_parts, _ = cv2.connectedComponents((between > 0.5).astype(np.uint8))
    assert n_parts > 8


# Single steps


def test_print_has_the_levels_of_ink_and_paper() -> None:
    sheet = print_sheet(np.array([[0, 255]], dtype=np.uint8), paper=236, ink=44)
    assert sheet.tolist() == [[44, 236]]


@pytest.mark.parametrize("degrees", [-1.5, 0.8])
def test_skew_turns_a_line(degrees: float) -> None:
    sheet = blank()
    sheet[199:202] = 0
    turned = skew(sheet, degrees, int(PAPER))
    ys, xs = np.nonzero(turned[:, 20:-20] < 100)
    slope = np.polyfit(xs, ys, 1)[0]
    assert np.degrees(np.arctan(-slope)) == pytest.approx(degrees, abs=0.1)


def test_perspective_moves_corners_inwards_each_by_itself() -> None:
    sheet = blank()
    for y in (2, 397):
        for x in (2, 297):
            cv2.circle(sheet, (x, y), 2, 0.0, -1)
    seen = project(sheet, rng(), reach=0.1, paper=int(PAPER))
    _, _, _, centers = cv2.connectedComponentsWithStats((seen < 120).astype(np.uint8))
    ordered = sorted(centers[1:].tolist(), key=lambda c: (c[1] > 200, c[0] > 150))
    moves = [
        abs(c[0] - x) + abs(c[1] - y)
        for c, (x, y) in zip(ordered, [(2, 2), (297, 2), (2, 397), (297, 397)], strict=True)
    ]
    assert all(1 <= c[0] <= 298 and 1 <= c[1] <= 398 for c in ordered)
    assert max(moves) < 2 * 0.1 * 300 + 2
    assert len({round(move) for move in moves}) == 4


def test_blur_softens_an_edge_and_keeps_the_mean() -> None:
    sheet = blank()
    sheet[:, 150:] = 0
    soft = blur(sheet, 2.0)
    assert np.abs(np.diff(soft, axis=1)).max() < np.abs(np.diff(sheet, axis=1)).max() / 3
    assert soft.mean() == pytest.approx(sheet.mean(), rel=0.01)


def test_noise_has_its_deviation_in_every_channel_by_itself() -> None:
    sheet = np.full((300, 300, 3), PAPER, dtype=np.float32)
    noise = add_noise(sheet, rng(), 4.0) - sheet
    assert noise.std(axis=(0, 1)) == pytest.approx([4, 4, 4], rel=0.05)
    assert abs(np.corrcoef(noise[..., 0].ravel(), noise[..., 1].ravel())[0, 1]) < 0.02


def test_uneven_light_is_smooth_and_within_its_depth() -> None:
    field = shading((400, 300), rng(), 0.3)
    assert 0.7 <= field.min() < field.max() <= 1
    assert np.abs(np.diff(field, axis=0)).max() < 0.005
    assert shading((400, 300, 3), rng(), 0.3).shape == (400, 300, 1)


def test_specks_gaps_and_faint_toner() -> None:
    dusty = blank(1000, 1000)
    speckle(dusty, rng(), per_square_inch=2.0, dpi=100)
    n_specks, _ = cv2.connectedComponents((dusty < PAPER).astype(np.uint8))
    assert n_specks - 1 == pytest.approx(200, abs=15)
    lined = blank()
    lined[::10] = 20
    broken = lined.copy()
    drop_toner(broken, rng(), per_square_inch=200, paper=int(PAPER), dpi=200)
    assert np.all(broken >= lined)
    assert 0.002 < np.mean(broken[::10] == PAPER) < 0.2
    faint = fade_print(lined, rng(), depth=0.5, paper=int(PAPER), dpi=200)
    assert np.all(faint[1::10] == PAPER)
    assert 20 <= faint[::10].min() < faint[::10].max() <= 20 + 0.5 * (PAPER - 20) + 0.1


def test_the_back_may_be_of_another_size() -> None:
    back = np.zeros((200, 500), dtype=np.float32)
    through = bleed_through(blank(), back, strength=0.5, paper=int(PAPER), dpi=72)
    assert through.shape == (400, 300)
    assert through[100, 150] == pytest.approx(PAPER / 2)
    assert through[300, 150] == pytest.approx(PAPER)


def test_jpeg_quality_decides_the_size_and_colours_stay() -> None:
    image = see(replace(CLEAN, dpi=150, noise=5.0))
    assert len(encode_jpeg(image, 30)) < len(encode_jpeg(image, 60)) < len(encode_jpeg(image, 95))
    red = np.zeros((32, 32, 3), dtype=np.uint8)
    red[..., 0] = 255
    decoded = cv2.imdecode(np.frombuffer(encode_jpeg(red, 95), dtype=np.uint8), cv2.IMREAD_COLOR)
    assert decoded[16, 16, 2] > 240 > 20 > decoded[16, 16, 0]


def test_turn_sheet_is_clockwise() -> None:
    sheet = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float32)
    assert turn_sheet(sheet, 90).tolist() == [[4, 1], [5, 2], [6, 3]]
    assert turn_sheet(sheet, 0).tolist() == sheet.tolist()


# Limits


@pytest.mark.parametrize(
    "wrong",
    [
        {"dpi": 71},
        {"dpi": 601},
        {"quality": 101},
        {"shade": 1.1},
        {"bleed": -0.1},
        {"noise": -1.0},
        {"paper": 20},
        {"turns": ()},
        {"turns": (45,)},
        {"perspective": 0.5},
        {"max_skew": float("nan")},
    ],
)
def test_impossible_degradations(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).replace("paper", "ink")):
        replace(Degradation(), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("pages", "message"), [([], "at least one page"), ([0], "no page 0"), ([1, 3], "no page 3")])
def test_pages_that_are_not_there(pages: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scan_pages(two_pages(), pages, 1)


def test_a_page_too_large_for_memory_is_refused() -> None:
    document = pymupdf.open()
    document.new_page(width=10_000, height=10_000)
    with pytest.raises(LimitError, match="page 1 has 772 million pixels at 200 dpi"):
        scan_pages(document.tobytes(), [1], 1)


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no profile 'fax'; the profiles are office, coarse"):
        find_profile("fax")


# Documentation and command


def test_the_table_of_profiles_is_documented() -> None:
    text = (ROOT / "docs" / "scan-twins.md").read_text(encoding="utf-8")
    assert profiles_to_markdown() in text
    for name in Degradation.__dataclass_fields__:
        assert f"`{name}`" in text, f"{name} is not described"
    (picture,) = re.findall(r"!\[.*\]\((.*)\)", text)
    assert (ROOT / "docs" / picture).stat().st_size < 400 * 1024


def test_the_command_makes_twins_and_the_picture_sheet(tmp_path: Path) -> None:
    twin, sheet = tmp_path / "twin.pdf", tmp_path / "sheet.jpg"
    options = ["--profile", "coarse", "--page", "3", "--page", "5", "--seed", "4"]
    result = CliRunner().invoke(main, ["twin", str(DEMO), "-o", str(twin), *options])
    assert result.exit_code == 0, result.output
    assert twin.read_bytes() == scan_pages(demo(), [3, 5], 4, PROFILES["coarse"].degradation)
    result = CliRunner().invoke(main, ["sheet", str(DEMO), "-o", str(sheet)])
    assert result.exit_code == 0, result.output
    made = cv2.imread(str(sheet)).astype(int)
    shipped = cv2.imread(str(ROOT / "docs" / "images" / "scan-twins.jpg")).astype(int)
    assert made.shape == shipped.shape
    assert np.abs(made - shipped).mean() < 3, "the picture is out of date: see docs/scan-twins.md"
    result = CliRunner().invoke(main, ["twin", str(DEMO), "-o", str(twin), "--page", "99"])
    assert result.exit_code == 1
    assert "there is no page 99" in result.output
