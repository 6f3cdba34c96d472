-- 部门收入总表，栏目用官方名称
-- report.nb02 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."nb02收入总表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    subject_code as 科目编码,
    subject_name as 科目名称,
    total as 合计,
    year_total as 本年收入_小计,
    fiscal as 本年收入_财政拨款收入,
    general as 本年收入_一般公共预算,
    government_fund as 本年收入_政府性基金预算,
    state_capital as 本年收入_国有资本经营预算,
    fiscal_account as 本年收入_财政专户管理资金,
    institution_income as 本年收入_事业收入,
    operating_income as 本年收入_事业单位经营收入,
    superior_unit_subsidy as 本年收入_上级补助收入,
    affiliate_remittance as 本年收入_附属单位上缴收入,
    other_income as 本年收入_其他收入,
    surplus_used as 使用非财政拨款结余,
    opening as 上年结转结余_小计,
    opening_general as 上年结转结余_一般公共预算,
    opening_government_fund as 上年结转结余_政府性基金预算,
    opening_state_capital as 上年结转结余_国有资本经营预算,
    opening_fiscal_account as 上年结转结余_财政专户管理资金,
    opening_unit_funds as 上年结转结余_单位资金,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.nb02
order by fiscal_year, division_code, reporting_unit_code, disclosure_id, row_no
