-- 政府性基金预算支出表，栏目用官方名称
-- report.r16 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."16政府性基金预算支出" as
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
    basic_total as 本年政府性基金预算支出_小计,
    basic_wages as 人员经费_工资福利支出,
    basic_individuals_families as 人员经费_对个人和家庭的补助,
    basic_public as 本年政府性基金预算支出_公用经费,
    project as 项目支出,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r16
