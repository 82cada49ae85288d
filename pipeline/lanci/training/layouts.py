"""Forms that the annotated documents do not show, in a small notation, invented after the rules of budget tables.

Codes and names are those of the public classifications of revenue and expenditure; amounts and organisations are
made up by :mod:`lanci.training.synthesis`. A header is one string a row, cells between bars: ``>`` joins a cell to
its left neighbour, ``^`` to the one above. ``columns`` has one letter code a column:

``no`` serial number, ``c`` function code, ``e`` departmental and ``g`` government economic code, ``c1 c2 c3`` the
code in three columns (``e1 e2`` in two), ``n`` its name, ``cn en gn`` code and name in one cell, ``s`` a summary line,
``a`` amount, ``b`` amount that is mostly blank, ``q`` quantity, ``u`` unit name, ``uc`` unit code, ``p`` project,
``pc`` project code, ``i`` item, ``t`` word, ``T`` sentence, ``o`` any organisation, ``w`` any number of a paper,
``v`` the value of an indicator, ``d`` an entry of a directory with its number.
``sections`` are key/value rows inside the grid above the header, in the notation of headers; ``=p`` stands for a
value of that letter code.
"""

from __future__ import annotations

from dataclasses import dataclass

from lanci.facets import FacetValues


@dataclass(frozen=True, slots=True)
class Layout:
    """A form: titles that it may have, its facets, header rows, and what its columns hold."""

    titles: tuple[str, ...]
    facets: FacetValues
    header: tuple[str, ...]
    columns: str
    numbering: str = ""
    total: bool = True
    sections: tuple[str, ...] = ()


_FUNCTION = "functional"
_DEPARTMENT = "department_economic"

_FUNDED = (
    ("all", ("支出总表", "部门支出总体情况表", "支出预算总表")),
    ("fiscal_appropriation", ("财政拨款支出预算表", "财政拨款支出总体情况表")),
    ("general_public", ("一般公共预算支出表", "一般公共预算财政拨款支出表")),
    ("government_fund", ("政府性基金预算支出表", "政府性基金支出情况表")),
    ("state_capital", ("国有资本经营预算支出表", "国有资本经营支出情况表")),
    ("special_account", ("财政专户管理资金支出表", "财政专户资金支出情况表")),
)
"""Titles that alone tell the fund; the grid under them is the same."""

_NEUTRAL_FORMS = (
    (("科目编码|科目名称|总计|基本支出|项目支出",), "c n a a b"),
    (("支出功能分类|>|合计|基本支出|>|>|项目支出", "编码|名称|^|小计|人员经费|公用经费|^"), "c n a a a b b"),
    (
        ("项目|>|>|>|支出|>|>", "科目编码|>|>|科目名称|合计|基本支出|项目支出", "类|款|项|^|^|^|^"),
        "c1 c2 c3 n a a b",
    ),
)

_FUNDED_LAYOUTS = tuple(
    Layout(titles, FacetValues("expenditure", fund, "all", _FUNCTION), header, columns)
    for fund, titles in _FUNDED
    for header, columns in _NEUTRAL_FORMS
)

