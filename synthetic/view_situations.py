"""Small disclosures for what chance does not make: a condition of a view decides about each of them.

They are written in words. ``:`` begins a disclosure: year, code, stage and name of who files. Below it, a line is

* ``form FORM``: a form without figures;
* ``unit CODE NAME DEPARTMENT``, ``unit_of_year`` likewise, ``succession YEAR OLD NEW KIND``,
  ``alias CODE PROVISIONAL``, ``project NUMBER NAME``, ``goal NUMBER FORM SUBJECT``, ``task GOAL NUMBER NAME``,
  ``indicator GOAL NUMBER``, ``fact NUMBER MEASURE KIND QUALIFIER AMOUNT``, ``finding KIND``;
* ``parts UNIT``: lines of every nature and economic class that prose tells apart, each with another amount;
* ``facts AMOUNT total|parts|other``: facts that state this amount of every kind of figure, numbered;
* a line of the ledger: statement, unit, fund, nature, function, department-economic class, item, amount (万元);
* or a cell: form, row, column, text.

``-`` is a blank, ``column=value`` after these words another column. A form has the number of its place, from 1.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from schema.forms.template import Statement

DIVISION = "430262"
NO_SET = "nothing"  # of which what has no form is, as it takes less to compute
FIRST = 9001  # the ids of the disclosures count from here

Row = dict[str, Any]

_SITUATIONS = """
# mart.execution: an office is called as its budget is, by its official code, whatever is older
: 2024 901001 final 乙局 form_set_id=final_accounts
expenditure 901001 11 basic 2010101 30201 - 4
: 2024 901001 budget 甲局
expenditure 901001 11 basic 2010101 30101 - 5
: 2024 U0000000001-1 final 甲局 form_set_id=final_accounts
expenditure 901001 11 basic 2010102 30101 - 3
: 2024 902001 budget 旧局 is_current=false
expenditure 902001 11 basic 2010101 30101 - 2
: 2024 902001 budget 新局 revision=2
expenditure 902001 11 basic 2010101 30101 - 6
: 2024 902001 final 新局
expenditure 902001 11 basic 2010101 30101 - 7
: 2024 903001 adjusted 调整局
expenditure 903001 11 basic 2010101 30101 - 3
: 2024 903001 final 丁局
expenditure 903001 11 basic 2010101 30101 - 4
three_public 903001 11 - - - abroad 1

# mart.execution: 三公 that only the form of one final account tells
: 2024 904001 budget 戊局
expenditure 904001 11 basic 2010101 30101 - 10
expenditure 904001 11 basic 2010103 30101 - 0
three_public 904001 11 - - - abroad 2
: 2024 904001 final 戊局 form_set_id=final_accounts
expenditure 904001 11 basic 2010101 30101 - 9
: 2024 904001 adjusted 戊局
expenditure 904001 11 basic 2010199 30101 - 1
: 2024 905001 budget 己局
expenditure 905001 11 basic 2010101 30101 - 10
three_public 905001 11 - - - abroad 2
: 2024 905001 final 己局 form_set_id=final_accounts
expenditure 905001 11 basic 2010101 30101 - 9
form f07

# mart.execution: classes that were chosen on one side
: 2024 906001 budget 庚局
expenditure 906001 11 basic 2010101 30201 - 3 allocated=["department_economic_class"]
expenditure 906001 11 basic 2010101 30202 - 1
expenditure 906001 11 basic 2010101 30301 - 2
: 2024 906001 final 庚局
expenditure 906001 11 basic 2010101 30101 - 5
: 2024 907001 budget 辛局
expenditure 907001 11 basic 2010101 30101 - 5
: 2024 907001 final 辛局
expenditure 907001 11 basic 2010101 30201 - 3 allocated=["department_economic_class"]
expenditure 907001 11 basic 2010102 30201 - 1
expenditure 907001 11 basic 2010101 30301 - 2
: 2024 908001 budget 壬局
expenditure 908001 11 basic 2010101 30101 - 5
three_public 908001 11 - - - abroad 2
: 2024 908001 final 壬局
three_public 908001 11 - - - abroad 1

# rule.final_account: a fifth is rounded to 分; an item that the budget lacks
: 2024 909001 budget 癸局
expenditure 909001 11 basic 2010101 30101 - 5.03
three_public 909001 11 - - - abroad 1
: 2024 909001 final 癸局
expenditure 909001 11 basic 2010101 30101 - 6.04
three_public 909001 11 - - - abroad 1
three_public 909001 11 - - - reception 1

# rule.three_public: the most that the ledger may have, and the places that the rows of the subject print
: 2024 911001 budget 三公局 is_rounded=false
three_public 911001 11 - - - abroad 8
expenditure 911001 11 basic 2010101 30212 - 5
expenditure 911001 11 basic 2010101 - - 2
expenditure 911001 11 basic 2010101 30101 - 50 allocated=["nature"]
expenditure 911001 11 basic 2010101 30101 - 0.7 allocated=["department_economic_code"]
expenditure 911001 11 basic 2010101 302 - -3
r15 total total 8
r15 total abroad 8 half_place=0.05
r08 30212 total 5
r09 911001/30212 agency_total 5 half_place=0.5
r09 911001/30212 agency_salaries - half_place=5

