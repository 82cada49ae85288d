"""Forms whose merged labels run beside many rows, in the manner of the ministry's templates; wording is general.

One string a row: a letter for its role (``s`` section, ``h`` header, ``d`` detail, ``t`` total), ``+`` where the row
may be repeated, a space, and the cells in the notation of headers in :mod:`lanci.training.layouts`; ``=p`` stands for
a value of that letter code. In repetitions the labels are merged with the row above or printed again. Where a merged
label runs from the header of the indicators into the body, the form has no header rows: all is ``s`` and ``d``.
"""

from __future__ import annotations

from dataclasses import dataclass

from lanci.facets import FacetValues


@dataclass(frozen=True, slots=True)
class MergedForm:
    """A form: titles that it may have, its facets, the letter codes of its columns, and its rows."""

    titles: tuple[str, ...]
    facets: FacetValues
    columns: str
    rows: tuple[str, ...]


_TARGETS = FacetValues("performance_targets")
_OVERALL = FacetValues("overall_performance")
_SELF = FacetValues("self_evaluation")
_OTHER = FacetValues("other")

MERGED_FORMS: tuple[MergedForm, ...] = (
    MergedForm(
        ("项目支出绩效目标表", "专项资金绩效目标表", "项目绩效目标申报表"),
        _TARGETS,
        "t t t t t",
        (
            "s 项目名称|=p|>|>|>",
            "s 主管部门及代码|=u|>|实施单位|=u",
            "s 项目资金（万元）|年度资金总额|>|=a|>",
            "s ^|其中：财政拨款|>|=a|>",
            "s ^|其他资金|>|=b|>",
            "s 年度总体目标|=T|>|>|>",
            "s 绩效指标|一级指标|二级指标|三级指标|指标值",
            "d+ ^|产出指标|数量指标|=T|=v",
            "d+ ^|^|质量指标|=T|=v",
            "d ^|^|时效指标|=T|=v",
            "d+ ^|效益指标|社会效益指标|=T|=v",
            "d ^|满意度指标|服务对象满意度|=T|=v",
            "s 备注|=n|>|>|>",
        ),
    ),
    MergedForm(
        ("项目支出绩效目标表", "重点项目绩效目标表"),
        _TARGETS,
        "t t t t t t",
        (
            "s 项目名称|>|=p|>|>|>",
            "s 项目属性|>|=t|>|项目期|=t",
            "s 项目资金|>|资金总额|>|=a|>",
            "s ^|>|财政拨款|>|=a|>",
            "s 总体目标|>|=T|>|>|>",
            "s 绩效指标|>|一级指标|二级指标|三级指标|指标值",
            "d+ ^|>|成本指标|经济成本指标|=T|=v",
            "d+ ^|>|产出指标|数量指标|=T|=v",
            "d+ ^|>|效益指标|可持续影响指标|=T|=v",
        ),
    ),
    MergedForm(
        ("项目绩效目标表", "工作经费绩效目标表"),
        _TARGETS,
        "t t T v",
        (
            "s 项目编码|=pc|项目名称|=p",
            "s 绩效目标|=T|>|>",
            "h 一级指标|二级指标|三级指标|指标值",
            "d+ 产出指标|数量指标|=T|=v",
            "d+ ^|质量指标|=T|=v",
            "d+ 效益指标|经济效益指标|=T|=v",
            "d 满意度指标|服务对象满意度指标|=T|=v",
        ),
    ),
    MergedForm(
        ("项目支出绩效目标表", "项目绩效目标汇总表"),
        _TARGETS,
        "p a a b T t t T v",
        (
            "h 项目名称|资金总额|其中：|>|绩效目标|一级指标|二级指标|三级指标|指标值",
            "h ^|^|财政资金|其他资金|^|^|^|^|^",
            "d =p|=a|=a|=b|=T|产出指标|数量指标|=T|=v",
            "d+ ^|^|^|^|^|产出指标|质量指标|=T|=v",
            "d+ ^|^|^|^|^|效益指标|社会效益指标|=T|=v",
            "d =p|=a|=a|=b|=T|产出指标|数量指标|=T|=v",
            "d+ ^|^|^|^|^|产出指标|时效指标|=T|=v",
        ),
    ),
    MergedForm(
        ("项目绩效目标表", "专项资金绩效目标汇总表"),
        _TARGETS,
        "u p a T t t v",
        (
            "h 单位名称|项目名称|预算金额|年度目标|二级指标|指标名称|指标值",
            "d =u|=p|=a|=T|数量指标|=t|=v",
            "d+ ^|^|^|^|质量指标|=t|=v",
            "d+ ^|^|^|^|满意度指标|=t|=v",
            "d ^|=p|=a|=T|数量指标|=t|=v",
            "d+ ^|^|^|^|时效指标|=t|=v",
        ),
    ),
    MergedForm(
        ("绩效目标表", "项目绩效目标", "专项经费绩效目标表"),
        _TARGETS,
        "t t",
        ("s 绩效目标|=T",),
    ),
    MergedForm(
        ("绩效目标表", "项目绩效目标", "经费绩效目标表"),
        _TARGETS,
        "t t t",
        ("s 年度目标|=T|>", "s 中期目标|=T|>", "s 备注|=n|>"),
    ),
    MergedForm(
        ("部门整体支出绩效目标表", "整体支出绩效目标申报表"),
        _OVERALL,
        "t t t t t t t t",
        (
            "s 单位名称|>|=u|>|>|>|>|>",
            "s 预算资金（万元）|>|总额|财政拨款|>|>|其他资金|>",
            "s ^|>|^|合计|基本支出|项目支出|合计|项目支出",
            "s ^|>|=a|=a|=a|=a|=b|=b",
            "s 年度目标|说明|=T|>|>|>|>|>",
            "s ^|任务|>|指标|>|指标性质|指标值|度量单位",
            "d+ ^|=p|>|=T|>|=t|=v|=t",
            "d+ ^|=p|>|=T|>|=t|=v|=t",
        ),
    ),
    MergedForm(
        ("部门整体绩效目标表", "整体绩效目标表"),
        _OVERALL,
        "t t t t t",
        (
            "s 部门名称|=u|>|>|>",
            "s 年度主要任务|任务名称|主要内容|>|预算金额（万元）",
            "d+ ^|=p|=T|>|=a",
            "s ^|金额合计|>|>|=a",
            "s 年度总体目标|=T|>|>|>",
            "s 年度绩效指标|一级指标|二级指标|三级指标|指标值",
            "d+ ^|产出指标|数量指标|=T|=v",
            "d+ ^|^|时效指标|=T|=v",
            "d+ ^|效益指标|社会效益指标|=T|=v",
        ),
    ),
    MergedForm(
        ("项目支出绩效自评表", "预算项目绩效自评表"),
        _SELF,
        "t t t t t q q t",
        (
            "s 项目名称|=p|>|>|>|>|>|>",
            "s 主管部门|=u|>|>|实施单位|=u|>|>",
            "s 项目资金（万元）|>|年初预算数|全年预算数|全年执行数|分值|执行率|得分",
            "s ^|年度资金总额|=a|=a|=a|=q|=q|=q",
            "s ^|其中：财政拨款|=a|=a|=a|=n|=n|=n",
            "s 年度总体目标|预期目标|>|>|实际完成情况|>|>|>",
            "s ^|=T|>|>|=T|>|>|>",
            "s 绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分",
            "d+ ^|产出指标|数量指标|=T|=v|=v|=q|=q",
            "d+ ^|^|质量指标|=T|=v|=v|=q|=q",
            "d+ ^|效益指标|社会效益指标|=T|=v|=v|=q|=q",
            "t 总分|>|>|>|>|>|=q|=q",
        ),
    ),
    MergedForm(
        ("整体支出绩效自评表", "部门整体支出自评表"),
        _SELF,
        "t t t T T q q",
        (
            "s 预算执行|年初预算|>|全年执行|>|执行率|>",
            "s ^|合计：|=a|合计：|=a|=q|>",
            "s ^|其中：项目支出|=a|其中：项目支出|=a|^|>",
            "h =n|一级指标|二级指标|三级指标|评分标准|分值|得分",
            "d+ 自评情况|投入|=t|=T|=T|=q|=q",
            "d+ ^|过程|=t|=T|=T|=q|=q",
            "d+ ^|产出|=t|=T|=T|=q|=q",
            "d ^|效果|=t|=T|=T|=q|=q",
            "t 合计|>|>|>|>|=q|=q",
            "s 存在问题|=T|>|>|>|>|>",
            "s 改进措施|=T|>|>|>|>|>",
        ),
    ),
    MergedForm(
        ("项目支出绩效评价指标表", "绩效评价得分表"),
        _SELF,
        "t t t T q q",
        (
            "h 一级指标|二级指标|三级指标|评价要点|分值|得分",
            "d+ 决策|=t|=t|=T|=q|=q",
            "d+ 过程|=t|=t|=T|=q|=q",
            "d+ 产出|=t|=t|=T|=q|=q",
            "t 总分|>|>|>|=q|=q",
        ),
    ),
    MergedForm(
        ("项目执行情况自评清单", "分项绩效自评汇总表"),
        FacetValues("project_list"),
        "no p a a b q T T",
        (
            "h 序号|项目名称|预算数|执行数|结转结余|自评得分|预期绩效目标|目标完成情况",
            "h ^|^|（年初）|（截至年底）|^|^|^|^",
            "d+ =no|=p|=a|=a|=b|=q|=T|=T",
            "d+ =no|=p|=a|=a|=b|=q|=T|=T",
        ),
    ),
    MergedForm(
        ("小组成员名单", "评审人员签到表", ""),
        _OTHER,
        "t t o t t",
        ("h =n|姓名|单位|职务|签字", "d 组长|=t|=o|=t|=n", "d+ 成员|=t|=o|=t|=n", "d+ ^|=t|=o|=t|=n"),
    ),
    MergedForm(
        ("申报审批表", "资金申请表", ""),
        _OTHER,
        "t t t t",
        (
            "s 申报单位|>|=o|>",
            "s 基本情况|法人代表|=t|>",
            "s ^|联系电话|=q|>",
            "s ^|地址|=T|>",
            "s 申报理由|=T|>|>",
            "s 审核意见|=n|>|>",
        ),
    ),
)
