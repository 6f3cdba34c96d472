-- 政府采购支出表，栏目用官方名称
-- report.nb11 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."nb11政府采购支出表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    kind as 采购品目大类,
    total as 合计,
    general as 资金来源_一般公共预算资金,
    government_fund as 资金来源_政府性基金,
    state_capital as 资金来源_国有资本经营预算,
    carried_over as 资金来源_上年结转和结余资金,
    other_funds as 资金来源_其他资金,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.nb11
