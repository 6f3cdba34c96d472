-- 经济分类（维度）：部门预算（3字头）与政府预算（5字头），每科目每年一行
-- Economic subjects of both classifications (department: 3…, government: 5…), one row a subject and year
create view mart.dim_economic as
with subject as (
    -- a code that a year's list does not have yet, or no longer, keeps the name of the nearest year that has it
    select distinct on (disclosed.fiscal_year, subject.scheme, subject.code)
        disclosed.fiscal_year,
        subject.scheme,
        subject.code,
        subject.subject_name
    from (select distinct fiscal_year from budget.disclosure) as disclosed
    cross join budget.subject as subject
    where subject.scheme in ('department_economic', 'government_economic')
    order by
        disclosed.fiscal_year, subject.scheme, subject.code,
        greatest(subject.first_year - disclosed.fiscal_year, disclosed.fiscal_year - subject.last_year, 0)
)

select
    subject.fiscal_year,
    subject.scheme,
    subject.code as economic_code,
    subject.subject_name as economic_name,
    left(subject.code, 3) as economic_class,
    economic_class.subject_name as economic_class_name
from subject
left join subject as economic_class
    on economic_class.fiscal_year = subject.fiscal_year
    and economic_class.scheme = subject.scheme
    and economic_class.code = left(subject.code, 3)
