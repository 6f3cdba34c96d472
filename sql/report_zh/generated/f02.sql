-- 收入决算表，栏目用官方名称
-- report.f02 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."f02收入决算表" as
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
    total as 本年收入合计,
    fiscal as 财政拨款收入,
    superior_unit_subsidy as 上级补助收入,
    institution_income as 事业收入,
    operating_income as 经营收入,
    affiliate_remittance as 附属单位上缴收入,
    other_income as 其他收入,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.f02
