-- 政府性基金预算支出分类汇总表（按部门预算经济分类），栏目用官方名称
-- report.r18 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."18政府性基金按部门经济分类" as
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
    basic_total as 基本支出_合计,
    basic_wages as 基本支出_工资福利支出,
    basic_goods_services as 基本支出_一般商品和服务支出,
    basic_individuals_families as 基本支出_对个人和家庭的补助,
    project_total as 项目支出_合计,
    project_wages as 项目支出_按项目管理的工资福利支出,
    project_goods_services as 项目支出_按项目管理的商品和服务支出,
    project_individuals_families as 项目支出_按项目管理的对个人和家庭的补助,
    project_debt_interest as 项目支出_债务利息及费用支出,
    project_capital_construction as 项目支出_资本性支出_基本建设,
    project_capital as 项目支出_资本性支出,
    project_enterprise_construction as 项目支出_对企业补助_基本建设,
    project_enterprise_subsidy as 项目支出_对企业补助,
    project_social_security_funds as 项目支出_对社会保障基金补助,
    project_other as 项目支出_其他支出,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r18
order by fiscal_year, division_code, reporting_unit_code, disclosure_id, row_no