# report.compare_disclosures: a form that prints less finely, with a zero that is printed finely
: 2024 912001 budget 粗局 coarse_forms=[1] is_rounded=true
expenditure 912001 11 basic 2010101 30101 - 5
expenditure 912001 11 basic 2010101 30103 - 3
expenditure 912001 11 basic 2010101 30104 - 4
form r08 header_columns=["total","staff"]
r08 30101 total 5 half_place=50
r08 30102 total 0
form r03 header_columns=["total"]
r03 2010101 total 12.01
# a blank of a sum that its form does not print
r03 201 - 一般

# report.compare_disclosures: sheets of goals
: 2024 912002 budget 目标局
project 1 甲项目
project 2 乙项目
project 3 indicator
project 4 丁项目
special_fund 912002 11 - 2010101 - in_department_budget 3 project_id=1
special_fund 912002 11 - 2010101 - in_department_budget 4 project_id=3
special_fund 912002 11 - 2010101 - in_department_budget 5 project_id=4
procurement 912002 11 - 2010101 - goods 1 project_id=1
goal 1 r22 甲项目 project_id=1 goal_text=再做
goal 2 r22 甲项目 project_id=1 goal_text=做
goal 3 r22 乙项目 project_id=2
goal 4 r22 indicator project_id=3
goal 5 r23 目标局
goal 6 r22 丁项目 project_id=4
goal 7 r23 又一局
task 5 1 做甲
task 7 1 做乙
task 6 1 做丙
indicator 1 1 target_value=5
indicator 3 1 target_value=6 target_number=6
indicator 4 1 target_text=丙
indicator 5 1 target_text=丁
indicator 6 1 level3_name=null target_number=-2e12 target_value=5
form r22 subject_key=甲项目 header_columns=["amount","goal"]
r22 甲项目/产出/数量/次数 target 5
r22 甲项目 goal / goal_no=1
r22 甲项目/产出/数量/次数 note /
form r22 subject_key=indicator
r22 indicator amount 见附表
r22 indicator/产出/数量/次数 target_text 丙
r22 indicator/产出/数量/次数 measure ≥\u30005次
form r22 subject_key=丁项目 header_columns=["amount"]
r22 丁项目/产出 note 无
r22 丁项目/产出/数量/ target 5
form r22 subject_key=丁项目又
r22 丁项目又 amount 5
form r23
r23 indicator/产出/数量/次数 target_text “丁”

# a project and its goal in a document that does not count
: 2024 912003 budget 旧目标局 is_current=false
project 1 甲项目
special_fund 912003 11 - 2010101 - in_department_budget 3 project_id=1
goal 1 r22 甲项目 project_id=1
three_public 912003 11 - - - abroad 3
r15 total abroad 3
fact 1 amount abroad - 3 implied_amount=3 implied_margin=0
fact 2 amount abroad - 4
fact 3 amount meeting - 3
fact 4 amount meeting - 4
form r03

# internal.counted_goal: the unit's own document tells of spending, but of no special funds
: 2024 913 budget 部门 cell_count=5
unit 913 部门 913
unit 913001 所属 913
project 1 甲项目
project 2 乙项目
unit 913002 另一 913
expenditure 913001 11 basic 2010101 30101 - 5
special_fund 913001 11 - 2010101 - in_department_budget 3 project_id=1
special_fund 913002 11 - 2010101 - in_department_budget 4 project_id=2
special_fund 913003 11 - 2010101 - in_department_budget 5 project_id=3
special_fund 913002 11 - 2010101 - in_department_budget 6 project_id=3
goal 1 r22 甲项目 project_id=1 unit_code=913
goal 2 r22 乙项目 project_id=2 unit_code=913
goal 3 r22 丙项目 project_id=3 unit_code=913
goal 4 r22 丁项目 project_id=4 unit_code=913002
goal 5 r23 部门 unit_code=913
goal 6 r23 所属 unit_code=913001
goal 7 r23 另一 unit_code=913002
goal 8 r22 戊项目 project_id=5 unit_code=913001
form r03
: 2024 913002 budget 另一
unit 913002 另一 913
special_fund 913002 11 - 2010101 - in_department_budget 4 project_id=3
goal 1 r22 丙项目 project_id=3 unit_code=913002
goal 2 r22 乙项目 project_id=2 unit_code=913002
form r22 subject_key=乙项目
: 2024 913001 budget 所属
unit 913001 所属 913
expenditure 913001 11 basic 2010101 30101 - 5
form r03

# rule.magnitude, rule.earlier_form, rule.prior_year: the year before
: 2024 914001 budget 大局
expenditure 914001 11 basic 2010101 30101 - 10
r03 2010101 total 10
r03 2010101 basic 10
r03 2010101 project 0.5
r03 2010101 remitted 0.5
r03 20101 total 7
r03 20101 basic 8
r03 20101 project 9
r03 20101 remitted 6
r08 30101 total 0.5
: 2025 914001 budget 大局
expenditure 914001 11 basic 2010101 30101 - 10
r03 2010101 total 95
r03 2010101 basic 105.5
r03 2010101 project -2
r03 2010101 remitted 0.6
r08 30101 total 0.05
: 2025 914002 budget 同局
expenditure 914002 11 basic 2010101 30101 - 10
r08 30101 total 7
r08 30102 total 8
r08 30103 total 9
r08 30104 total 6
: 2025 914003 budget 异局
expenditure 914003 11 basic 2010101 30101 - 10
r08 30101 total 7
r08 30102 total 8
r08 30103 total 9
r08 30104 total 5
: 2024 914003 budget 异局
r08 30101 total 7
r08 30102 total 8
r08 30103 total 9
r08 30104 total 4
: 2024 915001 budget 前局 form_set_id=national_budget
nb07 total abroad 5
nb07 total reception 4
: 2024 915001 final 前一局 form_set_id=final_accounts
f07 total abroad_budget@2024:budget 5
f07 total reception_budget@2024:budget 5

