-- 一般公共预算基本支出表--公用经费(商品和服务支出)（按政府预算经济分类），栏目用官方名称
-- report.r13 under Chinese names. Made by schema/generate.py from schema/forms.
create view report_zh."13基本支出公用经费按政府分类" as
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
    agency_total as 机关商品和服务支出_合计,
    office as 机关商品和服务支出_办公经费,
    meetings as 机关商品和服务支出_会议费,
    training as 机关商品和服务支出_培训费,
    special_materials as 机关商品和服务支出_专用材料购置费,
    commissioned_services as 机关商品和服务支出_委托业务费,
    reception as 机关商品和服务支出_公务接待费,
    abroad as 机关商品和服务支出_因公出国_境_费用,
    vehicle_operation as 机关商品和服务支出_公务用车运行维护费,
    maintenance as 机关商品和服务支出_维修_护_费,
    other_goods_services as 机关商品和服务支出_其他商品和服务支出,
    institution_total as 对事业单位经常性补助_合计,
    institution_goods_services as 对事业单位经常性补助_商品和服务支出,
    institution_other as 对事业单位经常性补助_其他对事业单位补助,
    is_counted as 是否计入汇总,
    stage as 阶段
from report.r13
order by fiscal_year, division_code, reporting_unit_code, disclosure_id, row_no
