"""Cutting made-up contents into pages: what stands where, before any layout engine prints it."""

from dataclasses import replace
from pathlib import Path

import pytest

from lanci.annotation import NO_BOX, load_annotations
from lanci.document import RowRole
from lanci.errors import MissingProgramError
from lanci.text import squash
from lanci_eval.factory import fonts
from lanci_eval.factory.content import ContentFeatures, make_content
from lanci_eval.factory.engines import ENGINES, find_engine
from lanci_eval.factory.families import DESIGNS, find_designs
from lanci_eval.factory.fonts import TYPEFACES, find_typeface
from lanci_eval.factory.pages import cut_pages, part_height
from lanci_eval.factory.produce import Order, plan
from lanci_eval.factory.records import Family, Form, Passage, PassageKind, Repeat, Rules, TablePart
from lanci_eval.factory.sheet import frame_height, part_cells, print_part
from lanci_eval.factory.vary import cut_anew

PLAIN = Family("plain", "reportlab", "AR PL UMing CN", Rules.FULL, Repeat.HEADER)
LONG = ContentFeatures(long_tables=True, serial_numbers=True, column_numbers=True)


def parts_by_table(pages):
    parts = {}
    for page in pages:
        for block in page.blocks:
            if isinstance(block, TablePart):
                parts.setdefault(block.form.table.id, []).append((page.number, block))
    return parts


def continuations(pages):
    return [part for parts in parts_by_table(pages).values() for _, part in parts[1:]]


@pytest.mark.parametrize("name", list(DESIGNS))
def test_every_row_stands_on_one_page_in_order(name):
    design = DESIGNS[name]
    content = make_content(4, 2, design.features)
    pages = cut_pages(content, design.family, 1)
    forms = {block.table.id: block.table for block in content.blocks if isinstance(block, Form)}
    parts = parts_by_table(pages)
    assert list(parts) == list(forms)
    for table_id, placed in parts.items():
        numbers = [number for number, _ in placed]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        row = 0
        for _, part in placed:
            assert part.first_row == row - part.cut_top
            row = part.last_row + 1
        assert row == forms[table_id].n_rows
        assert placed[0][1].caption_lines == forms[table_id].caption.lines
        assert placed[-1][1].notes == forms[table_id].notes
    prose = [b.text for p in pages for b in p.blocks if isinstance(b, Passage) and b.kind is not PassageKind.CONTENTS]
    wanted = [b.text for b in content.blocks if isinstance(b, Passage) and b.kind is not PassageKind.CONTENTS]
    assert prose == wanted
    for page in pages:
        heights = [part_height(b, design.family) for b in page.blocks if isinstance(b, TablePart)]
        assert sum(heights) <= frame_height(landscape=page.landscape)


@pytest.mark.parametrize("repeat", list(Repeat))
def test_what_is_printed_again_after_a_break(repeat):
    found = continuations(cut_pages(make_content(1, 0, LONG), replace(PLAIN, repeat=repeat), 1))
    assert len(found) > 5
    numbered = 0
    for part in found:
        table = part.form.table
        header = [r for r in range(table.n_header_rows) if table.row_roles[r] is not RowRole.SECTION]
        rows = {cell.row for cell in part.repeated_header}
        texts = [squash(cell.text) for cell in part.repeated_header]
        if repeat is Repeat.NOTHING:
            assert rows == set()
        elif repeat is Repeat.COLUMN_NUMBERS:
            wanted = [c.text for c in table.cells if table.row_roles[c.row] is RowRole.COLUMN_NUMBER]
            assert texts == [squash(text) for text in wanted]
            numbered += len(wanted)
        else:
            assert rows == set(range(len(header)))
        assert part.caption_lines == (table.caption.lines if repeat is Repeat.TITLE_AND_HEADER else ())
    assert numbered or repeat is not Repeat.COLUMN_NUMBERS


def test_a_smaller_share_of_the_page_takes_fewer_rows():
    content = make_content(1, 0, LONG)
    most = max(p.last_row - p.first_row for p in continuations(cut_pages(content, PLAIN, 1)))
    fewer = max(p.last_row - p.first_row for p in continuations(cut_pages(content, PLAIN, 1, 0.6)))
    assert fewer < most * 0.75


