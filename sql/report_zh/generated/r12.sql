-- 一般公共预算基本支出表--人员经费(对个人和家庭的补助)（按部门预算经济分类），栏目用官方名称
-- report.r12 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."12基本支出个人家庭按部门分类" as
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
    leave_retirement as 离休费,
    retirement as 退休费,
    resignation as 退职_役_费,
    pension_for_bereaved as 抚恤金,
    living_allowance as 生活补助,
    relief as 救济费,
    medical_subsidy as 医疗费补助,
    student_grants as 助学金,
    rewards as 奖励金,
    social_insurance_paid as 代缴社会保险费,
    farm_subsidies as 个人农业生产补贴,
    other_individuals as 其他对个人和家庭的补助,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r12
