-- 收入预算总表，栏目用官方名称
-- report.sh02 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."sh02收入预算总表" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    code_class as 项目_功能分类科目编码_类,
    code_group as 项目_功能分类科目编码_款,
    code_item as 项目_功能分类科目编码_项,
    subject_name as 项目_功能分类科目名称,
    total as 收入预算_合计,
    fiscal as 收入预算_财政拨款收入,
    institution as 收入预算_事业收入,
    operating as 收入预算_事业单位经营收入,
    other as 收入预算_其他收入,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.sh02
