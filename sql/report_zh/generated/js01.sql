-- 收支预算总表，栏目用官方名称
-- report.js01 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."js01收支预算总表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    revenue_item as 收入_项目名称,
    revenue_amount as 收入_项目名称_金额,
    function_item as 支出_功能分类_功能科目名称,
    function_amount as 支出_功能分类_功能科目名称_金额,
    purpose_item as 支出_支出用途_项目名称,
    purpose_amount as 支出_支出用途_项目名称_金额,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.js01
