-- 一般公共预算基本支出表（按部门预算经济分类），栏目用官方名称
-- report.r09x under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."r09x基本支出按部门预算经济分类" as
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
    wages as 工资福利支出,
    goods_services as 商品和服务支出,
    individuals_families as 对个人和家庭的补助,
    capital as 资本性支出,
    other as 其他支出,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r09x
