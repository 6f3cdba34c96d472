"""The language of what people read: headings of listings and findings in Chinese, or all in English.

``--lang`` decides, else HETANG_LANG, else the locale. JSON and csv keep the English names that scripts rely on.
"""

from __future__ import annotations

import os

import click

LANGUAGES = ("en", "zh")

_CHINESE = {
    "cells": "单元格",
    "change": "增减额",
    "column": "列",
    "column label": "列名",
    "count": "个数",
    "department amount": "部门文件数",
    "department code": "部门编码",
    "difference": "差额",
    "differs": "不符",
    "disclosures": "公开份数",
    "equal": "一致",
    "file name": "文件",
    "filed": "公开数",
    "fiscal year": "年度",
    "form": "报表",
    "form count": "报表数",
    "cell count": "单元格数",
    "former unit code": "原单位编码",
    "former unit name": "原单位名称",
    "had filed": "上年已公开",
    "is current": "现行",
    "is named": "被提及",
    "is withdrawn": "已撤回",
    "kind": "种类",
    "label": "名称",
    "message": "说明",
    "not filed": "未公开",
    "percent": "增减（%）",
    "published on": "公开日期",
    "rebuilt": "还原数",
    "report no": "报表",
    "report nos": "报表",
    "reporting unit code": "填报单位编码",
    "reporting unit name": "填报单位名称",
    "revision": "版次",
    "rounding": "舍入",
    "row": "行",
    "row key": "行标识",
    "row label": "行名",
    "settled name": "采用名称",
    "severity": "程度",
    "stage": "阶段",
    "status": "结果",
    "times": "次数",
    "title": "标题",
    "tolerance": "允许误差",
    "unit": "单位",
    "unit amount": "单位文件数",
    "unit code": "单位编码",
    "unit count": "单位数",
    "unit name": "单位名称",
    "units amount": "所属单位合计",
    "what": "事项",
    "year": "年度",
    "expected": "应为",
    "figure": "公开数",
    "rule": "规则",
    "meaning": "含义",
    "passed": "通过",
    "failed": "未通过",
    "not applicable": "不适用",
    "compared with": "依据",
    "answer": "答复",
}


def language() -> str:
    """``zh`` or ``en``, as the command line, the environment or the locale says."""
    context = click.get_current_context(silent=True)
    asked = context.find_root().params.get("lang") if context is not None else None
    if asked is not None:
        return str(asked)
    for name in ("HETANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def heading(name: str) -> str:
    """The heading of a column as people read it; a name without a translation stays as it is."""
    words = name.replace("_", " ")
    if language() == "en":
        return words
    first, _, rest = words.partition(" ")
    if words not in _CHINESE and first in ("change", "percent"):  # of one of several units or years
        return f"{_CHINESE[first]} {rest}"
    return _CHINESE.get(words, words)