# figures beyond what views can show
: 2024 916002 budget 巨局
r03 2010101 total -2000000000000
r03 2010102 total 1000000000000

# rule.form_with_money: of a form that is not printed, the ledger is negative
: 2024 916001 budget 负局 form_set_id=hunan_budget
expenditure 916001 11 basic 2010101 30101 - -5

# rule.down_sum: what stands above a row
: 2024 917 budget 上局
unit 917001 一所 918
r09 917 agency_total 5
r09 918 agency_total 6
r09 917001 agency_total 7
r09 917001/201 agency_total 4
r09 917001/20101 agency_total 3
r09 917001/2010101/甲 agency_total 2
r09 917001/2010101 agency_total 1
r09 2010101 agency_total 1.5
r09 total agency_total 20
: 2024 918001 budget 采购局 form_set_id=national_budget
nb11 A total 9
nb11 A/货物 total 8
nb11 A/货物/纸 total 7
nb11 B/工程/路 total 6
nb11 B total 5
nb11 工程 total 4
nb11 道路改 total 2
nb11 道路改造工 total 3
nb11 道路改造工程项目 total 1
nb11 total total 20
nb05 201 total 5
nb05 20101 total 4
nb05 2010101/甲 total 2
nb05 2010101 total 1
nb05 total total 5
: 2024 919001 final 预算数局 form_set_id=final_accounts
f10 total total 9
f10 301 total 5
f10 30101 total 4
f07 total total_budget 9
f07 total abroad_budget 4

# rule.balance: printed to different places
: 2024 920001 budget 平局
r01 grand_total revenue 10 half_place=0.05
r01 grand_total function 10.04
r01 grand_total department_economic 10.3
r01 grand_total government_economic 10.05

# rule.code_name: two names of one code; rule.across_sum: parts that need not be printed, money in unknown columns
: 2024 921001 budget 名局
r03 2010101 total 5
r03 2010101 basic 3
r03 2010102 - 1 column_no=9
r03 2010102 total 5
r03 2010102 basic 3
finding label form_no=1 values={"code":"2010101","name":"甲"}
finding label form_no=1 values={"code":"2010101","name":"乙"}
finding unknown_column form_no=1 column_no=9
finding remark form_no=1 values={"text":"甲"} message=甲
finding remark form_no=1 values={"text":"甲"} message=乙
: 2024 921002 budget 又名局 form_set_id=national_budget
nb03 2010101 total 5
finding label form_no=1 values={"code":"2010101","name":"甲"}
finding label form_no=1 values={"code":"2010101","name":"乙"}
form nb08 header_columns=["total","basic","project"]
nb08 201 total 5
nb08 201 basic 3
nb08 201 - 1 column_no=9
finding unknown_column form_no=2 column_no=9
: 2024 922001 budget 分局 form_set_id=national_budget
form nb11 header_columns=["total"]
nb11 A total 5

# rule.cover: 201 is a class of functions, not the unit of that code
: 2024 924001 budget 类局 form_set_id=national_budget cover_unit_code=924001
unit 201 二〇一 201
nb05 201 total 5
nb03x 201 total 5

# budget.counted_disclosure: the code that a name has got files nothing that is the same
: 2024 U0000000002 budget 名称局
alias 925001 U0000000002
expenditure U0000000002 11 basic 2010101 30101 - 5
: 2024 925001 final 名称局
: 2025 925001 budget 名称局
: 2024 925001 budget 名称局 is_current=false
: 2024 U0000000003 budget 另名局
alias 001 U0000000003
expenditure U0000000003 11 basic 2010101 30101 - 5

# budget.settle_overlap: a sheet of goals tells of special funds
: 2024 926 budget 总局
unit 926001 分所 926
special_fund 926001 11 - 2010101 - in_department_budget 3
: 2024 926001 budget 分所
unit 926001 分所 926
form r22 subject_key=甲

# a document of which nothing is known
: 2024 923001 budget 空局

# what the tables allow and loading does not do: a document, a set, forms and columns that nobody knows
: 2024 927001 budget 无文件局 document_id=0
r03 2010101 total 5
r03 2010101 nothing 5
: 2024 927002 budget 无套局 form_set_id=nothing
expenditure 927002 11 basic 2010101 30101 - 5
form nothing
r03 2010101 total 5
: 2024 927003 budget 无表局
expenditure 927003 11 basic 2010101 30101 - 5
expenditure 927003 11 basic 999 999 - 5
goal 1 nothing 甲 unit_code=927003
goal 2 nothing 乙 unit_code=927003 project_id=1
goal 3 r23 丙 unit_code=927003 project_id=1
special_fund 927003 11 - 2010101 - in_department_budget 3 project_id=1
indicator 1 1
task 2 1 做
form nothing
nothing 2010101 total 5
nothing 2010101 target 5
nothing 2010101 basic 5
r03 nothing total 5
r03 - total 5
r03 2010101 - 5

