"""What the prose around the tables states: sentences as offices write them, and what the forms say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from loader.documents.grid import Cell, Row
from loader.documents.readers import read
from loader.filing.prose.file_prose import file_prose
from loader.filing.prose.sentences import Sentence, sentences
from loader.filing.prose.stated import stated_facts
from loader.loading.load import load_content
from loader.loading.options import Options
from schema.forms.final_accounts import FINAL_ACCOUNTS
from synthetic import pages
from synthetic.budgets import FEN, YEAR, Entry, Shape, budget_of, random_shape
from synthetic.rendering import render
from synthetic.set_documents import Account, text_of
from tests.conftest import Run
from tests.contents import troubles
from tests.test_final_account_layouts import COVER, EXPENDITURE, table

Said = tuple[str | None, str | None, str, int, str]  # kind, qualifier, measure, year, amount


def facts_of(text: str, stage: str = "budget") -> list[Said]:
    rows = [("text", Row(number, (Cell(line, 0),), in_table=False)) for number, line in enumerate(text.split("\n"), 1)]
    return [
        (fact.kind, fact.qualifier, fact.measure, fact.of_year, str(fact.amount and fact.amount.normalize() + 0))
        for fact in stated_facts(sentences(rows), 2024, stage)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "2024年本单位收入预算300.5万元，其中，一般公共预算拨款200万元，政府性基金拨款100.5万元。",
            [("revenue", None, "300.5"), ("revenue", "general", "200"), ("revenue", "government_fund", "100.5")],
        ),
        (
            "某某局2024年部门支出预算1,300.50万元，其中：一般公共服务支出1,200万元、住房保障支出100.5万元。",
            [
                ("expenditure", None, "1300.5"),
                ("function", "一般公共服务支出", "1200"),
                ("function", "住房保障支出", "100.5"),
            ],
        ),
        (
            "一般公共预算拨款支出预算0.02亿元，其中：基本支出150万元；项目支出500000元。",
            [("expenditure", "general", "200"), ("basic", "general", "150"), ("project", "general", "50")],
        ),
        (
            "2024年“三公”经费预算数为6.6万元，其中，公务接待费0.6万元，公务用车购置及运行费6万元（其中：公务用车购置费0万元，"
            "公务用车运行费6万元），因公出国（境）费0万元。",
            [
                ("three_public", None, "6.6"),
                ("reception", None, "0.6"),
                ("vehicle", None, "6"),
                ("vehicle_purchase", None, "0"),
                ("vehicle_operation", None, "6"),
                ("abroad", None, "0"),
            ],
        ),
        (
            "2024年本部门政府采购预算总额50万元，其中，货物类采购预算30万元；工程类采购预算0万元；服务类采购预算20万元。",
            [
                ("procurement", None, "50"),
                ("procurement_goods", None, "30"),
                ("procurement_works", None, "0"),
                ("procurement_services", None, "20"),
            ],
        ),
        (
            "2024年机关运行经费当年一般公共预算拨款93.28万元。会议费预算20万元，培训费预算2万元。",
            [("operating_cost", None, "93.28"), ("meeting", None, "20"), ("training", None, "2")],
        ),
        ("“教育支出（类）普通教育（款）小学教育（项）”12万元。", [("function", "教育支出/普通教育/小学教育", "12")]),
        (
            "教育支出（类）普通教育（款）小学教育（项）：预算数为12万元。",
            [("function", "教育支出/普通教育/小学教育", "12")],
        ),
        ("教育（类）支出12万元，占3%。", [("function", "教育支出", "12")]),
        ("某某局（部门）支出预算12万元。", [("expenditure", None, "12")]),
        ("“教育支出-普通教育-小学教育”科目12万元。", [("function", "教育支出/普通教育/小学教育", "12")]),
        (
            "1、教育支出（205类）普通教育（02款）小学教育（02项）12万元。",
            [("function", "教育支出/普通教育/小学教育", "12")],
        ),
        ("1．普通教育（款）小学教育（项）支出12万元。", [("function", "教育支出/普通教育/小学教育", "12")]),
        (
            "某某局2024年度收入、支出预算总计12万元。",
            [("revenue_total", None, "12"), ("expenditure_total", None, "12")],
        ),
        ("一般公共预算拨款安排的会议费预算支出12万元。", [("meeting", None, "12")]),
        # the noun stands in a heading, in the same line or above
        (
            "（一）收入预算：2024年年初预算数12万元，其中，一般公共预算拨款11万元，纳入专户管理的非税收入1万元。",
            [("revenue", None, "12"), ("revenue", "general", "11"), ("revenue", "special_account", "1")],
        ),
        ("（一）基本支出\n2024年年初预算数为12万元，是指日常支出，包括人员经费。", [("basic", None, "12")]),
        (
            "2024年财政拨款收支预算12万元。2024年一般公共预算当年拨款11万元。",
            [("revenue_total", "fiscal", "12"), ("expenditure_total", "fiscal", "12"), ("revenue", "general", "11")],
        ),
        (
            "按采购类型划分。其中：货物类采购10万元，占政府采购预算100%。",
            [("procurement_goods", None, "10")],
        ),
        (
            "收支总预算12万元。收入包括：一般公共预算拨款12万元。",
            [("revenue_total", None, "12"), ("expenditure_total", None, "12"), ("revenue", "general", "12")],
        ),
        (
            "六、一般公共预算财政拨款基本支出预算情况说明\n2024年度财政拨款基本支出12万元。",
            [("basic", "general", "12")],
        ),
        (
            "财政拨款基本支出12万元，其中：人员经费10万元，占83.33%；公用经费2万元，占16.67%。",
            [("basic", "fiscal", "12"), ("staff", "fiscal", "10"), ("public", "fiscal", "2")],
        ),
        ("公务用车购置费及运行维护费支出预算12万元。", [("vehicle", None, "12")]),
        # economic classes are parts of the spending named before, in this sentence and the next ones
        (
            "1.基本支出预算12万元。其中：工资福利支出预算8万元，占基本支出预算66.67%。商品和服务支出预算3万元。\n"
            "2.项目支出7万元。其中：商品和服务支出6万元。公务接待费1万元。",
            [
                ("basic", None, "12"),
                ("basic_wages", None, "8"),
                ("basic_goods", None, "3"),
                ("project", None, "7"),
                ("project_goods", None, "6"),
                ("reception", None, "1"),
            ],
        ),
        ("（一）教育支出类科目12万元，占支出总预算78.33%。", [("function", "教育支出", "12")]),
        (
            "2024年“三公”经费合计支出12万元，其中：公车购置及运行费9万元（公务车购置5万元，公务车运行费4万元）。",
            [
                ("three_public", None, "12"),
                ("vehicle", None, "9"),
                ("vehicle_purchase", None, "5"),
                ("vehicle_operation", None, "4"),
            ],
        ),
    ],
)
def test_a_sentence_states_amounts(text: str, said: list[tuple[str, str | None, str]]) -> None:
    assert [fact[:2] + fact[4:] for fact in facts_of(text) if fact[2] == "amount"] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "2024年支出预算90万元，比2023年预算减少10万元，下降10%。",
            [("expenditure", "change", "-10"), ("expenditure", "change_rate", "-10")],
        ),
        ("2024年收入预算90万元，较去年增加5.5万元。", [("revenue", "change", "5.5")]),
        (
            "2024年支出预算较上年增5.5万元，减幅3%。",
            [("expenditure", "change", "5.5"), ("expenditure", "change_rate", "-3")],
        ),
        ("2024年支出预算90万元，比2023年的87万元，增加3万元。", [("expenditure", "change", "3")]),
        ("公务接待费同口径比2023年减少3万元。", [("reception", "change", "-3")]),
        (
            "收、支总计均为90万元。与2023年相比，收、支总计各减少10万元。",
            [("revenue_total", "change", "-10"), ("expenditure_total", "change", "-10")],
        ),
        (
            "与上年度相比，收入总计增加3万元，增长2.5%。",
            [("revenue_total", "change", "3"), ("revenue_total", "change_rate", "2.5")],
        ),
        ("2024年支出预算90万元，同比减少10万元。", [("expenditure", "change", "-10")]),
        ("支出预算：2024年年初预算数90万元。支出较去年增加3万元。", [("expenditure", "change", "3")]),
        ("本单位预算支出90万元，比2023年预算数81万元增加9万元。", [("expenditure", "change", "9")]),
        ("支出总计90万元。会议费9万元，占支出总计的10%。与上年相比，增加3万元。", [("meeting", "change", "3")]),
        # behind the parts in brackets, of the whole
        (
            "公务用车购置及运行费9万元（其中：公务用车购置费5万元，公务用车运行费4万元），比上年增加3万元。",
            [("vehicle", "change", "3")],
        ),
    ],
)
def test_a_change_is_of_the_figure_before_or_of_its_own_subject(text: str, said: list[tuple[str, str, str]]) -> None:
    facts = [(kind, measure, amount) for kind, _, measure, _, amount in facts_of(text)]
    changes = [fact for fact in facts if fact[1] in ("change", "change_rate")]
    assert changes == said


TOPIC = "1.“教育支出（类）普通教育（款）小学教育（项）”{amount}万元。"
COMPARED = "2023年当年预算执行数为60.00万元，2024年预算安排{now}万元，比2023年预算执行数{change}。"


@pytest.mark.parametrize(
    ("text", "stage", "passed"),
    [
        (COMPARED.format(now=66, change="增加10%"), "budget", [True]),
        (COMPARED.format(now=66.04, change="增加10.06%"), "budget", [True]),  # cut off
        (COMPARED.format(now=66, change="减少10%"), "budget", [False]),
        (COMPARED.format(now=6.6, change="增加10%"), "budget", [False]),
        (COMPARED.format(now="66.00", change="增加7.00万元，增长10%"), "budget", [False, True]),
        (TOPIC.format(amount=66) + COMPARED.format(now=77, change="增加10%"), "budget", [True]),  # 77 is said elsewhere
        (
            COMPARED.replace("当年预算执行", "年初预算").format(now=66, change="增加20%"),  # of another amount
            "budget",
            [],
        ),
        ("2024年支出预算90万元，比上年减少10万元，下降10%。", "budget", [True]),
        ("其他资金90.00万元。与上年相比减少10.00万元，下降11.0%。", "budget", [False]),
        ("2024年支出预算90万元，其中办公费5万元，比上年减少10万元，下降10%。", "budget", [True]),
        ("办公费5万元，会议费6万元。与上年相比减少10万元，下降12%。", "budget", []),  # of which of them?
        ("年初预算为0万元，全年预算为50万元，支出决算为49万元，完成全年预算的98%。", "final", [True]),
        ("年初预算为50万元，支出决算为49万元，完成预算的89%。", "final", [False]),
        ("支出60万元，其中：基本支出40万元，占66.66%；项目支出20万元，占30%。", "budget", [True, False]),
        ("基本支出40万元，占66.66%；项目支出20万元，占33.34%。", "budget", []),  # of what?
        # differences are no amounts of their own
        ("项目支出60万元，同比减少5万元，其中：平台40万元，占66.67%；课题20万元，占33.33%。", "budget", [True, True]),
        ("预算12万元，决算10万元，较预算数减少2万元，较上年减少1万元，下降9.09%。", "final", [True]),
        ("决算10万元，小于年初预算数2万元，较上年减少1万元，下降9.09%。", "final", [True]),
        # parts of a part, and what is of the whole behind the parts
        ("收入100万元，包括：本年95万元，占95%。其中：拨款90万元，占94.74%。", "budget", [True, True]),
        ("退休费12万元（其中：离休2万元，占16.7%），比上年增加2万元，增长20%。", "budget", [True, True]),
        ("支出90万元，其中：人员50万元（其中工资30万元），占55.56%。", "budget", [True]),
        ("年初预算80万元，决算90万元（其中项目30万元），完成年初预算的112.5%。", "final", [True]),
        ("2024年收入总预算309.00万元，同比增加8.25万元，同比增长2.9%。", "budget", [False]),
        ("收入100万元，其中：拨款82万元（含上年结转2万元），占82%。", "budget", [True]),
        # shares of what their words name, or what those of a share before name
        ("三公经费12万元。公车购置及运行费9万元，占三公经费的75%，其中购置费5万元，占41.67%。", "budget", [True, True]),
        ("公车购置及运行费9万元，占全区三公经费的7%，其中购置费5万元，占3.89%。", "budget", []),
        ("基本支出84万元。项目支出16万元。办公费21万元，占基本支出的25%。", "budget", [True]),
        ("一般公共预算支出100万元，其中：基本支出84万元，占一般公共预算支出的94%。", "budget", [False]),
        ("一般公共预算支出16万元，占本年支出合计的31%。", "budget", []),  # of which total?
        ("2024年部门预算安排支出100万元。基本支出84万元，占支出总额的83%。", "budget", [True]),
        ("基本支出10万元。财政拨款基本支出8万元，其中：人员经费6万元，占基本支出的75%。", "final", [True]),
        # of the amount before, and of 0, which may be rounded
        ("公务接待费0.6万元，与上年持平；会议费0万元，较上年减少0.4万元，下降40%。", "budget", []),
        ("公务接待费0.6万元，会议费0万元，较上年减少0.4万元，下降60%。", "budget", []),
        # changes of other years, of other things, from below zero
        ("收入90万元，比上年增加9万元，增长11.11%，比2022年增加20万元，增长28.57%。", "budget", [True]),
        ("2024年收入90万元，2023年比2022年增加9万元，增长50%。", "budget", []),
        ("收入90万元，上年81万元，其中拨款收入比上年增加5万元，增长7.69%。", "budget", []),
        ("收入90万元，其中2023年结转5万元，比上年减少1万元，下降16.67%。", "budget", []),
        ("支出90万元，结余-5万元，比上年减少15万元，下降150%。", "budget", []),
    ],
)
def test_changes_rates_and_shares_follow_from_the_amounts_beside_them(
    text: str, stage: str, passed: list[bool]
) -> None:
    facts = stated_facts([Sentence(f"{text}。", "p", 1) for text in text.rstrip("。").split("。")], 2024, stage)
    held = [
        abs(fact.amount - fact.implied) <= fact.implied_margin + 2 * fact.half_place
        for fact in facts
        if fact.amount is not None
        and fact.half_place is not None
        and fact.implied is not None
        and fact.implied_margin is not None
    ]
    assert held == passed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "医疗卫生与计划生育支出（210类）行政事业单位医疗（11款）行政单位医疗（01项）12万元。",
            [("name", "210", "医疗卫生与计划生育支出")],
        ),
        (
            "医疗卫生与计划生育支出（类）行政事业单位医疗（款）行政单位医疗（项）12万元。",
            [("name", "210", "医疗卫生与计划生育支出")],
        ),
        ("教育（205类）普通教育（02款）小学教育（02项）12万元。", []),
        (
            "2024年收入预算12万元，比2024年预算增加3万元，与2024年预算持平。",
            [("compared_year", None, "比2024年预算增加3万元、与2024年预算持平")],
        ),
        ("2024年收入预算12万元，比2024年当年预算执行数增加3万元，比2023年预算增加2万元。", []),
        ("财政拨款支出增加（减少）的主要原因是业务量增加。", [("left_over", None, "增加(减少)")]),
        ("收入预算XX万元，比上年增长（下降）×%。", [("left_over", None, "XX万元、增长(下降)、×%")]),
        ("公务接待费9万元，与上年持平，主要原因是。", [("left_over", None, "原因是")]),
        ("与上年相比减少万元，减少 0.36%。", [("left_over", None, "减少万元")]),
        ("公务接待费9万元，主要原因是业务量增加；不用说明变动原因。单位：万元", []),
        ("型号X元件5万元，测算为2000元×人×月数、单价×人数。", []),
        ("2023年执行数比2024年预算数减少3万元。", []),
        ("举办“技能比武”、先进班组”评选，，经费9万元。", [("punctuation", None, "，，、先进班组”")]),
    ],
)
def test_old_names_wrong_years_and_left_overs_are_told(text: str, said: list[tuple[str, str | None, str]]) -> None:
    facts = stated_facts([Sentence("预算12万元。", "p", 1), Sentence(text, "p", 2)], 2024, "budget")
    assert [
        (fact.measure, fact.qualifier, fact.subject) for fact in facts if fact.kind is None and fact.subject
    ] == said


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("会议费8万元，其中：年度会议1次，会议费3万元；业务会议2次，会议费5万元。", ["8"]),
        ("“三公”经费9万元。其中：局本级“三公”经费5万元，下属单位“三公”经费4万元。", ["9"]),
        ("局机关机关运行经费9万元；执法大队机关运行经费2万元。", ["9"]),
        ("会议费8万元，其中会议费9万元。", ["8", "9"]),  # no part is more than the whole
        ("某某局收入预算9万元。其中：局机关收入预算5万元，下属某某中心收入预算4万元。", ["9"]),
        ("八、政府性基金预算收支情况\n本年收入9万元，本年支出8万元。", []),
        ("政府性基金预算年初结转5万元，本年收入9万元，支出总计8万元。", []),
    ],
)
def test_parts_and_other_offices_have_amounts_of_their_own(text: str, amounts: list[str]) -> None:
    assert [amount for kind, _, _, _, amount in facts_of(text) if kind] == amounts


def test_people_and_goals_are_counted() -> None:
    text = "本部门核定编制数30名，实有在职人员28人。编报绩效目标的项目5个，涉及项目预算资金120万元。"
    assert [(kind, measure, amount) for kind, _, measure, _, amount in facts_of(text)] == [
        ("headcount_authorised", "count", "30"),
        ("headcount_actual", "count", "28"),
        ("goal_projects", "count", "5"),
        ("goal_amount", "amount", "120"),
    ]


def test_a_function_is_the_topic_until_another_point_begins() -> None:
    text = (
        "1.“教育支出（类）普通教育（款）小学教育（项）”，主要用于办学。2024年预算安排12万元。\n"
        "2.其他。2024年预算安排15万元。"
    )
    assert facts_of(text) == [
        ("function", "教育支出/普通教育/小学教育", "amount", 2024, "12"),
        (None, None, "amount", 2024, "None"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "面向中小企业预留政府采购项目预算金额20万元。",
        "第一季度用款计划15.8万元。",
        "购置单价100万元（含）以上设备花费3万元。",
        "教育支出预算安排的奖学金支出预算5万元。",
        "2023年当年预算执行数为60万元。",
        "支出决算为51.32万元。",
        "行政运行（项）支出14857.61万元。",
        "1、工资福利支出（类）12万元（1）基本工资（款）支出3万元。",
        "这一因素较上年减少部门支出1,653万元。",
        "新增项目较2023年增加支出预算12万元。",
        "机构运行12万元，其中：基本支出11万元，项目支出1万元。",
        "党建经费12万元（其中：会议费3万元）。",
        "因公出国（境）培训团组支出12万元。",
        "教育支出（类）普通教育（款）（项）：预算数12万元。",  # which 项?
        "按资金来源划分，上年结转资金12万元。",
        "政府采购支出具体情况如下：一般公共预算拨款12万元。",
        "工资福利支出12万元。",
        "彩票公益金安排的支出12万元。",
        "其他法院支出12万元，其中：基本支出12万元。",
    ],
)
def test_of_what_is_not_understood_nothing_is_claimed(text: str) -> None:
    assert [kind for kind, *_ in facts_of(text)] == [None]


def test_a_final_account_states_what_was_spent_not_what_was_planned() -> None:
    text = (
        "一般公共预算财政拨款支出年初预算为100万元。本年支出合计98万元，其中：基本支出60万元。"
        "“三公”经费支出预算为5万元，支出决算为4万元，其中：公务接待费支出预算为3万元，支出决算为2万元。"
    )
    assert facts_of(text, "final") == [
        (None, None, "amount", 2024, "None"),
        ("expenditure", None, "amount", 2024, "98"),
        ("basic", None, "amount", 2024, "60"),
        ("three_public", None, "amount", 2024, "4"),
        ("reception", None, "amount", 2024, "2"),
    ]
    # the outcome of a plan that is not understood is not that of the topic
    text = "教育支出（类）普通教育（款）小学教育（项）。党建经费年初预算为5万元，支出决算为4万元。"
    assert facts_of(text, "final") == [(None, None, "amount", 2024, "None")]


@pytest.mark.parametrize(
    ("text", "stage", "subject"),
    [
        ("（一）基本支出：2024年年初预算数为12万元。", "budget", "基本支出预算数为"),
        ("公务接待费支出预算为12万元，支出决算为9万元。", "final", "公务接待费支出决算为"),
    ],
)
def test_what_a_figure_is_of_is_told_with_its_noun(text: str, stage: str, subject: str) -> None:
    (fact,) = stated_facts([Sentence(text, "p", 1)], 2024, stage)
    assert fact.subject == subject


def test_money_carried_over_is_a_part_of_a_total_and_points_are_parts_of_the_list_above() -> None:
    text = (
        "2024年度收入总计12万元，其中：本年收入9万元，使用非财政拨款结余（含专用结余）1万元，年初结转和结余2万元。\n"
        "2024年度支出总计12万元，其中：结余分配3万元，年末结转和结余4万元。支出具体情况如下：\n"
        "1．教育支出5万元：主要用于办学。较2023年度决算数增加1万元。\n2．住房保障支出6万元。\n（三）教育支出7万元。"
    )
    assert [(fact[0], fact[4]) for fact in facts_of(text, "final")] == [
        ("revenue_total", "12"),
        ("revenue", "9"),
        ("surplus_used", "1"),
        ("opening", "2"),
        ("expenditure_total", "12"),
        ("surplus_distributed", "3"),
        ("closing", "4"),
        ("function", "5"),
        ("function", "1"),
        ("function", "6"),
        (None, "None"),
    ]


def test_parts_are_of_the_year_of_their_whole() -> None:
    text = "2023年“三公”经费合计9万元，其中：公务接待费4万元，公务用车运行费5万元。2024年公务接待费3万元。"
    assert [(kind, year) for kind, _, _, year, _ in facts_of(text)] == [
        ("three_public", 2023),
        ("reception", 2023),
        ("vehicle_operation", 2023),
        ("reception", 2024),
    ]


def test_of_a_function_money_of_this_year_is_not_all_of_it() -> None:
    text = (
        "2024年收入预算9万元，其中：上年结转{carried}万元。\n（一）一般公共预算当年拨款具体使用情况\n"
        "1．教育支出（类）普通教育（款）小学教育（项）2024年预算数为4万元。\n"
        "2．教育支出（类）普通教育（款）初中教育（项）2024年预算数为4万元。"
    )
    assert [kind for kind, *_ in facts_of(text.format(carried=0))] == ["revenue", "opening", *2 * ["function"]]
    assert [kind for kind, *_ in facts_of(text.format(carried=5))] == ["revenue", "opening", None, None]


def test_a_function_is_not_the_topic_of_what_is_named_otherwise() -> None:
    text = (
        "教育支出（类）普通教育（款）小学教育（项）：支出决算为5万元。教育支出（类）普通教育（款）（项）：支出决算为6万元。"
        "其他情况：支出决算为7万元。"
    )
    assert [kind for kind, *_ in facts_of(text, "final")] == ["function", None, None]


def test_a_title_far_above_is_no_part_of_a_sentence() -> None:
    rows = [
        ("p", Row(2, (Cell("整体支出绩效目标表", 0),), in_table=False)),
        ("p", Row(90, (Cell("2024年收入预算12万元。", 0),), in_table=False)),
    ]
    assert sentences(rows) == [Sentence("2024年收入预算12万元。", "p", 90)]


def test_of_a_sentence_that_never_ends_the_beginning_is_read() -> None:
    rows = [("p", Row(1, (Cell("预算12万元，" + "其中" * 20_000, 0),), in_table=False))]
    assert [len(sentence.text) for sentence in sentences(rows)] == [2000]


def test_what_begins_behind_a_full_stop_goes_on_over_the_page() -> None:
    rows = [
        ("p", Row(23, (Cell("（一）收入预算12万元。其中基本", 0),), in_table=False)),
        ("p", Row(1001, (Cell("支出3万元。。其中：", 0),), in_table=False)),
        ("p", Row(2001, (Cell("1、教育支出2万元。", 0),), in_table=False)),
    ]
    found = sentences(rows)
    assert [sentence.text for sentence in found] == [
        "（一）收入预算12万元。",
        "其中基本支出3万元。",
        "。",
        "其中：",
        "1、教育支出2万元。",
    ]
    wrong = [fact for fact in stated_facts(found, 2024, "budget") if fact.measure == "punctuation"]
    assert [(fact.subject, fact.sentence) for fact in wrong] == [("。。", "其中基本支出3万元。。")]


def test_a_sentence_goes_over_lines_and_keeps_its_place() -> None:
    rows = [
        ("p", Row(7, (Cell("一、收入预算情况", 0),), in_table=False)),
        ("p", Row(8, (Cell("株洲市荷塘区某某事务管理局2024年收入预", 0),), in_table=False)),
        ("p", Row(9, (Cell("- 3 -", 0),), in_table=False)),
        ("p", Row(10, (Cell("算12万元。", 0),), in_table=False)),
    ]
    assert sentences(rows) == [Sentence("株洲市荷塘区某某事务管理局2024年收入预算12万元。", "p", 8, "一、收入预算情况")]


# ---------------------------------------------------------------------------- against the forms

PROSE = (
    "2024年收入预算896.28万元，其中：一般公共预算拨款896.28万元。2024年支出预算896.28万元，其中：基本支出{basic}万元，项目支出106万元。",
    "“三公”经费预算0.6万元，其中：公务接待费0.6万元，因公出国（境）费0万元。会议费预算20万元。第一季度用款计划15.8万元。",
)


def with_prose(sample: Path, folder: Path, basic: str, year: int = 2024) -> Path:
    text = sample.read_text(encoding="utf-8").rstrip("\n")
    path = folder / f"{year}.txt"
    whole = "\n".join((text, *PROSE)).format(basic=basic) + "\n"
    path.write_text(whole.replace("2024", str(year)), encoding="utf-8")
    return path


def test_prose_that_agrees_with_the_forms_is_kept_and_passes(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    run("load", with_prose(sample, tmp_path, "790.28"))
    rows = database.execute(
        "select row_key, figure, expected, passed from rule.stated_fact order by fact_no"
    ).fetchall()
    assert rows == [
        ("revenue", Decimal("896.28"), Decimal("896.28"), True),
        ("revenue/general", Decimal("896.28"), Decimal("896.28"), True),
        ("expenditure", Decimal("896.28"), Decimal("896.28"), True),
        ("basic", Decimal("790.28"), Decimal("790.28"), True),
        ("project", Decimal("106"), Decimal("106.00"), True),
        ("three_public", Decimal("0.6"), Decimal("0.60"), True),
        ("reception", Decimal("0.6"), Decimal("0.60"), True),
        ("abroad", Decimal("0"), Decimal("0"), True),
        ("meeting", Decimal("20"), None, None),
    ]
    assert database.execute("select sentence from filed.stated_fact where stated_kind is null").fetchall() == [
        ("第一季度用款计划15.8万元。",)
    ]
    assert database.execute("select count(*) from meta.finding where kind = 'stated_otherwise'").fetchone() == (0,)


def test_a_fault_of_the_forms_or_of_an_amount_accuses_nothing_else_in_the_prose(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    """Revenue and spending that do not balance: the prose states one of both. A share follows from the right amount."""
    spent = Entry("expenditure", "", "11", "project", "2040604")
    received = Entry("revenue", "", "11", functional="2040604", item="11")
    account = Account(FINAL_ACCOUNTS, {spent: 41 * FEN, received: 33 * FEN})
    path = tmp_path / "account.txt"
    prose = "收、支总计41.00万元。本年支出合计41.00万元，其中：项目支出14.00万元，占100%；基本支出0万元，占9%。"
    path.write_text(f"{text_of(account)}\n{prose}\n", encoding="utf-8")
    run("load", path)
    failed = "select row_key, figure, expected from rule.result where rule like 'stated%' and not passed order by 1"
    amount, share = database.execute(failed).fetchall()
    assert amount == ("project", Decimal(14), Decimal(41))
    assert share == ("share", Decimal(9), Decimal(0))
    found = "select kind from meta.finding where kind in ('stated_otherwise', 'miscalculated') order by 1"
    assert database.execute(found).fetchall() == [("miscalculated",), ("stated_otherwise",)]


def test_prose_that_contradicts_the_forms_is_a_finding(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    path = with_prose(sample, tmp_path, "709.28")
    path.write_text(path.read_text(encoding="utf-8") + "2024年收支总计900.00万元。\n", encoding="utf-8")
    run("load", path)
    query = "select message_en, severity from report.finding where kind = 'stated_otherwise'"
    ((message, severity),) = database.execute(f"{query} and message_en like '%709%'").fetchall()
    assert all(word in message for word in ("709.28", "790.28", "基本支出"))
    assert severity == "error"
    rule = "select row_key, figure, expected from rule.result where rule = 'stated_fact' and passed = %s"
    (*_, total), basic = sorted(database.execute(rule, (False,)).fetchall(), reverse=True)
    assert basic == ("basic", Decimal("709.28"), Decimal("790.28"))
    assert total == Decimal("896.28")  # 收支总计 means two figures of the forms, and fails once
    assert database.execute(rule, (True,)).fetchall()
    assert "stated_otherwise" not in run("check", "001001/2024", "--json", code=4).stdout  # told once
    run("load", "--again", path)
    assert (message, severity) in database.execute(query).fetchall()
    assert "stated_otherwise" in run("findings", "--json").stdout


def test_prose_that_contradicts_itself_fails(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    name = "“住房保障支出（类）住房改革支出（款）住房公积金（项）”"
    before = f"1.{name}48.93万元。2023年预算数为40万元，2024年预算安排48.93万元，比2023年预算增加22.32%。"
    after = f"1.{name}49.83万元。2023年预算数为40万元，2024年预算安排48.93万元，比2023年预算减少22.32%。主要原因是。"
    path = tmp_path / "2024.txt"
    query = (
        "select rule, row_key, figure, expected, passed from rule.result where rule in"
        " ('stated_rate', 'stated_twice', 'left_over') order by rule"
    )
    function = "function/住房保障支出/住房改革支出/住房公积金"
    meetings = "2024年会议费预算20万元，具体安排如下。2024年会议费预算21万元。"  # no form prints them
    failed = "select row_key, figure, expected from rule.result where rule = 'stated_fact' and not passed"
    house, meeting = (function, Decimal("48.93"), Decimal("48.93"), True), ("meeting", 21, 20, False)
    for prose, rate, pairs, contradicted in (
        (before, (Decimal("22.32"), Decimal("22.33"), True), [house], []),
        # the forms contradict the first of the two amounts: that is told once
        (
            after,
            (Decimal("-22.32"), Decimal("22.33"), False),
            [meeting],
            [(function, Decimal("49.83"), Decimal("48.93"))],
        ),
    ):
        said = f"{prose}\n{meetings}" if prose == after else prose
        path.write_text(f"{sample.read_text(encoding='utf-8')}\n{said}\n", encoding="utf-8")
        run("load", "--supersede", path)
        (*found, (_, *told_rate)) = [row for row in database.execute(query).fetchall() if row[0] != "stated_twice"]
        twice = [tuple(row) for rule, *row in database.execute(query).fetchall() if rule == "stated_twice"]
        assert tuple(told_rate) == (f"change_rate/{function}", *rate)
        assert twice == pairs
        assert database.execute(failed).fetchall() == contradicted
        assert len(found) == (prose == after)
    told = str(database.execute("select message_zh from report.finding").fetchall())
    assert "主要原因是。" in told
    assert "“住房公积金预算安排”的增减率为 -22.32%，按同一句的金额应为 22.33%" in told


def test_a_change_is_held_against_the_year_before(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    text = sample.read_text(encoding="utf-8").rstrip("\n")
    before, now = tmp_path / "2023.txt", tmp_path / "2024.txt"
    before.write_text(text.replace("2024", "2023") + "\n", encoding="utf-8")
    now.write_text(
        text + "\n2024年收入预算896.28万元，比2023年预算增加0万元。2024年支出预算896.28万元，比上年增加5万元。\n",
        encoding="utf-8",
    )
    run("load", now)
    query = "select stated_kind, expected, passed from rule.stated_fact where measure = 'change' order by fact_no"
    assert database.execute(query).fetchall() == [("revenue", None, None), ("expenditure", None, None)]
    run("load", before)
    assert database.execute(query).fetchall() == [("revenue", 0, True), ("expenditure", 0, False)]


def test_no_change_and_a_part_are_stated_though_spending_doubled(database: psycopg.Connection) -> None:
    """Without a fund all money is meant: the part that the budget pays is another figure."""
    budget = budget_of(Shape(seed=1, department="105", items=2, other_funds=("31",))).of_unit("105001")
    doubled = replace(budget, amounts={entry: 2 * amount for entry, amount in budget.amounts.items()})
    spent = Decimal(budget.total("expenditure")) / FEN
    part = sum(amount for entry, amount in budget.amounts.items() if entry.fund == "11" and entry.nature) / FEN * 2
    before = render(budget, (1, 2, 3)).replace(f"{YEAR}年", f"{YEAR - 1}年")
    now = render(doubled, (1, 2, 3)) + (
        f"\n{YEAR}年支出预算{2 * spent}万元，比上年增加0万元。\n{YEAR}年支出预算{part}万元。\n"
    )
    for text in (before, now):
        assert load_content(database, text.encode(), "a.txt", Options()).error is None
    query = "select measure, expected, passed from rule.stated_fact order by fact_no"
    assert database.execute(query).fetchall() == [
        ("amount", 2 * spent, True),
        ("change", spent, False),
        ("amount", 2 * spent, False),
    ]


_ITEMS = "预算数|决算数|" * 6
_FIGURES = "6.00|5.00|||4.00|3.50|||4.00|3.50|2.00|1.50"


@pytest.mark.parametrize(
    ("title", "more", "expected"),
    [
        ("“三公”经费支出决算表", ("", "", "", "", ""), None),
        ("“三公”经费及机关运行经费支出决算表", ("|机关运行经费决算数", "|", "|", "|", "|2.20"), Decimal("2.2")),
        ("“三公”经费及机关运行经费支出决算表", ("|机关运行经费决算数", "|", "|", "|", "|"), Decimal(0)),
    ],
)
def test_a_column_that_a_form_does_not_print_says_nothing_of_its_money(
    database: psycopg.Connection, title: str, more: tuple[str, ...], expected: Decimal | None
) -> None:
    """One that it prints and leaves blank does."""
    three_public = table(
        title,
        "“三公”经费支出|||||||||||" + more[0],
        "合计||因公出国（境）费||公务用车购置及运行费||||||公务接待费|" + more[1],
        "||||小计||公务用车购置费||公务用车运行费|||" + more[2],
        _ITEMS[:-1] + more[3],
        _FIGURES + more[4],
    )
    text = COVER + EXPENDITURE + three_public + "\n\n第三部分 情况说明\n\n2024年度机关运行经费支出2.20万元。\n"
    assert load_content(database, text.encode(), "公开.txt", Options()).error is None
    query = "select expected from rule.stated_fact where stated_kind = 'operating_cost'"
    assert database.execute(query).fetchall() == [(expected,)]


@pytest.mark.parametrize(("line", "expected"), [("", None), ("二、机关运行经费|2.20\n", Decimal("2.2"))])
def test_a_line_that_a_form_does_not_print_says_nothing_of_its_money(
    database: psycopg.Connection, line: str, expected: Decimal | None
) -> None:
    rows = ["项目|决算数", "一、“三公”经费支出|5.00", "1.因公出国（境）费|", "2.公务用车购置及运行维护费|3.50"]
    rows += ["（1）公务用车购置费|", "（2）公务用车运行维护费|3.50", "3.公务接待费|1.50", *line.splitlines()]
    text = COVER + EXPENDITURE + table("机构运行信息表", *rows)
    text += "\n\n第三部分 情况说明\n\n2024年度机关运行经费支出2.20万元。\n"
    assert load_content(database, text.encode(), "公开.txt", Options()).error is None
    query = "select expected from rule.stated_fact where stated_kind = 'operating_cost'"
    assert database.execute(query).fetchall() == [(expected,)]


# ---------------------------------------------------------------------------- in a document of its own

ALONE = """株洲市荷塘区人民代表大会常务委员会
2024年部门预算说明
2024年收入预算896.28万元。2024年支出预算896.28万元，其中：基本支出709.28万元。
"""
FACTS = "select stated_kind, passed from rule.stated_fact order by fact_no"


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    path = tmp_path / "a_prose.txt"
    path.write_text(ALONE, encoding="utf-8")
    return path


def test_prose_alone_is_attached_to_its_forms(loaded: psycopg.Connection, run: Run, sample: Path, alone: Path) -> None:
    assert "attached" in run("load", alone).stdout
    expected = [("revenue", True), ("expenditure", True), ("basic", False)]
    assert loaded.execute(FACTS).fetchall() == expected
    assert loaded.execute("select document_role from budget.attached_document").fetchall() == [("prose",)]
    count = "select count(*) from meta.finding where kind = 'stated_otherwise'"
    for again in ((alone,), ("--again", alone), ("--again", sample)):
        run("load", *again)
        assert loaded.execute(FACTS).fetchall() == expected
        assert loaded.execute(count).fetchone() == (1,)
    assert loaded.execute("select count(*) from budget.disclosure").fetchone() == (1,)
    assert troubles(loaded) == []


PRINTED = [pages.Drawing([(60, 60 + 20 * number, 9.0, line) for number, line in enumerate(ALONE.split("\n"))])]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", lambda: pages.pdf(PRINTED)),
        ("a.ofd", lambda: pages.ofd(PRINTED)),
        ("a.docx", lambda: pages.docx("".join(map(pages.paragraph, ALONE.split("\n"))))),
    ],
)
def test_prose_of_a_document_without_tables_is_read(name: str, content: Callable[[], bytes]) -> None:
    prose = file_prose(read(content(), name), None, None, None)
    assert prose is not None
    assert (prose.owner.unit_name, prose.owner.fiscal_year) == ("株洲市荷塘区人民代表大会常务委员会", 2024)
    assert [(fact.kind, fact.amount) for fact in prose.facts] == [
        ("revenue", Decimal("896.28")),
        ("expenditure", Decimal("896.28")),
        ("basic", Decimal("709.28")),
    ]


def test_prose_waits_for_forms_of_the_same_load(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path, alone: Path
) -> None:
    (tmp_path / "b_forms.txt").write_bytes(sample.read_bytes())
    run("load", tmp_path)
    assert [kind for kind, _ in database.execute(FACTS).fetchall()] == ["revenue", "expenditure", "basic"]
    outcomes = database.execute("select outcome from meta.load order by load_id").fetchall()
    assert outcomes == [("loaded",), ("attached",)]


def test_prose_without_its_forms_is_rejected_in_words(database: psycopg.Connection, run: Run, alone: Path) -> None:
    output = " ".join(run("load", alone, code=1).output.split())
    assert "expected its forms in the warehouse or in the same load" in output
    assert database.execute("select count(*) from budget.document").fetchone() == (0,)


def test_an_amount_may_be_cut_off_behind_its_last_place(
    database: psycopg.Connection, run: Run, sample: Path, tmp_path: Path
) -> None:
    """790.28 as 790.2; what is further away, or above, is another figure."""
    path = tmp_path / "2024.txt"
    prose = "2024年基本支出预算790.2万元。\n2024年基本支出预算790.1万元。\n2024年基本支出预算790.4万元。\n"
    path.write_text(sample.read_text(encoding="utf-8") + "\n" + prose, encoding="utf-8")
    run("load", path)
    passed = database.execute("select figure, passed from rule.stated_fact order by fact_no").fetchall()
    assert passed == [(Decimal("790.2"), True), (Decimal("790.1"), False), (Decimal("790.4"), False)]


def test_what_a_form_prints_is_right_if_only_roundings_move_it(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    """A total of a document rounded cell by cell: the ledger adds up finer figures, to another cent."""
    path = tmp_path / "2024.txt"
    budget = render(budget_of(replace(random_shape(5), step=100)))
    path.write_text(budget + "\n2024年支出预算15968.24万元。\n2024年支出预算15968.27万元。\n", encoding="utf-8")
    run("load", path)
    passed = database.execute("select figure, expected, passed from rule.stated_fact order by fact_no").fetchall()
    right, wrong, expected = Decimal("15968.24"), Decimal("15968.27"), Decimal("15968.25")
    assert passed == [(right, expected, True), (wrong, expected, False)]
    query = "select message_en from report.finding where kind = 'stated_otherwise'"
    ((message,),) = database.execute(query).fetchall()
    assert "15968.27" in message


def test_prose_of_a_revision_that_does_not_count_is_held_against_its_own_forms(
    database: psycopg.Connection, run: Run, tmp_path: Path
) -> None:
    """No comparison is stored of it."""
    budget = render(budget_of(replace(random_shape(5), step=100)))
    for day, total in (("2024-03-01", "15968.27"), ("2024-02-01", "15968.24")):
        path = tmp_path / f"{day}.txt"
        path.write_text(f"{budget}\n2024年支出预算{total}万元。\n", encoding="utf-8")
        run("load", "--published", day, path)
    held = database.execute("select is_current, figure, passed from rule.stated_fact order by figure").fetchall()
    assert held == [(False, Decimal("15968.24"), True), (True, Decimal("15968.27"), False)]
    found = "select is_current from report.finding join budget.disclosure using (disclosure_id) where kind = %s"
    assert database.execute(found, ("stated_otherwise",)).fetchall() == [(True,)]
