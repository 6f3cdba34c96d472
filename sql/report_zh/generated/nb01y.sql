-- 部门收支总表（按支出性质），栏目用官方名称
-- report.nb01y under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."nb01y收支总表（按支出性质）" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    revenue_item as 收入_项目,
    revenue_amount as 收入_项目_预算数,
    nature_item as 支出_项目,
    nature_amount as 支出_项目_预算数,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.nb01y
