-- 收入总表，栏目用官方名称
-- report.r02 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."02收入总表" as
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
    general_total as 一般公共预算_小计,
    general_funds as 一般公共预算_经费拨款,
    general_non_tax as 纳入一般公共预算管理的非税收入拨款,
    general_bonds as 一般公共预算_一般债券,
    foreign_loans as 一般公共预算_外国政府和国际组织贷款,
    foreign_grants as 一般公共预算_外国政府和国际组织捐赠,
    government_fund as 政府性基金预算,
    state_capital as 国有资本经营预算,
    social_insurance as 社会保险基金预算资金,
    fiscal_account as 财政专户管理资金,
    superior_subsidy_total as 上级财政补助_小计,
    superior_subsidy_general as 上级财政补助_一般公共预算补助,
    superior_subsidy_government_fund as 上级财政补助_政府性基金补助,
    superior_subsidy_state_capital as 上级财政补助_国有资本经营预算补助,
    unit_funds_total as 单位资金_小计,
    institution_income as 事业收入,
    operating_income as 事业单位经营收入,
    superior_unit_subsidy as 上级单位补助收入,
    affiliate_remittance as 附属单位上缴收入,
    other_income as 其他收入,
    opening as 上年结转结余,
    is_counted as 是否计入汇总
from report.r02
order by fiscal_year, division_code, reporting_unit_code, disclosure_id, row_no
