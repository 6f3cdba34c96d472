-- 项目支出绩效目标表，栏目用官方名称
-- report.r22 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."22项目支出绩效目标表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    item as 栏目,
    project_name as 项目名称,
    category as 项目类别,
    amount as 年度本级预算金额,
    period as 项目支出实施期,
    goal as 本年度绩效目标,
    level1 as 一级指标,
    level2 as 二级指标,
    level3 as 三级指标,
    target as 指标值,
    target_text as 指标值内容,
    measure as 度量单位,
    target_type as 指标值类型,
    note as 备注,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r22