# rows that no declared form has: of items, of government-economic codes, of projects whatever the unit
: 2024 930001 budget 别套局 form_set_id=other
project 1 甲乙丙丁项目 unit_code=930001
project 2 甲乙丙丁项目 unit_code=930001
expenditure 930001 11 basic 2010101 30101 一般公用办公设备 5 government_economic_code=50101 project_id=1
expenditure 930001 11 basic 2010101 30102 纸 4 government_economic_code=501 project_id=2
expenditure 930 11 basic 2010101 30102 - 3 government_economic_code=50299
o1 一般公用办公设备 total 5
o2 930001/一般公用办公设备 total 6
o2 930001 total 5
o2 930001 staff 6
o3 501 total 9
o3 50101 total 5
o3 50199 total 3
o3 50102 total 1
o3 total total 12
o4 501 total 8
o4 50101 total 5.5
o3 50101 total 0 half_place=0.5 part_count=3
o3 501 total 0 part_count=3
o3 501 staff 1
o4 501 staff 2
o3 502 total 3
o4 502 total 4
o4 502 total 见附表
o3 total public 5
o4 total public 6
o5 total total 12
o6 甲乙丙丁项目 total 9
three_public 930001 11 - - - abroad 3
o7 total total 3
o1 total total@2023:budget 5
: 2023 930001 budget 别套局 form_set_id=other
o81 total total 5
o82 total total 5
o83 total total 5
o84 total total 5
: 2024 930002 budget 又一别套局 form_set_id=other
o84 total total@2023:budget 5
: 2023 930002 budget 又一别套局 form_set_id=other
o3 total total 5

# rule.same_figure: what units have, printed less finely by one of them, and what the whole form has
: 2024 936001 budget 同数局 form_set_id=national_budget is_rounded=false
nb03 2010101 total 10
nb03 2010102 total 4
nb03x 936001/2010101 total 5 row_label=A half_place=0.5
nb03x 936002/2010101 total 4 row_label=B

# rule.down_sum: money in a row without a meaning excuses the columns in which it stands
: 2024 934001 budget 未知行局 form_set_id=national_budget
nb05 201 total 10 column_no=3
nb05 20101 total 8 column_no=3
nb05 202 total 5 column_no=3
nb05 20201 total 5 column_no=3
nb05 201 subject_code 10
nb05 20101 subject_code 8
nb05 201 basic 10 column_no=4
nb05 20101 basic 8 column_no=4
nb05 20103 basic 1 column_no=4 source_row=7
nb05 201 project 10 column_no=5
nb05 20101 project 8 column_no=5
nb05 - - 2 column_no=3 source_row=7
nb05 - - 0 column_no=5 source_row=7
nb03 201 total 10 column_no=4
nb03 20101 total 8 column_no=4
nb03 201 basic 10 column_no=3
nb03 20101 basic 8 column_no=3
nb03 - - 2 column_no=3 source_row=7
nb08 201 total 10 column_no=3
nb08 20101 total 8 column_no=3
nb08 - - 1 column_no=3 source_row=7
nb08 - - 2 column_no=4 source_row=8
nb08 201 basic 10 column_no=4
nb08 20101 basic 8 column_no=4
nb08 202 basic 10 column_no=4
nb08 20201 basic 8 column_no=4
nb08 201 project 10
nb08 20101 project 8
finding unknown_row form_no=1 source_row=7
finding unknown_row form_no=3 source_row=7
finding label form_no=2 source_row=7 values={"code":"201","name":"甲"}

# report.overlap_contradiction, report.department_sum: labels, places and columns of which one document has several
: 2024 935 budget 矛盾局
unit 935001 一所 935
r03 935001/2010101 total 5 half_place=0.5
r03 935001/2010101 total 5
r03 935001/2010101 basic 6
r03 935001/2010101 basic 无 half_place=5
r03 935001/2010101 nothing 6
r03 935001/2010102 basic 4 column_label=甲
r03 935001/2010102 basic 4 column_label=乙
r03 935001/2010103 total 5
r02 total total 10.01 column_label=B
r02 total total 0 column_label=A half_place=0
r02 total general_total 4
r02 total nothing 4
r02 935x01 total 9
r02 九三五〇〇二 total 9
: 2024 935001 budget 一所
r03 935001/2010101 total 10.4
r03 935001/2010101 basic 7
r03 935001/2010101 basic 无 row_label=0 column_label=0
r03 935001/2010101 nothing 7
r03 935001/2010103 total 2.5 half_place=0.5
r03 935001/2010103 total 2.9
r02 total total 10
r02 total general_total 5
r02 total nothing 4
: 2024 301 budget 三〇一
r08 30101 total 5
: 2024 30101 budget 三〇一〇一
r08 30101 total 6
: 2024 U0000000009 budget 无码部门
r03 U0000000009-1/2010101 total 5
r02 total total 8
r02 U0000000009-5 total 3
r02 U0000000009-1 total 6
: 2024 U0000000009-1 budget 无码所
r03 U0000000009-1/2010101 total 6
r02 total total 6

# report.revision_change: what has no key is known by its label, and by the title of its form
: 2024 938001 budget 改版局
form - title=甲表
- - - 附注 column_label=备注
r03 2010101 - 5 column_label=备注
: 2024 938001 budget 改版局 revision=2
form - title=乙表
- - - 附注 column_label=备注
r03 2010101 - 6 column_label=备注