def crossed_labels(pages):
    return [
        cell
        for parts in parts_by_table(pages).values()
        for _, part in parts[:-1]
        for cell in part.form.table.cells
        if cell.row <= part.last_row < cell.row + cell.row_span - 1
    ]


def test_labels_are_cut_only_where_the_family_cuts_them():
    contents = [make_content(2, number, LONG) for number in range(3)]
    cutting = replace(PLAIN, cut_labels=True)
    assert any(crossed_labels(cut_pages(content, cutting, 1)) for content in contents)
    # A label higher than a page is cut in every family; nothing else is.
    for content in contents:
        pages = cut_pages(content, PLAIN, 1)
        for cell in crossed_labels(pages):
            whole = TablePart(
                next(b for b in content.blocks if isinstance(b, Form) and cell in b.table.cells),
                cell.row,
                cell.row + cell.row_span - 1,
            )
            assert part_height(whole, PLAIN) > frame_height(landscape=False) * 0.5


def test_a_cut_label_goes_on_empty_and_a_cut_text_goes_on():
    cutting = replace(PLAIN, cut_labels=True, cut_cells=True)
    n_texts = n_labels = 0
    for number in range(4):
        pages = cut_pages(make_content(3, number, LONG), cutting, 1)
        for placed in parts_by_table(pages).values():
            shown = {}
            for _, part in placed:
                own = [pair for pair in part_cells(part, cutting) if pair[0] not in part.repeated_header]
                n_repeated = max((c.row + c.row_span for c in part.repeated_header), default=0)
                for cell, row in own:
                    if cell.row >= n_repeated:
                        origin = part.form.table.cell_at(row, cell.col)
                        shown.setdefault((origin.row, origin.col), []).append(cell.text)
            for cell in placed[0][1].form.table.cells:
                pieces = shown[cell.row, cell.col]
                assert squash("".join(pieces)) == squash(cell.text)
                n_texts += len(pieces) > 1 and bool(pieces[1])
                n_labels += len(pieces) > 1 and bool(pieces[0]) and not pieces[1]
    assert n_texts > 0
    assert n_labels > 0


def test_a_left_over_row_and_shared_pages():
    lone = cut_pages(make_content(1, 1, ContentFeatures()), replace(PLAIN, lone_row=True), 1)
    assert any(part.first_row == part.last_row == part.form.table.n_rows - 1 for part in continuations(lone))
    content = make_content(1, 1, ContentFeatures())

    def strangers(pages):
        """Pages on which a table begins under another that is not its companion."""
        return sum(
            isinstance(b, TablePart) and isinstance(a, TablePart) and a.form.table.id != b.form.table.companion
            for page in pages
            for a, b in zip(page.blocks, page.blocks[1:], strict=False)
        )

    assert strangers(cut_pages(content, replace(PLAIN, share_page=True), 1)) > 0
    assert strangers(cut_pages(content, PLAIN, 1)) == 0


def test_two_different_tables_of_one_width_on_neighbouring_pages():
    family = replace(PLAIN, landscape=True, style=replace(PLAIN.style, even_columns=True))
    pages = cut_pages(make_content(1, 0, ContentFeatures(two_same_width_neighbours=True)), family, 1)
    firsts = [(n, print_part(p, family).widths) for parts in parts_by_table(pages).values() for n, p in parts[:1]]
    lasts = [(n, print_part(p, family).widths) for parts in parts_by_table(pages).values() for n, p in parts[-1:]]
    pairs = zip(lasts, firsts[1:], strict=False)
    assert any(below[0] == above[0] + 1 and below[1] == pytest.approx(above[1]) for above, below in pairs)


