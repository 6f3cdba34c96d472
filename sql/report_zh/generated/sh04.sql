-- 财政拨款收支预算总表，栏目用官方名称
-- report.sh04 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."sh04财政拨款收支预算总表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    revenue_item as 财政拨款收入_项目,
    revenue_amount as 财政拨款收入_项目_预算数,
    function_item as 财政拨款支出_项目,
    function_total_amount as 财政拨款支出_项目_合计,
    function_general_amount as 财政拨款支出_项目_一般公共预算,
    function_government_fund_amount as 财政拨款支出_项目_政府性基金预算,
    function_state_capital_amount as 财政拨款支出_项目_国有资本经营预算,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.sh04