# rule.final_account: less than nothing
: 2024 909002 budget 负数局
expenditure 909002 11 basic 2010101 30101 - -5
: 2024 909002 final 负数局
expenditure 909002 11 basic 2010101 30101 - -5.5

# mart.change: a year between that is missing, another class, a class of nothing, a unit that nobody names
: 2023 937001 budget 增减局
unit_of_year 937001 增减局 937
expenditure 937001 11 basic 2010101 30101 - 2
: 2025 937001 budget 增减局
unit_of_year 937001 增减局 937
expenditure 937001 11 basic 2010101 30101 - 3
: 2024 937002 budget 另类局
unit_of_year 937002 另类局 937
unit 937002 另类局 937
expenditure 937002 11 basic 2010101 30101 - 5
expenditure 937002 11 basic 2010101 30301 - 0
: 2025 937002 budget 另类局
unit_of_year 937002 另类局 937
expenditure 937002 11 basic 2010101 30201 - 6
expenditure 937002 11 basic 2010101 30301 - 1
: 2024 937003 budget 改名局
unit_of_year 937003 改名局 937
succession 2025 937003 937009 merged
succession 2025 937004 937009 merged
unit_of_year 937004 并入局 937
expenditure 937004 11 basic 2010101 30101 - 5 allocated=["unit_code"]
expenditure 937003 11 basic 2010101 30101 - 5

# rule.stated_twice: the forms contradict one of two amounts; of another disclosure they say nothing
: 2024 939001 budget 两说局
three_public 939001 11 - - - abroad 2
three_public 939001 11 - - - vehicle_operation 9
r15 total abroad 2
fact 1 amount reception - 3
fact 2 amount reception - 3
fact 3 amount abroad - 5
fact 4 amount abroad - 2
fact 5 amount - - 4
fact 6 change abroad - 3
fact 7 share reception - 3 implied_amount=3.0125 implied_margin=0
fact 8 share reception - 4 implied_amount=4 implied_margin=0
fact 9 amount reception - 4
fact 10 amount vehicle_operation - 4
: 2023 939001 budget 两说局
three_public 939001 11 - - - abroad 1
r15 total abroad 1
: 2024 939003 budget 负说局
three_public 939003 11 - - - abroad -5.008
three_public 939003 11 - - - reception -3.01
r15 total abroad -5.01
fact 1 amount abroad - -5
fact 2 amount reception - -3
: 2024 939004 budget 照印局 is_rounded=true
three_public 939004 11 - - - abroad 5
r15 total abroad 5
fact 1 amount abroad - 5.02
: 2024 939005 budget 他印局 is_rounded=true
r15 total abroad 5.02 part_count=9
: 2024 939002 budget 又两说局
fact 1 amount meeting - 3
fact 2 amount - - 3
fact 3 amount meeting - 4
fact 4 amount meeting - 6
fact 5 amount training - 1
fact 6 amount training - 2
fact 7 amount vehicle_operation - 1
fact 8 amount vehicle_operation - 2
fact 9 amount function 教育支出 1
fact 10 amount function 教育支出 2

# internal.revision_standing: half of the forms or figures of the fullest, or just less
: 2024 931001 budget 版局 known_form_count=10 figure_count=100
: 2024 931001 budget 版局 revision=2 known_form_count=5 figure_count=50
: 2024 931001 budget 版局 revision=3 known_form_count=4 figure_count=100
: 2024 931001 budget 版局 revision=4 known_form_count=10 figure_count=40
: 2024 931001 budget 版局 revision=5 known_form_count=10 figure_count=100 withdrawn_at="2024-01-01"
: 2024 931001 budget 版局 revision=6 known_form_count=1000 figure_count=1000 withdrawn_at="2024-01-01"
: 2024 931002 budget 换版局 known_form_count=10 figure_count=100
: 2024 931002 budget 换版局 revision=2 known_form_count=4 figure_count=40 supersede_rank=1
: 2024 931002 budget 换版局 revision=3 known_form_count=4 figure_count=40
: 2024 931003 budget 同版局 supersede_rank=1
: 2024 931003 budget 同版局 revision=2

# internal.disclosed_year: nothing of the year is current
: 2030 932001 budget 过去局 is_current=false

# internal.summed_cell: in one column nothing finer is known, in another there is; two projects of one name
: 2024 933001 budget 两栏局
project 7 同名项目 unit_code=933001
project 8 同名项目 unit_code=933001
expenditure 933001 11 basic 201 30101 - 5
expenditure 933001 11 project 2010101 50101 - 5
expenditure 933001 12 basic 2010101 30101 - 5
expenditure 933001 12 project 212 30101 - 5
special_fund 933001 11 - 2010101 - in_department_budget 3 project_id=7
special_fund 933001 11 - 2010101 - in_department_budget 4 project_id=8
finding remark form_no=1 values={"text":"甲"}
r04 201 total 5

# report.compare_disclosures: a target with a point
: 2024 933002 budget 目标值局
unit_of_year 933002 目标值局 933
goal 1 r22 甲 unit_code=933002
goal 2 r22 乙 unit_code=933002 project_id=7
indicator 1 1 target_number=95.5
r22 甲/产出/数量/次数 target ≥95.5%
form r03