def test_the_contents_page_names_the_pages():
    pages = cut_pages(make_content(1, 3, ContentFeatures(with_contents_page=True)), PLAIN, 1)
    lines = [b.text for p in pages for b in p.blocks if isinstance(b, Passage) and b.kind is PassageKind.CONTENTS]
    firsts = {
        squash(part.form.table.caption.title): number
        for parts in reversed(parts_by_table(pages).values())
        for number, part in parts[:1]
    }
    checked = 0
    for line in lines:
        name, _, number = line.partition("…")
        title = next((title for title in firsts if squash(name).endswith(title)), None)
        if title is not None:
            assert int(number.strip("…")) >= firsts[title]
            checked += int(number.strip("…")) == firsts[title]
    assert checked > 3


def test_the_families_are_as_varied_as_real_pages():
    families = [design.family for design in find_designs()]
    features = [design.features for design in find_designs()]
    assert len(families) >= 10
    assert {family.rules for family in families} == set(Rules)
    assert {family.repeat for family in families} == set(Repeat)
    assert {family.engine for family in families} == set(ENGINES)
    assert len({family.font for family in families}) >= 6
    assert len({TYPEFACES[family.font].package for family in families}) >= 6
    for sign in ("landscape", "rotate", "cut_labels", "cut_cells", "lone_row", "share_page", "watermark", "sealed"):
        assert {bool(getattr(family, sign)) for family in families} == {True, False}, sign
    assert {f.code_columns for f in features} == {1, 3}
    assert {f.header_levels for f in features} == {1, 2, 3}
    assert {f.serial_numbers for f in features} == {f.column_numbers for f in features} == {True, False}
    assert any(f.with_charts for f in features)
    assert any(f.with_contents_page for f in features)


def test_unknown_names_and_missing_packages_say_what_to_do(monkeypatch):
    with pytest.raises(ValueError, match="no layout family 'x'; there are: kai-ruled"):
        find_designs(("x",))
    with pytest.raises(ValueError, match="no layout engine 'x'"):
        find_engine("x")
    with pytest.raises(ValueError, match="no typeface 'x'"):
        find_typeface("x")
    monkeypatch.setattr(fonts, "_SHARED", Path("/nonexistent"))
    with pytest.raises(MissingProgramError, match="apt-get install fonts-arphic-ukai"):
        find_typeface("AR PL UKai CN")


def test_documents_of_look_alikes_break_in_every_way(tmp_path):
    family = DESIGNS["pale-web"].family
    drawn = [cut_anew(family, seed) for seed in range(40)]
    assert cut_anew(family, 3) == drawn[3]
    assert {one.repeat for one in drawn} == set(Repeat)
    for sign in ("cut_labels", "cut_cells", "lone_row", "share_page"):
        assert {getattr(one, sign) for one in drawn} == {True, False}, sign
    kept = {(one.name, one.engine, one.font, one.rules, one.style.even_columns) for one in drawn}
    assert kept == {(family.name, family.engine, family.font, family.rules, True)}
    (document,) = plan(Order(1, 5, traps=True), tmp_path, ("pale-web",))
    assert (document.id, document.layout) == ("alike-5-0000-plan", "pale-web")
    content = make_content(5, 0, replace(DESIGNS["pale-web"].features, look_alikes=True))
    assert [t.table.caption.title for t in document.tables] == [
        block.table.caption.title for block in content.blocks if isinstance(block, Form)
    ]


def test_truths_can_be_made_without_printing(tmp_path):
    order = Order(2, 5)
    made = list(plan(order, tmp_path / "one", ("three-line", "pale-web")))
    assert [document.layout for document in made] == ["three-line", "pale-web"]
    assert [document.id for document in made] == ["made-5-0000-plan", "made-5-0001-plan"]
    assert list(load_annotations(tmp_path / "one")) == made
    list(plan(order, tmp_path / "two", ("three-line", "pale-web")))
    for document in made:
        name = f"{document.id}.json"
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    tables = [table.table for table in made[1].tables]
    content = make_content(5, 1, DESIGNS["pale-web"].features)
    assert [t.caption.title for t in tables] == [
        block.table.caption.title for block in content.blocks if isinstance(block, Form)
    ]
    assert all(cell.box == NO_BOX for table in tables for cell in table.cells)
