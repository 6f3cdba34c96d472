-- 一般公共预算基本支出部门预算经济分类预算表，栏目用官方名称
-- report.sh08 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."sh08基本支出部门预算经济分类" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    code_class as 项目_部门预算经济分类科目编码_类,
    code_group as 项目_部门预算经济分类科目编码_款,
    subject_name as 项目_经济分类科目名称,
    total as 一般公共预算基本支出_合计,
    staff as 一般公共预算基本支出_人员经费,
    public as 一般公共预算基本支出_公用经费,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.sh08
