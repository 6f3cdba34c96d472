"""The forms that departments in Hunan published for 2018 to 2021, by their titles alone.

Source: the titles of public pages of 南县, 2021. No filled example is known, so nothing is said of rows and columns:
documents of this set keep every cell as printed, and no figure of theirs has a meaning.
"""

from __future__ import annotations

from schema.forms.template import Form, Stage, TemplateSet

_DETAIL = "支出预算明细表"
_BY_SUBJECT = f"{_DETAIL}（按部门预算科目）"


def _detail(form_id: str, short: str, *parts: str) -> Form:
    """One of the three tables 支出预算明细表; offices write its part in brackets or behind a dash."""
    heads = (_BY_SUBJECT, _DETAIL)
    titles = [title for head in heads for part in parts for title in (f"{head}（{part}）", f"{head}-{part}")]
    return Form(
        form_id=form_id,
        title=f"部门一般公共预算{titles[0]}",
        short_title=f"支出预算明细表：{short}",
        aliases=tuple(f"{front}{title}" for title in titles for front in ("一般公共预算", "")),
        optional=True,
    )


def _form(form_id: str, title: str, *aliases: str) -> Form:
    return Form(form_id=form_id, title=title, short_title=title, aliases=aliases, optional=True)


_FORMS = (
    _form("hn01", "部门预算收支总表", "部门收支总表"),
    _form("hn02", "部门一般公共预算收入预算总表", "一般公共预算收入预算总表"),
    _form("hn03", "部门一般公共预算支出预算总表", "一般公共预算支出预算总表"),
    _detail("hn04", "工资福利", "工资和福利支出", "工资福利支出"),
    _detail("hn05", "商品和服务", "一般商品和服务支出", "商品和服务支出"),
    _detail("hn06", "个人和家庭补助与项目", "对个人和家庭补助支出与项目支出", "对个人和家庭的补助支出与项目支出"),
    _form("hn07", "项目支出预算表", "部门项目支出预算表"),
    _form("hn08", "“三公”经费预算表", "一般公共预算“三公”经费预算表"),
    _form("hn09", "财政拨款收支总表"),
    _form("hn10", "一般公共预算支出情况表"),
    _form("hn11", "一般公共预算基本支出情况表", "基本支出情况表"),
    _form("hn12", "政府性基金预算支出情况表", "政府性基金支出情况表"),
    _form("hn13", "政府采购预算表"),
    _form("hn14", "部门整体支出绩效目标申报表", "整体支出绩效目标申报表"),
    _form("hn15", "项目支出绩效目标申报表"),
    _form("hn16", "重点项目支出绩效目标申报表"),
    # one of the three whose title does not say which
    _form("hn17", f"部门一般公共预算{_DETAIL}", f"部门一般公共预算{_BY_SUBJECT}", _BY_SUBJECT),
)

HUNAN_2018 = TemplateSet(
    id="hunan_2018",
    title="湖南省部门预算公开表（2018至2021年）",
    divisions=("43",),
    years=range(2018, 2022),
    stage=Stage.BUDGET,
    forms=_FORMS,
    finest_first=(),
)
