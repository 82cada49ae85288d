"""Forms that a title alone does not tell apart: lists of projects with their targets, profiles of one project, units.

In the notation of :mod:`lanci.training.layouts`.
"""

from __future__ import annotations

from lanci.facets import FacetValues
from lanci.training.layouts import Layout

_LIST = FacetValues("project_list")
_PROFILE = FacetValues("project_profile")
_UNITS = FacetValues("organization")

PROJECT_LAYOUTS = (
    Layout(
        ("项目支出绩效目标情况表", "重点项目绩效目标表", "部门预算项目绩效情况表"),
        _LIST,
        ("序号|项目名称|预算金额|年度绩效目标",),
        "no p a T",
    ),
    Layout(
        ("项目绩效目标公开表", "项目支出绩效目标表"),
        _LIST,
        ("主管部门|项目名称|项目类别|资金总额|其中：财政拨款|绩效目标",),
        "u p t a a T",
        numbering="** ** ** 1 2 **",
    ),
    Layout(
        ("重点项目绩效目标情况说明", "项目绩效目标一览表"),
        _LIST,
        ("预算单位|项目|本年预算|目标内容",),
        "u p a T",
        total=False,
    ),
    Layout(
        ("部门预算项目支出明细表（按功能分类）", "项目支出情况表"),
        _LIST,
        ("科目编码|科目名称|项目名称|金额",),
        "c n p a",
    ),
    Layout(
        ("绩效目标表", "专项经费绩效目标表", "项目绩效目标表", "项目基本信息表"),
        _PROFILE,
        (),
        "t t t t t",
        total=False,
        sections=(
            "项目名称|=p|>|项目代码|=pc",
            "资金规模|年度金额|=a|财政性资金|=a",
            "^|资金用途|=T|>|>",
            "用款计划|一季度|二季度|三季度|四季度",
            "^|=q|=q|=q|=q",
            "总体目标|=T|>|>|>",
        ),
    ),
    Layout(
        ("项目支出绩效目标申报表", "专项业务费绩效目标表"),
        _PROFILE,
        (),
        "t t t t",
        total=False,
        sections=(
            "项目编号|=pc|项目负责人|=t",
            "实施单位|=u|起止年限|=t",
            "申报金额|=a|上年结转|=a",
            "项目概况|=T|>|>",
        ),
    ),
    Layout(("", "预算单位范围", "纳入部门预算编制范围的单位"), _UNITS, ("序号|单位名称",), "no u", total=False),
    Layout(("", "部门所属单位情况"), _UNITS, ("序号|预算单位|单位类型|人员编制",), "no u t q", total=False),
)
