"""Places and departments: what is certain is named, what is open is listed."""

from __future__ import annotations

import pytest

from lanci.document import Caption, Cell, Column, Document, HeaderRole, RowRole, SourceInfo, Table
from lanci.entities import Basis, normalise
from lanci.geometry import Box


def make_table(number: int, entity: str, title: str, units: tuple[str, ...]) -> Table:
    cells = tuple(Cell(row, 0, 1, 1, unit, 1, Box(0, 0, 9, 9)) for row, unit in enumerate(units))
    return Table(
        id=f"t{number:03}",
        type="other",
        kind="other",
        fund="all",
        scope="all",
        classification="none",
        type_probability=1.0,
        caption=Caption((title,), title, entity),
        notes=(),
        n_rows=len(units),
        n_cols=1,
        n_header_rows=0,
        row_roles=(RowRole.DETAIL,) * len(units),
        columns=(Column(0, HeaderRole.UNIT_NAME),),
        fragments=(),
        cells=cells,
    )


def make_document(*entities: str, title: str = "", units: tuple[str, ...] = (), name: str = "预算公开.pdf") -> Document:
    tables = tuple(make_table(number, entity, title, units) for number, entity in enumerate(entities, 1))
    return Document(SourceInfo(name, "0" * 64, "application/pdf", 1), (), (), tables)


def test_a_county_is_found_with_city_and_province_and_its_name_taken_off_the_department():
    match = normalise(make_document("临西县财政局", "临西县财政局", "", name="朝阳区.pdf"))
    assert (match.printed, match.department) == ("临西县财政局", "财政局")
    assert (match.division_code, match.province, match.city, match.county) == ("130535", "河北省", "邢台市", "临西县")
    assert (match.score, match.basis, match.candidates) == (1.0, Basis.CAPTION, ())


@pytest.mark.parametrize(
    ("entity", "department"),
    [
        ("河北省邢台市临西县财政局（本级）", "财政局(本级)"),
        ("邢台临西县 财政局", "财政局"),
        ("中共临西县委办公室", "中共县委办公室"),
        ("中国共产党临西县委员会宣传部", "中国共产党县委员会宣传部"),
        ("临西县人民政府", "人民政府"),
        ("临西县", ""),
        ("临西财政局", "临西财政局"),
    ],
)
def test_departments_lose_the_names_of_their_place_only(entity, department):
    match = normalise(make_document(entity, title="临西县2021年收支总表"))
    assert (match.printed, match.department, match.county) == (entity, department, "临西县")


@pytest.mark.parametrize(
    ("entity", "codes"),
    [
        ("鼓楼区财政局", {"320106", "320302", "350102", "410204"}),
        ("朝阳区财政局", {"110105", "220104"}),
    ],
)
def test_names_of_several_places_stay_open_and_are_listed(entity, codes):
    match = normalise(make_document(entity, entity))
    assert (match.division_code, match.score, match.province) == ("", 0.0, "")
    assert {one.code for one in match.candidates} == codes
    assert (match.printed, match.department) == (entity, "财政局")


def test_entries_that_are_no_places_match_nothing():
    for entity in ("市辖区", "县", "财政局", ""):
        match = normalise(make_document(entity))
        assert (match.division_code, match.candidates, match.basis) == ("", (), Basis.NONE)
        assert match.department == entity


def test_the_province_is_known_where_all_candidates_are_in_it():
    match = normalise(make_document("桥西区教育局"))
    assert {one.code[:2] for one in match.candidates} == {"13"}
    assert (match.division_code, match.province, match.city, match.county) == ("", "河北省", "", "")


def test_other_printed_texts_settle_which_place_is_meant():
    match = normalise(make_document("鼓楼区财政局", title="南京市鼓楼区2023年收支总表"))
    assert (match.division_code, match.basis, match.score) == ("320106", Basis.TEXT, 0.8)
    assert normalise(make_document("鼓楼区财政局", "南京市鼓楼区财政局")).basis is Basis.CAPTION


def test_file_names_settle_weakly_and_are_marked_as_such():
    match = normalise(make_document("鼓楼区财政局"), ["江苏省/徐州市/鼓楼区/a.pdf"])
    assert (match.division_code, match.basis, match.score) == ("320302", Basis.FILE_NAME, 0.5)
    alone = normalise(make_document(), ["河北省/邢台市/临西县/2021.pdf"])
    assert (alone.county, alone.basis, alone.printed, alone.department) == ("临西县", Basis.FILE_NAME, "", "")
    assert alone.score <= 0.5


def test_evidence_that_disagrees_settles_nothing():
    two = normalise(make_document("鼓楼区财政局"), ["南京市/a.pdf", "福州市/a.pdf"])
    assert two.division_code == ""
    assert len(two.candidates) == 4
    split = normalise(make_document("临西县财政局", "威县财政局"))
    assert (split.division_code, split.province, split.city) == ("", "河北省", "邢台市")
    assert {one.name for one in split.candidates} == {"临西县", "威县"}
    assert (split.printed, split.department) == ("", "")


def test_a_city_with_units_in_its_counties_is_the_city():
    match = normalise(make_document(*["石家庄市教育局"] * 7, *["石家庄市长安区第一小学"] * 3))
    assert (match.city, match.county, match.department) == ("石家庄市", "", "教育局")


def test_units_in_the_tables_name_the_place_where_no_entity_is_printed():
    match = normalise(make_document("", units=("临西县财政局", "临西县国库集中支付中心")))
    assert (match.county, match.basis, match.score) == ("临西县", Basis.TEXT, 0.9)


def test_the_order_of_paths_changes_nothing():
    paths = ["河北省/临西县/a.pdf", "邢台市/b.pdf", "c.pdf"]
    document = make_document()
    assert normalise(document, paths) == normalise(document, reversed(paths))
