-- 项目支出表，栏目用官方名称
-- report.nb12 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."nb12项目支出" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    project_name as 项目名称,
    unit_name as 项目单位,
    total as 合计,
    general as 本年拨款_一般公共预算,
    government_fund as 本年拨款_政府性基金预算,
    state_capital as 本年拨款_国有资本经营预算,
    left_general as 财政拨款结转结余_一般公共预算,
    left_government_fund as 财政拨款结转结余_政府性基金预算,
    left_state_capital as 财政拨款结转结余_国有资本经营预算,
    fiscal_account as 财政专户管理资金,
    unit_funds as 单位资金,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.nb12
