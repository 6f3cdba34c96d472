-- 一般公共预算基本支出表--人员经费(工资福利支出)(按部门预算经济分类)，栏目用官方名称
-- report.r10 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."10基本支出工资福利按部门分类" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    functional_class as 功能科目_类,
    functional_group as 功能科目_款,
    functional_item as 功能科目_项,
    unit_code as 单位代码,
    unit_name as 单位名称_功能科目,
    total as 合计,
    salaries_total as 工资津补贴_合计,
    basic_salary as 工资津补贴_基本工资,
    allowances as 工资津补贴_津贴补贴,
    bonuses as 工资津补贴_奖金,
    performance_pay as 工资津补贴_绩效工资,
    social_insurance_total as 社会保障缴费_合计,
    pension as 机关事业单位基本养老保险缴费,
    occupational_annuity as 社会保障缴费_职业年金缴费,
    medical_insurance as 社会保障缴费_职工基本医疗保险缴费,
    civil_servant_medical as 社会保障缴费_公务员医疗补助缴费,
    other_social as 社会保障缴费_其他社会保障缴费,
    housing_fund as 住房公积金,
    other_wages_total as 其他工资福利支出_合计,
    meal_allowance as 其他工资福利支出_伙食补助费,
    medical_fees as 其他工资福利支出_医疗费,
    other_wages as 其他工资福利支出_其他工资福利支出,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r10
order by fiscal_year, division_code, reporting_unit_code, disclosure_id, row_no
