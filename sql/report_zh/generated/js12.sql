-- 政府采购预算表，栏目用官方名称
-- report.js12 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."js12政府采购预算表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    kind as 采购品目大类,
    total as 合计,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.js12
