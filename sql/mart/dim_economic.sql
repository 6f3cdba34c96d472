-- 经济分类（维度）：部门预算（3字头）与政府预算（5字头），每科目每年一行
-- Economic subjects of both classifications (department: 3…, government: 5…), one row a subject and year
create view mart.dim_economic as
select
    fiscal_year,
    scheme,
    code as economic_code,
    subject_name as economic_name,
    class_code as economic_class,
    class_name as economic_class_name
from budget.subject_of_year
where scheme in ('department_economic', 'government_economic')