# report.missing_unit, mart.dim_unit, report.prior_figure: units of other years, stages and divisions
: 2026 940001 final 决算年局
unit_of_year 941 后名部门 941
: 2023 940002 final 仅决算局
unit_of_year 940002 仅决算局 940
unit_of_year 105001 他区局 105
unit_of_year 941 前名部门 941
: 2023 940003 budget 先预算局
unit_of_year 940003 先预算局 940
: 2024 940003 final 先预算局
unit_of_year 940003 先预算局 940
r03 2010101 total~2023:budget 5
: 2025 941001 budget 部门无名局
unit_of_year 941001 部门无名局 941

# rule.cover: where both print codes, names are not compared
: 2025 944001 budget 封面局 cover_unit_code=944001 cover_unit_name=封面局
form r03 heading_unit_code=944001 heading_unit_name=别局
: 2025 944002 budget 旧版局 is_current=false
r03 2010101 total 5

# rule.earlier_form, rule.other_unit_form: three of four figures are another's
: 2025 942001 budget 抄录局
expenditure 942001 11 basic 2010101 30101 - 10
r08 30101 total 7
r08 30102 total 8
r08 30103 total 9
r08 30104 total 6
: 2025 942002 budget 被抄局
expenditure 942002 11 basic 2010101 30101 - 7
expenditure 942002 11 basic 2010101 30102 - 8
expenditure 942002 11 basic 2010101 30103 - 9
expenditure 942002 11 basic 2010101 30104 - 5
r08 30101 total 7
r08 30102 total 8
r08 30103 total 9
r08 30104 total 5
: 2024 942001 budget 抄录局
expenditure 942001 11 basic 2010101 30101 - 7
expenditure 942001 11 basic 2010101 30102 - 8
expenditure 942001 11 basic 2010101 30103 - 9
expenditure 942001 11 basic 2010101 30104 - 5
r08 30101 total 7
r08 30102 total 8
r08 30103 total 9
r08 30104 total 5

# what a disclosure that is gone has left
: 2024 928001 budget 失局
unit 928001 失局 928
expenditure 928001 11 basic 2010101 30101 - 5
three_public 928001 11 - - - abroad 1
special_fund 928001 11 - 2010101 - in_department_budget 3 project_id=1
project 1 甲项目
goal 1 r22 甲项目 unit_code=928001
goal 2 r23 失局 unit_code=928001
indicator 1 1
task 2 1 做
fact 1 amount abroad - 4
finding label form_no=1 values={"code":"2010101","name":"甲"}
r03 2010101 total 5
r22 甲项目 amount 5

# rule.same_figure: what rounding explains of a sum over units
: 2024 936003 budget 约数局 form_set_id=national_budget is_rounded=true
nb03 2010101 total 10 half_place=0.01
nb03x 936003/2010101 total 5 part_count=3
nb03x 936004/2010101 total 4 part_count=3

# report.compare_disclosures: a form in whose place none of its variants stands
: 2024 933003 budget 缺表局 form_set_id=national_budget
expenditure 933003 11 basic 2010101 30101 - 5
form nb05

# report.stated_against_forms: a different figure of each kind, then of uncertain natures, classes and funds
: 2024 945001 budget 尽说局 form_set_id=nothing
form r01
form r03
form r15
form nb10
form nb11
revenue 945001 11 - - - - 100000
carry_over 945001 181 - - - opening 2000000
carry_over 945001 39 - - - surplus_used 300000
carry_over 945001 11 - - - closing 4000000
carry_over 945001 11 - - - surplus_distributed 500000
parts 945001
expenditure 945001 12 basic 2010101 30101 - 0.1
expenditure 945001 39 basic 2010101 30101 - 0.2
expenditure 945001 13 basic 2010101 30101 - 0.4
expenditure 945001 171 basic 2010101 30101 - 0.8
expenditure 945001 172 basic 2010101 30101 - 1.6
expenditure 945001 173 basic 2010101 30101 - 3.2
expenditure 945001 180 basic 2010101 30101 - 6.4
expenditure 945001 181 basic 2010101 30101 - 12.8
expenditure 945001 182 basic 2010101 30101 - 25.6
expenditure 945001 183 basic 2010101 30101 - 51.2
expenditure 945001 19 basic 2010101 30101 - 102.4
expenditure 945001 11 basic 2040101 30301 - 7
expenditure 945001 13 basic 2040101 30301 - 0.3
expenditure 945001 11 basic 2050101 30301 - 9
expenditure 945001 12 basic 2050101 30301 - 0.6
three_public 945001 11 - - - abroad 1
three_public 945001 11 - - - vehicle_purchase 2
three_public 945001 11 - - - vehicle_operation 4
three_public 945001 11 - - - reception 8
operating_cost 945001 11 - - - - 5
procurement 945001 11 - - - A 1
procurement 945001 11 - - - B 2
procurement 945001 11 - - - C 4
facts 0 total
facts 0 parts
facts 0 other

# report.proposed_corrections: what is no fault of the cell, and a fault with its Chinese words
: 2024 947001 budget 更正一局
expenditure 947001 11 basic 2010101 30101 - 5
r03 2010101 total 7 source_row=7
finding sum form_id=r03 source_row=7 values={"sum":5,"stated":7,"column":"合计"}
finding label form_id=r03 source_row=7 values={"code":"2010101","name":"甲"}
finding undecided_revision form_id=r03 source_row=7
finding partial_revision form_id=r03 source_row=7
finding partly_understood form_id=r03 source_row=7
: 2024 947002 budget 更正二局
expenditure 947002 11 basic 2010101 30101 - 5
r03 2010101 total 7 source_row=7
finding several_explanations form_id=r03 source_row=7 values={"count":2,"explanations_zh":["甲","乙"]}

