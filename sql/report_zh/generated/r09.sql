-- 一般公共预算基本支出表--人员经费(工资福利支出)(按政府预算经济分类)，栏目用官方名称
-- report.r09 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."09基本支出工资福利按政府分类" as
select
    disclosure_id as 公开文件编号,
    division_code as 行政区划代码,
    fiscal_year as 预算年度,
    reporting_unit_code as 填报单位编码,
    row_no as 行号,
    row_level as 行级次,
    is_leaf as 是否末级,
    row_key as 行标识,
    functional_class as 功能科目_类,
    functional_group as 功能科目_款,
    functional_item as 功能科目_项,
    unit_code as 单位代码,
    unit_name as 单位名称_功能科目,
    total as 合计,
    agency_total as 机关工资福利支出_合计,
    agency_salaries as 机关工资福利支出_工资奖金津补贴,
    agency_social_insurance as 机关工资福利支出_社会保障缴费,
    agency_housing_fund as 机关工资福利支出_住房公积金,
    agency_other_wages as 机关工资福利支出_其他工资福利支出,
    institution_total as 对事业单位经常性补助_合计,
    institution_wages as 对事业单位经常性补助_工资福利支出,
    institution_other as 对事业单位经常性补助_其他对事业单位补助,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r09
