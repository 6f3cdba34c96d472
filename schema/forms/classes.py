"""The classes (类) of functions and of both economic classifications, which forms of every place name.

Sources: 政府收支分类科目; 财预〔2017〕98号 for the economic classes.
"""

from __future__ import annotations

# The classes of 公用经费: goods and services, and whatever else basic spending buys that pays nobody.
PUBLIC = ("302", "307", "309", "310", "311", "312", "313", "399")
STAFF = ("301", "303")
FUNCTIONAL_CLASSES: dict[str, str] = {
    "201": "一般公共服务支出",
    "202": "外交支出",
    "203": "国防支出",
    "204": "公共安全支出",
    "205": "教育支出",
    "206": "科学技术支出",
    "207": "文化旅游体育与传媒支出",
    "208": "社会保障和就业支出",
    "209": "社会保险基金支出",
    "210": "卫生健康支出",
    "211": "节能环保支出",
    "212": "城乡社区支出",
    "213": "农林水支出",
    "214": "交通运输支出",
    "215": "资源勘探工业信息等支出",
    "216": "商业服务业等支出",
    "217": "金融支出",
    "219": "援助其他地区支出",
    "220": "自然资源海洋气象等支出",
    "221": "住房保障支出",
    "222": "粮油物资储备支出",
    "223": "国有资本经营预算支出",
    "224": "灾害防治及应急管理支出",
    "227": "预备费",
    "229": "其他支出",
    "230": "转移性支出",
    "231": "债务还本支出",
    "232": "债务付息支出",
    "233": "债务发行费用支出",
    "234": "抗疫特别国债安排的支出",
}
FUNCTIONAL_CLASS_ALIASES: dict[str, tuple[str, ...]] = {
    "207": ("文化体育与传媒支出",),
    "210": ("医疗卫生与计划生育支出",),
    "215": ("资源勘探信息等支出", "资源勘探电力信息等支出"),
    "220": ("国土海洋气象等支出", "国土资源气象等支出"),
}

# code, column id, official name, other names
GOVERNMENT_CLASSES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("501", "agency_wages", "机关工资福利支出", ()),
    ("502", "agency_goods_services", "机关商品和服务支出", ()),
    ("503", "agency_capital", "机关资本性支出", ("机关资本性支出（一）",)),
    ("504", "agency_capital_construction", "机关资本性支出（基本建设）", ("机关资本性支出（二）",)),
    ("505", "institution_recurrent", "对事业单位经常性补助", ()),
    ("506", "institution_capital", "对事业单位资本性补助", ()),
    ("507", "enterprise_subsidy", "对企业补助", ()),
    ("508", "enterprise_capital", "对企业资本性支出", ()),
    ("509", "individuals_families", "对个人和家庭的补助", ()),
    ("510", "social_security_funds", "对社会保障基金补助", ()),
    ("511", "debt_interest", "债务利息及费用支出", ()),
    ("512", "debt_principal", "债务还本支出", ()),
    ("513", "transfers", "转移性支出", ()),
    ("599", "other", "其他支出", ()),
)
