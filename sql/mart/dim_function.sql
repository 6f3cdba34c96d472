-- 支出功能分类（维度）：每科目每年一行，带类、款、项的编码和名称
-- Functional subjects, one row a subject and year, with codes and names of its 类, 款 and 项
create view mart.dim_function as
select
    fiscal_year,
    code as functional_code,
    subject_name as functional_name,
    class_code as functional_class,
    class_name as functional_class_name,
    group_code as functional_group,
    group_name as functional_group_name,
    case when length(code) >= 7 then code end as functional_item,
    case when length(code) >= 7 then subject_name end as functional_item_name
from budget.subject_of_year
where scheme = 'functional'
