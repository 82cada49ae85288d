"""Grids that are no budget: registers, timetables, contact lists, statistics, forms; all invented.

The notation is that of :mod:`lanci.training.layouts`.
"""

from __future__ import annotations

from lanci.facets import FacetValues
from lanci.training.layouts import Layout

_OTHER = FacetValues("other")

OTHER_LAYOUTS: tuple[Layout, ...] = (
    Layout(("值班安排表", ""), _OTHER, ("日期|值班领导|值班人员|联系电话",), "t t t q", total=False),
    Layout(("联系方式一览", ""), _OTHER, ("序号|科室|负责人|办公电话|地址",), "no t t q T", total=False),
    Layout(("考试时间安排",), _OTHER, ("时间|科目|考场",), "t t t", total=False),
    Layout(("主要经济指标完成情况",), _OTHER, ("指标|单位|本月|累计|同比增长（%）",), "i t q q q", total=False),
    Layout(("表1 行业运行情况", ""), _OTHER, ("年份|总量|增速|占比",), "q q q q", total=False),
    Layout(("分季度增速", "投资额增长情况"), _OTHER, ("指 标|一季度|上半年|前三季度|全年",), "i q q q q", total=False),
    Layout(("分季度产值", "业务收入情况"), _OTHER, ("项 目|1-3月|1-6月|1-9月|年度",), "i a a a a", total=False),
    Layout(
        ("增加值及其比重",), _OTHER, ("时 期|增加值（亿元）|占工业增加值比重|占全市总量比重",), "t a q q", total=False
    ),
    Layout(("完成情况",), _OTHER, ("项目|计划|完成|>", "^|^|总额|同比（%）"), "i a a q", total=False),
    Layout(("企业名单",), _OTHER, ("序号|企业名称|统一社会信用代码|所属区县",), "no o w t", total=False),
    Layout(("出入库登记表", ""), _OTHER, ("序号|时间|数量（吨）|经办人|备注",), "no t q t t", total=False),
    Layout(
        ("行政处罚信息公示",), _OTHER, ("处罚决定书文号|当事人|违法事实|处罚内容|处罚日期",), "w o T T t", total=False
    ),
    Layout(
        ("政府信息公开工作年度报告",),
        _OTHER,
        ("信息内容|本年制发件数|本年废止件数|现行有效件数",),
        "i q q q",
        total=False,
    ),
    Layout(("政府网站工作年度报表",), _OTHER, ("网站名称|首页网址|主办单位",), "o t o", total=False),
    Layout(("任务分工表",), _OTHER, ("序号|工作任务|牵头单位|配合单位|完成时限",), "no T o o t", total=False),
    Layout(("拟入选名单公示",), _OTHER, ("序号|姓名|性别|工作单位|职务",), "no t t o t", total=False),
    Layout(("招聘岗位表",), _OTHER, ("岗位代码|岗位名称|招聘人数|学历|专业要求",), "w t q t T", total=False),
    Layout(("水质监测结果",), _OTHER, ("断面名称|监测时间|pH|溶解氧|水质类别",), "t t q q t", total=False),
    Layout(
        ("设施规划一览表",), _OTHER, ("序号|设施名称|规模（万吨/年）|拟选厂址|建设性质",), "no o q T t", total=False
    ),
    Layout(("重点项目进度表",), _OTHER, ("项目名称|建设内容|总投资|形象进度",), "p T a T", total=False),
    Layout(("公共服务事项目录",), _OTHER, ("序号|事项名称|设定依据|办理时限|办理地点",), "no p T t T", total=False),
    Layout(("奖补资金拟安排表",), _OTHER, ("序号|企业名称|奖补事项|拟奖补金额（元）",), "no o p a"),
    Layout(
        ("监督抽检不合格产品信息",),
        _OTHER,
        ("序号|样品名称|标称生产企业|不合格项目|检验机构",),
        "no i o t o",
        total=False,
    ),
    Layout(("申报材料清单",), _OTHER, ("序号|材料名称|份数|要求",), "no i q T", total=False),
    Layout(("会议日程", ""), _OTHER, ("时间|议程|主持人|地点",), "t T t t", total=False),
    Layout(("人口和就业", ""), _OTHER, ("指标|2024年|2025年|增长（%）",), "i q q q", total=False),
    Layout(("价格监测周报",), _OTHER, ("品种|规格|计量单位|本周均价|环比",), "i t t a q", total=False),
    Layout(("车辆登记台账",), _OTHER, ("序号|车牌号|车型|里程|维修记录",), "no t t q T", total=False),
    Layout(("学生人数统计",), _OTHER, ("学校|班级数|在校学生|>|教职工", "^|^|男|女|^"), "o q q q q"),
    Layout(("申请表", ""), _OTHER, ("申请单位|法定代表人|联系电话|申请理由",), "o t q T", total=False),
    Layout(
        ("工作年度报表", "基本情况登记表"),
        _OTHER,
        (),
        "t t t t",
        total=False,
        sections=(
            "单位名称|=o|>|>",
            "地址|=T|>|>",
            "是否开通|=t|办件数量（件）|=q",
            "注册用户数|=q|答复数量|=q",
            "负责人|=t|联系电话|=q",
        ),
    ),
    Layout(
        ("申请书", ""),
        _OTHER,
        (),
        "t t t t",
        total=False,
        sections=("申请单位|=o|法定代表人|=t", "申请内容|=T|>|>", "审核意见|=T|>|>", "备注|=T|>|>"),
    ),
)

OTHER_TITLE_WORDS = (
    "企业", "工程项目", "设施", "抽查", "检测", "产业", "车辆", "人员", "学校", "医院", "道路", "河道", "产品",
    "旗县区", "重点任务", "公共服务", "投诉举报", "培训班", "先进集体", "招标", "安全检查", "运行", "人口",
)  # fmt: skip
OTHER_TITLE_ENDS = (
    "一览表", "统计表", "汇总表", "情况表", "名单", "登记表", "明细", "分项指标", "清单", "台账", "目录", "公示表",
)  # fmt: skip
OTHER_COLUMNS = (
    ("名称", "o"), ("企业名称", "o"), ("建设单位", "o"), ("设计单位", "o"), ("服务机构", "o"), ("责任单位", "o"),
    ("地址", "T"), ("厂址", "T"), ("内容", "T"), ("说明", "T"), ("释义", "T"), ("应用部位", "T"), ("整改要求", "T"),
    ("依据", "T"), ("主要措施", "T"), ("结果", "t"), ("类别", "t"), ("等级", "t"), ("区县", "t"), ("性质", "t"),
    ("时间", "t"), ("姓名", "t"), ("职务", "t"), ("处置方式", "t"), ("规格", "t"), ("指标名称", "t"),
    ("2030年", "q"), ("2035年", "q"), ("数量", "q"), ("占比（%）", "q"), ("同比增长", "q"), ("设计规模", "q"),
    ("产生量", "q"), ("人数", "q"), ("得票", "q"), ("产品名称", "i"), ("抽查项目", "i"), ("事项", "i"), ("编号", "w"),
    ("文号", "w"), ("备注", "t"),
)  # fmt: skip
"""Words of lists that are no budget, with the letter code of their column, to be put together at random."""
