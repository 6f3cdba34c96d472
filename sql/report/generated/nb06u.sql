-- 一般公共预算基本支出表（按单位和经济分类）
-- Form nb06u: one row a unit and department-economic subject
-- Made by schema/generate.py from schema/forms.
create view report.nb06u as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    subject_code,
    subject_name,
    total,
    staff,
    public,
    is_counted,
    stage
from internal.disclosed_year
inner join lateral (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        row_number() over (
            partition by reporting_unit_code, disclosure_id, division_code, fiscal_year
            order by row_level > 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        coalesce(subject_code, unit_code) as subject_code,
        row_label as subject_name,
        sum(amount) filter (where column_key = 'total') as total,
        sum(amount) filter (where column_key = 'staff') as staff,
        sum(amount) filter (where column_key = 'public') as public,
        exists (
            select
            from budget.counted_disclosure as counted
            where counted.disclosure_id = cell.disclosure_id
                and counted.division_code = cell.division_code
        )
        and not exists (
            select
            from budget.covered_part as covered
            where covered.disclosure_id = cell.disclosure_id
                and covered.division_code = cell.division_code
                and covered.statement in ('expenditure')
                and (
                    cell.row_level = 0
                    or cell.row_level = 1 and cell.unit_code = covered.department_code
                    or cell.unit_code = covered.unit_code
                )
        ) as is_counted,
        (
            select disclosure.stage
            from budget.disclosure as disclosure
            where disclosure.disclosure_id = cell.disclosure_id
                and disclosure.division_code = cell.division_code
                and disclosure.fiscal_year = cell.fiscal_year
        ) as stage
    from internal.summed_cell as cell
    where form_id = 'nb06u'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        row_level, row_key, row_label, unit_code, subject_code
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
