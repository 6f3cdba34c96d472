-- 一般公共预算“三公”经费支出表（按单位），栏目用官方名称
-- report.nb07u under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."nb07u三公经费支出（按单位）" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    unit_code as 部门_单位_代码,
    unit_name as 部门_单位_名称,
    total as 三公经费合计,
    abroad as 因公出国_境_费,
    vehicle_total as 公务用车购置及运行费_小计,
    vehicle_purchase as 公务用车购置及运行费_公务用车购置费,
    vehicle_operation as 公务用车购置及运行费_公务用车运行费,
    reception as 公务接待费,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.nb07u