# internal.told_statement: a column or a line that a form may leave out, printed or not
: 2024 946001 final 列示一局 form_set_id=final_accounts
form f07 header_columns=["total"]
: 2024 946002 final 列示二局 form_set_id=final_accounts
form f07 header_columns=["total","operating_cost"]
: 2024 946003 final 列示三局 form_set_id=final_accounts
form f07x
form f02
f02 operating_cost total 2
: 2024 946004 final 列示四局 form_set_id=final_accounts
form f07x
f07x total amount 2
: 2024 946005 final 列示五局 form_set_id=final_accounts
form f07x
f07x operating_cost amount 2
facts 99999999 total
fact 101 amount basic_wages - 205.5
fact 102 amount basic fiscal 0
fact 103 amount basic fiscal 99999999
fact 104 amount basic general 0
fact 105 amount basic general 99999999
fact 106 amount basic government_fund 0
fact 107 amount basic government_fund 99999999
fact 108 amount basic state_capital 0
fact 109 amount basic state_capital 99999999
fact 110 amount basic fiscal 1142
fact 111 amount function 一般公共服务支出24 0
fact 112 amount function 一般公共服务支出24 99999999
fact 113 amount function 公共安全支出24 0
fact 114 amount function 教育支出24 0
fact 115 amount function 一般公共服务支出24/人大事务24 0
fact 116 amount function 一般公共服务支出24/人大事务24/行政运行24 0
fact 117 amount function 一般公共服务支出25 0
fact 118 amount function 工资福利支出24 0
fact 119 amount basic - 99999999
: 2024 945002 budget 性质不明局 form_set_id=nothing
form r01
form r03
parts 945002 allocated=["nature"]
expenditure 945002 11 basic - 30101 - 1
facts 0 parts
fact 101 amount function 一般公共服务支出24 0
: 2024 945003 budget 类别不明局 form_set_id=nothing
form r01
parts 945003 allocated=["department_economic_class"]
facts 0 parts
fact 101 amount function 一般公共服务支出24 0
: 2024 945004 budget 资金不明局 form_set_id=nothing
form r03
expenditure 945004 11 basic 2010101 30101 - 1 allocated=["fund_code"]
expenditure 945004 11 basic 2049901 30101 - 5
expenditure 945004 11 basic 2049999 30101 - 9
fact 1 amount function 一般公共服务支出24 0
fact 2 amount expenditure general 0
fact 3 change_rate expenditure - 0
fact 4 change function 公共安全支出24/其他公共安全支出24/其他公共安全支出24 8
: 2024 945005 budget 无此表局 form_set_id=nothing
form nothing
expenditure 945005 11 basic 2010101 30101 - 5
fact 1 amount expenditure - 0

