-- 支出功能分类（维度）：每科目每年一行，带类、款、项的编码和名称
-- Functional subjects, one row a subject and year, with codes and names of its 类, 款 and 项
create view mart.dim_function as
with subject as (
    -- a code that a year's list does not have yet, or no longer, keeps the name of the nearest year that has it
    select distinct on (disclosed.fiscal_year, subject.code)
        disclosed.fiscal_year,
        subject.code,
        subject.subject_name
    from (select distinct fiscal_year from budget.disclosure) as disclosed
    cross join budget.subject as subject
    where subject.scheme = 'functional'
    order by
        disclosed.fiscal_year, subject.code,
        greatest(subject.first_year - disclosed.fiscal_year, disclosed.fiscal_year - subject.last_year, 0)
)

select
    subject.fiscal_year,
    subject.code as functional_code,
    subject.subject_name as functional_name,
    left(subject.code, 3) as functional_class,
    functional_class.subject_name as functional_class_name,
    case when length(subject.code) >= 5 then left(subject.code, 5) end as functional_group,
    functional_group.subject_name as functional_group_name,
    case when length(subject.code) >= 7 then subject.code end as functional_item,
    case when length(subject.code) >= 7 then subject.subject_name end as functional_item_name
from subject
left join subject as functional_class
    on functional_class.fiscal_year = subject.fiscal_year
    and functional_class.code = left(subject.code, 3)
left join subject as functional_group
    on functional_group.fiscal_year = subject.fiscal_year
    and length(subject.code) >= 5
    and functional_group.code = left(subject.code, 5)
