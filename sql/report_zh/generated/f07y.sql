-- 财政拨款“三公”经费支出决算表（预算数和决算数分行），栏目用官方名称
-- report.f07y under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."f07y三公经费决算表（分行）" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    stage_name as 项目,
    total as 财政拨款三公经费_小计,
    abroad as 财政拨款三公经费_因公出国_境_费,
    vehicle_total as 公务用车购置及运行维护费_小计,
    vehicle_purchase as 公务用车购置及运行维护费_公务用车购置费,
    vehicle_operation as 公务用车运行维护费,
    reception as 财政拨款三公经费_公务接待费,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.f07y
