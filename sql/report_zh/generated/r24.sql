-- 政府采购预算表，栏目用官方名称
-- report.r24 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."r24政府采购预算表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    unit_code as 单位代码,
    unit_name as 单位名称,
    total as 合计,
    general as 资金来源_一般公共预算拨款,
    government_fund as 资金来源_政府性基金预算拨款,
    state_capital as 资金来源_国有资本经营预算拨款,
    fiscal_account as 资金来源_财政专户管理资金,
    other_funds as 资金来源_单位资金,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r24
