-- 整体支出绩效目标表，栏目用官方名称
-- report.r23 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."23整体支出绩效目标表" as
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
    department_name as 部门名称,
    duty_goal as 年履职目标,
    task_name as 任务名称,
    task_content as 主要内容,
    total as 资金总额,
    general as 按收入性质分_一般公共预算,
    government_fund as 按收入性质分_政府性基金拨款,
    fiscal_account as 按收入性质分_财政专户管理资金,
    other_funds as 按收入性质分_其他资金,
    basic as 按支出性质分_基本支出,
    project as 按支出性质分_项目支出,
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
from report.r23
order by fiscal_year, division_code, reporting_unit_code, disclosure_id, row_no
