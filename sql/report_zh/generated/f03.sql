-- 支出决算表，栏目用官方名称
-- report.f03 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."f03支出决算表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    subject_code as 项目_功能分类科目编码,
    subject_name as 项目_科目名称,
    total as 本年支出合计,
    basic as 基本支出,
    project as 项目支出,
    remitted as 上缴上级支出,
    operating as 经营支出,
    subsidy as 对附属单位补助支出,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.f03
