-- 一般公共预算支出表（按单位和功能），栏目用官方名称
-- report.nb05u under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."nb05u一般公共预算支出（按单位）" as
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
    total as 合计,
    basic as 基本支出_小计,
    staff as 基本支出_人员经费,
    wages as 基本支出_人员经费_工资福利支出,
    families as 基本支出_人员经费_对个人和家庭的补助,
    public as 基本支出_公用经费,
    project as 项目支出,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.nb05u
