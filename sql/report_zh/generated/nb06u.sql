-- 一般公共预算基本支出表（按单位和经济分类），栏目用官方名称
-- report.nb06u under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."nb06u一般公共预算基本支出（按单位）" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    subject_code as 单位代码,
    subject_name as 单位名称_科目,
    total as 本年一般公共预算基本支出_合计,
    staff as 本年一般公共预算基本支出_人员经费,
    public as 本年一般公共预算基本支出_公用经费,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.nb06u