# report.stated_against_forms: the year before, of another unit, of another stage, and negative
: 2023 945006 budget 他前局 form_set_id=nothing
form r15
three_public 945006 11 - - - abroad -1
: 2023 939001 final 两说局 form_set_id=nothing
form r15
three_public 939001 11 - - - abroad -1
: 2023 945004 budget 资金不明局 form_set_id=nothing
form r03
expenditure 945004 11 basic 2010101 30101 - -50
expenditure 945004 11 basic 2049901 30101 - 1
expenditure 945004 11 basic 2049999 30101 - 20
"""

_COORDINATES = ("unit_code", "fund_code", "nature", "functional_code", "department_economic_code", "item_code")
_WORDS: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "unit": ("filed.unit", ("unit_code", "unit_name", "department_code"), {}),
    "unit_of_year": ("budget.unit", ("unit_code", "unit_name", "department_code"), {"is_department": False}),
    "succession": ("budget.unit_succession", ("from_year", "old_unit_code", "new_unit_code", "succession"), {}),
    "alias": ("budget.unit_alias", ("unit_code", "provisional_code"), {}),
    "task": ("budget.performance_task", ("goal_no", "task_no", "task_name"), {}),
    "project": ("budget.project", ("project_id", "project_name"), {"unit_code": "912002"}),
    "goal": (
        "budget.performance_goal",
        ("goal_no", "form_id", "subject_key"),
        {"unit_code": "912002", "is_counted": False},
    ),
    "indicator": (
        "budget.performance_indicator",
        ("goal_no", "indicator_no"),
        {"level1_name": "产出", "level2_name": "数量", "level3_name": "次数"},
    ),
    "fact": (
        "filed.stated_fact",
        ("fact_no", "measure", "stated_kind", "qualifier", "stated_amount"),
        {"stated_subject": "甲", "half_place": 0.005, "printed_unit": "万元", "sentence": "句", "place": "p"},
    ),
    "finding": ("meta.finding", ("kind",), {"values": {}}),
}
_PARTS = """basic/301 basic/302 basic/303 basic/307 basic/309 basic/310 basic/311 basic/312 basic/313 basic/399
 project/301 project/302 project/303 reserve/301 operating/302 remitted/303 subsidy/303""".split()
_KINDS = {
    "total": "revenue revenue_total expenditure expenditure_total opening closing surplus_used surplus_distributed",
    "parts": """basic project reserve operating remitted subsidy wages goods individuals basic_wages basic_goods
 basic_individuals project_wages project_goods project_individuals staff public""",
    "other": """three_public abroad vehicle vehicle_purchase vehicle_operation reception operating_cost procurement
 procurement_goods procurement_works procurement_services""",
}
_NUMBERS = re.compile(r"-?\d+(\.\d+)?")


def write(connection: psycopg.Connection) -> None:
    """Write the disclosures into a warehouse that has a division of theirs."""
    for table, rows in _rows().items():
        connection.execute(
            f"insert into {table} overriding system value"
            f" select (jsonb_populate_recordset(null::{table}, %s)).*".encode(),
            (Jsonb(rows),),
        )
    connection.execute("delete from budget.disclosure where reporting_unit_name = '失局'")


def _rows() -> dict[str, list[Row]]:
    """Table → its rows."""
    found: dict[str, list[Row]] = defaultdict(list)
    key: Row = {}
    forms: dict[str, Row] = {}
    for line in _lines():
        word, *words = [None if word == "-" else word for word in line.split(" ")]
        more = dict(_changed(word) for word in words if word and re.match(r"[a-z_0-9]+=", word))
        told = words[: len(words) - len(more)]
        if word == "#":
            continue
        if word == ":":
            forms = {}
            key = _disclosure(len(found["budget.disclosure"]), *map(str, told)) | more
            found["budget.disclosure"].append(key)
            place = {name: key[name] for name in ("division_code", "fiscal_year", "disclosure_id")}
            continue
        if word == "form":
            more["form_id"] = told[0]
            forms[str(told[0])] = _add_form(found, place, more)
        elif word in _WORDS:
            table, columns, plain = _WORDS[word]
            row = place | plain | dict(zip(columns, told, strict=True)) | more
            if table == "meta.finding":
                row["finding_no"] = len(found[table])
            elif table == "filed.stated_fact":
                row |= {"of_year": key["fiscal_year"], "source_row": 1}
            found[table].append(row)
        elif word in set(Statement):
            line_no = 1 + len(found["budget.amount"])
            codes = dict(zip((*_COORDINATES, "amount"), told, strict=True))
            row = {"line_no": line_no, "statement": word, "basis": "filed", "allocated": [], "is_rounding": False}
            found["budget.amount"].append(place | row | codes | more)
        else:
            form = forms.get(str(word)) or forms.setdefault(str(word), _add_form(found, place, {"form_id": word}))
            found["filed.cell"].append(place | _cell(form, len(found["filed.cell"]), *told) | more)
    with_forms = {form["disclosure_id"] for form in found["filed.form"]}
    for disclosure in found["budget.disclosure"]:
        disclosure.setdefault("form_set_id", "hunan_budget" if disclosure["disclosure_id"] in with_forms else NO_SET)
    return found


def _lines() -> Iterator[str]:
    """The lines of the situations, one for each row."""
    number = 0
    for line in filter(None, map(str.strip, _SITUATIONS.splitlines())):
        word, *words = line.split(" ")
        if word == ":":
            number = 0
        if word == "parts":
            unit, *more = words
            for power, part in enumerate(_PARTS):
                nature, _, code = part.partition("/")
                yield " ".join(
                    (Statement.EXPENDITURE, unit, "11", nature, "2010101", f"{code}01", "-", str(2**power), *more)
                )
        elif word == "facts":
            amount, kinds = words
            for kind in _KINDS[kinds].split():
                number += 1
                yield f"fact {number} amount {kind} - {amount}"
        else:
            yield line


def _changed(word: str) -> tuple[str, Any]:
    column, _, value = word.partition("=")
    try:
        return column, json.loads(value)
    except ValueError:
        return column, value


def _disclosure(number: int, year: str, code: str, stage: str, name: str) -> Row:
    told = {"fiscal_year": int(year), "reporting_unit_code": code, "reporting_unit_name": name, "stage": stage}
    plain = {
        "revision": 1,
        "is_current": True,
        "supersede_rank": 0,
        "document_id": 1,
        "coarse_forms": [],
        "form_count": 1,
        "cell_count": 1,
        "known_form_count": 1,
        "figure_count": 1,
        "loaded_at": "2024-01-01",
    }
    return {"division_code": DIVISION, "disclosure_id": FIRST + number, "content_hash": str(number)} | plain | told


def _add_form(found: dict[str, list[Row]], place: Row, told: Row) -> Row:
    number = 1 + sum(form["disclosure_id"] == place["disclosure_id"] for form in found["filed.form"])
    plain = {"form_no": number, "recognised_by": "title", "place": "p", "money_unit": "万元", "is_empty": False}
    found["filed.form"].append(place | plain | told)
    return found["filed.form"][-1]


def _cell(form: Row, number: int, row: str | None, column: str | None, text: str | None) -> Row:
    amount = text if text and _NUMBERS.fullmatch(text) else None
    plain = {"source_row": 1, "row_span": 1, "column_span": 1, "is_ocr": False, "support": "other_form"}
    told = {"form_no": form["form_no"], "form_id": form["form_id"], "row_no": number, "column_no": 1}
    labels = {"row_key": row, "row_label": row, "column_key": column, "column_label": column}
    return plain | told | labels | {"cell_text": text or "", "amount": amount, "half_place": 0.005, "part_count": 1}
