"""The metadata object that all tables share, and the names of keys and schemas."""

from sqlalchemy import MetaData

SCHEMAS: dict[str, str] = {
    "budget": "规范化的预算数据",
    "filed": "公开时的原样数据",
    "report": "还原的二十三张报表及比对（英文名）",
    "report_zh": "还原的二十三张报表（中文名）",
    "rule": "核对规则：每条规则一个视图，每次比对一行",
    "district": "全区各单位合计的报表，每笔金额只计一次",
    "mart": "供BI工具使用的星形视图",
    "mart_zh": "中文宽表，供透视表和BI工具使用",
    "internal": "只供其他视图使用",
    "meta": "数据字典、装载记录与发现的问题",
}

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)
