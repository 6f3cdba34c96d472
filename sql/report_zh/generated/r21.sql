-- 专项资金预算汇总表，栏目用官方名称
-- report.r21 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."21专项资金预算汇总表" as
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
    project_name as 单位名称_专项名称,
    total as 预算额度_合计,
    general_total as 预算额度_一般公共预算_一般公共预算小计,
    general_funds as 预算额度_一般公共预算_经费拨款,
    general_non_tax as 纳入一般公共预算管理的非税收入,
    general_bonds as 预算额度_一般公共预算_一般债券,
    foreign_loans as 一般公共预算_外国政府和国际组织贷款,
    foreign_grants as 一般公共预算_外国政府和国际组织赠款,
    government_fund as 预算额度_政府性基金,
    state_capital as 预算额度_国有资本经营预算,
    social_insurance as 预算额度_社会保险基金预算资金,
    in_department_budget as 预算编制方式_编入部门预算金额,
    held_by_finance as 预算编制方式_财政代编金额,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r21
