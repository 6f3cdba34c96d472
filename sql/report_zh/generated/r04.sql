-- 支出预算分类汇总表（按政府预算经济分类），栏目用官方名称
-- report.r04 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."04支出按政府经济分类" as
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
    agency_wages as 机关工资福利支出,
    agency_goods_services as 机关商品和服务支出,
    agency_capital as 机关资本性支出,
    agency_capital_construction as 机关资本性支出_基本建设,
    institution_recurrent as 对事业单位经常性补助,
    institution_capital as 对事业单位资本性补助,
    enterprise_subsidy as 对企业补助,
    enterprise_capital as 对企业资本性支出,
    individuals_families as 对个人和家庭的补助,
    social_security_funds as 对社会保障基金补助,
    debt_interest as 债务利息及费用支出,
    debt_principal as 债务还本支出,
    transfers as 转移性支出,
    other as 其他支出,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r04
order by fiscal_year, division_code, reporting_unit_code, disclosure_id, row_no
