-- 资金性质（维度）
-- Funds, with the budget or kind of money that each belongs to
create view mart.dim_fund as
select
    fund.code as fund_code,
    fund.subject_name as fund_name,
    fund.parent_code,
    left(fund.code, 2) as fund_class,
    fund_class.subject_name as fund_class_name
from budget.subject as fund
left join budget.subject as fund_class
    on fund_class.scheme = 'fund'
    and fund_class.code = left(fund.code, 2)
where fund.scheme = 'fund'