_SPECIAL_LAYOUTS: tuple[Layout, ...] = (
    Layout(
        ("收支预算总表", "部门收支总体情况表", "财务收支预算总表"),
        FacetValues("summary", "all", "all", "none"),
        ("收入|>|支出|>", "项目|预算数|项目|预算数"),
        "s a s a",
    ),
    Layout(
        ("单位收支总表", "部门收支预算总表"),
        FacetValues("summary", "all", "all", "none"),
        ("本年收入|>|本年支出|>|>|>", "项目|2026年预算|按功能分类|2026年预算|按用途分类|2026年预算"),
        "s a s a s b",
        "** 1 ** 2 ** 3",
    ),
    Layout(
        ("财政拨款收支预算总表", "财政拨款收支总体情况表"),
        FacetValues("summary", "fiscal_appropriation", "all", "none"),
        ("收入|>|支出|>|>|>|>", "项目|预算数|项目|合计|一般公共预算|政府性基金预算|国有资本经营预算"),
        "s a s a a b b",
    ),
    Layout(
        ("收入预算总表", "部门收入总体情况表"),
        FacetValues("income", "all", "all", _FUNCTION),
        (
            "功能分类科目编码|>|>|功能分类科目名称|收入预算|>|>|>|>",
            "类|款|项|^|合计|财政拨款收入|事业收入|事业单位经营收入|其他收入",
        ),
        "c1 c2 c3 n a a b b b",
    ),
    Layout(
        ("收入预算总表", "收入总表"),
        FacetValues("income", "all", "all", "none"),
        (
            "部门（单位）代码|部门（单位）名称|合计|本年收入|>|>|>|上年结转结余|>",
            "^|^|^|小计|一般公共预算|政府性基金预算|单位资金|小计|一般公共预算",
        ),
        "uc u a a a b b b b",
        "** ** 1 2 3 4 5 6 7",
    ),
    Layout(
        ("收入总体情况表", "部门收入总表"),
        FacetValues("income", "all", "all", _FUNCTION),
        ("科目|>|合计|财政拨款|>|财政专户管理资金|单位资金", "科目编码|科目名称|^|一般公共预算|政府性基金|^|^"),
        "c n a a b b b",
    ),
    Layout(
        ("支出预算总表", "支出总体情况表", "部门支出总表"),
        FacetValues("expenditure", "all", "all", _FUNCTION),
        ("功能分类科目编码|>|>|功能分类科目名称|支出预算|>|>", "类|款|项|^|合计|基本支出|项目支出"),
        "c1 c2 c3 n a a b",
    ),
    Layout(
        ("支出预算总表", "支出总表"),
        FacetValues("expenditure", "all", "all", _FUNCTION),
        ("科目编码|科目名称|合计|基本支出|>|项目支出|事业单位经营支出", "^|^|^|人员经费|公用经费|^|^"),
        "c n a a a b b",
        "** ** 1 2 3 4 5",
    ),
    Layout(
        ("支出总表", "部门支出预算表"),
        FacetValues("expenditure", "all", "all", _FUNCTION),
        ("预算单位|功能科目|合计|基本支出|项目支出|上缴上级支出|对附属单位补助支出",),
        "u cn a a b b b",
    ),
    Layout(
        ("财政拨款支出表（功能科目）", "财政拨款支出情况表"),
        FacetValues("expenditure", "fiscal_appropriation", "all", _FUNCTION),
        ("科目编码|科目名称|合计|基本支出|>|>|项目支出", "^|^|^|小计|人员经费|公用经费|^"),
        "c n a a a a b",
        "1 2 3 4 5 6 7",
    ),
    Layout(
        ("财政拨款基本支出表（经济科目）",),
        FacetValues("expenditure", "fiscal_appropriation", "basic", _DEPARTMENT),
        ("部门预算支出经济科目|>|本年财政拨款基本支出|>|>", "科目编码|科目名称|合计|人员经费|公用经费"),
        "e n a a b",
        "栏次 2 3 4 5",
    ),
    Layout(
        ("一般公共预算支出表", "一般公共预算支出情况表", "一般公共预算支出表（按功能分类）"),
        FacetValues("expenditure", "general_public", "all", _FUNCTION),
        ("科目编码|科目名称|2025年执行数|2026年预算数|>|>", "^|^|^|合计|基本支出|项目支出"),
        "c n a a a b",
    ),
    Layout(
        ("一般公共预算支出功能分类预算表", "一般公共预算拨款支出预算表"),
        FacetValues("expenditure", "general_public", "all", _FUNCTION),
        (
            "项目|>|>|>|一般公共预算支出|>|>",
            "功能分类科目编码|>|>|功能分类科目名称|合计|基本支出|项目支出",
            "类|款|项|^|^|^|^",
        ),
        "c1 c2 c3 n a a b",
    ),
    Layout(
        ("一般公共预算支出表（按经济分类）", "一般公共预算支出经济分类情况表"),
        FacetValues("expenditure", "general_public", "all", _DEPARTMENT),
        ("经济科目编码|经济科目名称|合计|基本支出|项目支出",),
        "e n a a b",
    ),
    Layout(
        ("一般公共预算支出表（政府预算经济分类）", "一般公共预算支出政府经济分类情况表"),
        FacetValues("expenditure", "general_public", "all", "government_economic"),
        ("政府预算支出经济分类科目|>|合计|基本支出|项目支出", "编码|名称|^|^|^"),
        "g n a a b",
    ),
    Layout(
        ("一般公共预算基本支出表（按政府预算支出经济分类）", "一般公共预算基本支出政府经济分类表"),
        FacetValues("expenditure", "general_public", "basic", "government_economic"),
        ("政府经济科目编码|政府经济科目名称|合计|人员经费|公用经费",),
        "g n a a b",
    ),
    Layout(
        ("一般公共预算项目支出情况表（按经济分类科目）",),
        FacetValues("expenditure", "general_public", "project", _DEPARTMENT),
        ("部门经济科目|>|政府经济科目|>|项目支出", "编码|名称|编码|名称|^"),
        "e n g n a",
    ),
    Layout(
        ("一般公共预算项目支出表", "一般公共预算项目支出情况表"),
        FacetValues("expenditure", "general_public", "project", _FUNCTION),
        ("功能科目编码|功能科目名称|项目支出预算数|备注",),
        "c n a t",
    ),
    Layout(
        ("一般公共预算基本支出情况表", "一般公共预算基本支出表"),
        FacetValues("expenditure", "general_public", "basic", _DEPARTMENT),
        ("部门预算经济分类|>|>|政府预算经济分类|>|>", "科目编码|科目名称|预算数|科目编码|科目名称|预算数"),
        "e n a g n a",
    ),
    Layout(
        ("一般公共预算基本支出部门预算经济分类预算表",),
        FacetValues("expenditure", "general_public", "basic", _DEPARTMENT),
        (
            "项目|>|>|一般公共预算基本支出|>|>",
            "部门经济分类科目编码|>|部门经济分类科目名称|合计|人员经费|公用经费",
            "类|款|^|^|^|^",
        ),
        "e1 e2 n a a b",
    ),
    Layout(
        ("政府性基金预算支出表", "政府性基金预算支出情况表", "政府性基金预算拨款支出预算表"),
        FacetValues("expenditure", "government_fund", "all", _FUNCTION),
        ("科目编码|科目名称|本年政府性基金预算支出|>|>", "^|^|合计|基本支出|项目支出"),
        "c n b b b",
    ),
    Layout(
        ("国有资本经营预算支出表", "国有资本经营预算支出预算表"),
        FacetValues("expenditure", "state_capital", "all", _FUNCTION),
        ("科目编码|科目名称|国有资本经营预算支出|>|>", "^|^|合计|基本支出|项目支出"),
        "c n b b b",
    ),
    Layout(
        ("财政专户管理资金支出表",),
        FacetValues("expenditure", "special_account", "all", _FUNCTION),
        ("科目编码|科目名称|财政专户管理资金支出|>|>", "^|^|合计|基本支出|项目支出"),
        "c n b b b",
    ),
    Layout(
        ("支出总表", "部门支出预算总表"),
        FacetValues("expenditure", "all", "all", _FUNCTION),
        (
            "支出功能分类科目|政府支出经济分类科目|部门支出经济分类科目|合计|其中|>",
            "^|^|^|^|基本支出|项目支出",
        ),
        "cn gn en a a b",
    ),
    Layout(
        ("一般公共预算基本支出表",),
        FacetValues("expenditure", "general_public", "basic", _DEPARTMENT),
        ("政府支出经济分类科目|部门支出经济分类科目|预算数|>|>", "^|^|合计|人员经费|公用经费"),
        "gn en a a b",
    ),
    Layout(
        ("支出总表", "部门支出总体情况表"),
        FacetValues("expenditure", "all", "all", _FUNCTION),
        (
            "科目编码|科目名称|总计|财政拨款|>|>|财政专户管理资金|单位资金|上年结转",
            "^|^|^|小计|一般公共预算|政府性基金预算|^|^|^",
        ),
        "c n a a a b b b b",
    ),
    Layout(
        ("基本支出总表", "基本支出预算表"),
        FacetValues("expenditure", "all", "basic", _DEPARTMENT),
        (
            "支出项目类别|总计|财政拨款|>|财政专户管理资金|单位资金|>|上年结转",
            "^|^|小计|一般公共预算拨款|^|小计|事业收入|^",
        ),
        "i a a a b b b b",
    ),
    Layout(
        ("财政拨款收支总表", "财政拨款收支预算总表"),
        FacetValues("summary", "fiscal_appropriation", "all", "none"),
        ("财政拨款收入|>|财政拨款支出|>|>", "项目|金额|项目|合计|其中：一般公共预算"),
        "s a s a a",
    ),
    Layout(
        ("基本支出总表", "部门基本支出预算表"),
        FacetValues("expenditure", "all", "basic", _DEPARTMENT),
        ("预算单位|科目编码|科目名称|合计|一般公共预算|政府性基金预算|其他资金",),
        "u e n a a b b",
    ),
    Layout(
        ("一般公共预算“三公”经费支出表", "一般公共预算“三公”经费支出情况表"),
        FacetValues("three_public_expenses", "general_public", "all", "none"),
        (
            "“三公”经费合计|因公出国（境）费|公务用车购置及运行费|>|>|公务接待费",
            "^|^|小计|公务用车购置费|公务用车运行费|^",
        ),
        "a b a b a a",
        total=False,
    ),
    Layout(
        ("财政拨款“三公”经费支出表", "“三公”经费和机关运行经费预算表"),
        FacetValues("three_public_expenses", "fiscal_appropriation", "all", "none"),
        (
            "单位编码|单位名称|“三公”经费|>|>|>|会议费|培训费",
            "^|^|合计|因公出国（境）费|公务接待费|公务用车购置及运行费|^|^",
        ),
        "uc u a b a a b b",
    ),
    Layout(
        ("机关运行经费支出预算表",),
        FacetValues("operating_expenses", "all", "all", "none"),
        ("科目编码|科目名称|机关运行经费支出",),
        "e n a",
    ),
    Layout(
        ("一般公共预算机关运行经费支出预算表",),
        FacetValues("operating_expenses", "general_public", "all", "none"),
        ("科目编码|科目名称|机关运行经费支出",),
        "e n a",
        "1 2 3",
    ),
    Layout(
        ("政府采购预算明细表", "政府采购支出表", "政府采购预算表"),
        FacetValues("government_procurement", "all", "all", "none"),
        (
            "采购品目大类|专项名称|经济科目|采购品目名称|采购组织形式|资金来源|>|>|总计",
            "^|^|^|^|^|一般公共预算资金|政府性基金|其他资金|^",
        ),
        "t p n i t a b b a",
    ),
    Layout(
        ("政府采购预算明细表", "单位政府采购预算"),
        FacetValues("government_procurement", "all", "all", "none"),
        ("序号|单位编码|单位名称|采购项目名称|采购目录|计量单位|数量|单价|金额",),
        "no uc u i t t q a a",
    ),
    Layout(
        ("政府购买服务预算表", "政府购买服务支出表"),
        FacetValues("service_purchase", "all", "all", "none"),
        ("单位名称|购买服务项目名称|指导性目录|>|>|预算金额", "^|^|一级|二级|三级|^"),
        "u p d d t a",
    ),
    Layout(
        ("财政拨款政府购买服务明细表",),
        FacetValues("service_purchase", "fiscal_appropriation", "all", "none"),
        ("指导性目录|>|>|预算金额", "一级|二级|三级|^"),
        "d d t a",
    ),
    Layout(
        ("工作经费绩效目标表", "项目绩效目标表"),
        FacetValues("performance_targets", "all", "all", "none"),
        ("单位名称|项目名称|一级指标|二级指标|三级指标|指标性质|指标值|度量单位",),
        "u p t t T t v t",
        total=False,
    ),
    Layout(
        ("项目支出绩效目标表", "专项资金绩效目标表"),
        FacetValues("performance_targets", "all", "all", "none"),
        ("一级指标|二级指标|三级指标|指标值",),
        "t t T v",
        total=False,
        sections=(
            "项目名称|=p|>|>",
            "主管部门|=u|实施单位|=u",
            "项目资金（万元）|=a|其中：财政拨款|=a",
            "总体目标|=T|>|>",
        ),
    ),
    Layout(
        ("项目绩效目标申报表", "市级重点专项资金绩效目标表（一级项目）"),
        FacetValues("performance_targets", "all", "all", "none"),
        ("绩效指标|>|指标性质|指标值|计量单位|权重", "一级指标|二级指标|^|^|^|^"),
        "t T t v t q",
        total=False,
        sections=("项目编码|=pc|>|项目名称|=p|>", "年度目标|=T|>|>|>|>"),
    ),
    Layout(
        ("工作经费绩效目标表", "项目绩效目标表"),
        FacetValues("project_profile", "all", "all", "none"),
        (),
        "t t t t",
        total=False,
        sections=(
            "项目编码|=pc|项目名称|=p",
            "项目单位|=u|项目期限|=t",
            "预算规模|=a|其中：财政拨款|=a",
            "立项依据|=T|>|>",
            "支出计划（%）|=q|=q|=q",
        ),
    ),
    Layout(
        ("专项资金绩效目标表", "项目支出绩效目标表"),
        FacetValues("project_profile", "all", "all", "none"),
        (),
        "t t t t t t",
        total=False,
        sections=(
            "项目名称|=p|>|项目代码|=pc|>",
            "资金总额（万元）|=a|财政拨款|=a|其他资金|=a",
            "项目概况|=T|>|>|>|>",
            "一季度|=q|二季度|=q|三季度|=q",
        ),
    ),
    Layout(
        ("项目支出绩效表",),
        FacetValues("performance_targets", "all", "all", "none"),
        ("单位名称|项目名称|金额|项目总体绩效目标",),
        "u p a T",
        "** ** ** **",
    ),
    Layout(
        ("整体支出绩效目标表", "部门整体绩效目标表"),
        FacetValues("overall_performance", "all", "all", "none"),
        ("任务名称|主要内容|预算金额|>|>", "^|^|总额|财政拨款|其他资金"),
        "p T a a b",
        total=False,
    ),
    Layout(
        ("部门整体支出绩效目标表", "部门整体绩效目标表"),
        FacetValues("overall_performance", "all", "all", "none"),
        ("指标名称|指标性质|指标值|计量单位|指标权重|是否核心",),
        "T t v t q t",
        total=False,
        sections=("部门名称|=u|>|>|>|>", "当年整体绩效目标|=T|>|>|>|>"),
    ),
    Layout(
        ("整体支出绩效目标表", "部门（单位）整体绩效目标申报表"),
        FacetValues("overall_performance", "all", "all", "none"),
        ("一级指标|二级指标|三级指标|指标值",),
        "t t T v",
        total=False,
        sections=("部门职责|=T|>|>", "部门总体资金情况|=a|其中：财政资金|=a", "整体绩效目标|=T|>|>"),
    ),
    Layout(
        ("项目支出总表", "项目支出预算表", "部门项目支出明细表"),
        FacetValues("project_list", "all", "all", "none"),
        (
            "单位编码|预算单位|项目编码|项目名称|合计|财政拨款|>|其他资金",
            "^|^|^|^|^|一般公共预算|政府性基金预算|^",
        ),
        "uc u pc p a a b b",
        "** ** ** ** 1 2 3 4",
    ),
    Layout(
        ("项目支出总表", "项目支出预算总表"),
        FacetValues("project_list", "all", "all", "none"),
        (
            "支出项目类别|项目名称|2026年预算|>|>|>|>|>",
            "^|^|总计|财政拨款|>|财政专户管理资金|单位资金|>",
            "^|^|^|一般公共预算拨款|政府性基金预算拨款|^|事业收入|其他收入",
        ),
        "i p a a b b b b",
    ),
    Layout(
        ("项目支出表", "项目清单"),
        FacetValues("project_list", "all", "all", "none"),
        ("序号|项目名称|项目单位|预算金额|备注",),
        "no p u a t",
    ),
    Layout(
        ("国有资产占有使用情况表", "固定资产情况表"),
        FacetValues("fixed_assets", "all", "all", "none"),
        ("序号|资产类别|数量|原值|净值",),
        "no i q a a",
    ),
    Layout(
        ("机构设置情况表", "预算单位构成"),
        FacetValues("organization", "all", "all", "none"),
        ("序号|单位名称|单位性质|行政级别|经费来源",),
        "no u t t t",
        total=False,
    ),
    Layout(
        ("项目支出绩效自评表",),
        FacetValues("self_evaluation", "all", "all", "none"),
        ("一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析",),
        "t t T v v q q T",
        total=False,
    ),
    Layout(
        ("项目支出绩效自评表", "绩效自评情况表"),
        FacetValues("self_evaluation", "all", "all", "none"),
        ("绩效指标|>|年度指标值|实际完成值|分值|自评得分", "二级指标|三级指标|^|^|^|^"),
        "t T v v q q",
        sections=("项目名称|=p|>|>|>|>", "预算数|=a|执行数|=a|执行率|=q", "年度总体目标|=T|>|完成情况|=T|>"),
    ),
    Layout(
        ("项目执行情况表", "预算项目执行清单"),
        FacetValues("project_list", "all", "all", "none"),
        ("序号|项目名称|预算数|执行数|执行率|备注", "^|^|（年初）|（年末）|^|^"),
        "no p a a q t",
    ),
    Layout(
        ("机构设置情况", "部门预算单位基本情况表"),
        FacetValues("organization", "all", "all", "none"),
        ("单位名称|单位性质|单位规格|人员编制|实有人数",),
        "u t t q q",
        total=False,
    ),
    Layout(
        ("国有资产占用情况表", "资产情况表"),
        FacetValues("fixed_assets", "all", "all", "none"),
        ("项目|计量单位|数量|账面价值",),
        "i t q a",
    ),
)

BUDGET_LAYOUTS = _SPECIAL_LAYOUTS + _FUNDED_LAYOUTS
