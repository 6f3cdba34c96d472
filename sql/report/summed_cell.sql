-- 由台账汇总的单元格：表2至表5、表7至表21、表23的预算情况，每格一行
-- The cells that the lines of the ledger add up to, one row a cell; a form without lines still has its 合计.
-- Here are also subtotals that a form does not print (类 and 款 in form 9, units in form 21): is_printed tells.
create view report.summed_cell as
with counted as (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        report_no,
        row_level,
        row_key,
        column_key,
        is_finest,
        project_id,
        amount
    from report.counted_path
    where is_current

    union all

    -- 空表也有合计
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        form.report_no,
        0,
        case form.report_no when 23 then 'budget' else 'total' end,
        'total',
        false,
        null,
        0.00
    from budget.disclosure as disclosure
    cross join meta.form_template as form
    where disclosure.is_current
        and form.layout in ('functions', 'units', 'economic', 'special_funds', 'department_sheet')
),

summed as (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        report_no,
        row_level,
        row_key,
        column_key,
        case when row_level = 3 and report_no = 21 then min(project_id) end as project_id,
        -- whether nothing finer is known about any line of the row, or about one of them
        bool_and(bool_and(is_finest)) over report_row as is_leaf,
        bool_or(bool_or(is_finest)) over report_row as has_finest,
        sum(amount) as amount
    from counted
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        report_no, row_level, row_key, column_key
    window report_row as (
        partition by
            disclosure_id, division_code, fiscal_year, reporting_unit_code, report_no, row_key collate "C"
    )
)

select
    summed.disclosure_id,
    summed.division_code,
    summed.fiscal_year,
    summed.reporting_unit_code,
    summed.report_no,
    summed.row_level,
    summed.row_key,
    case
        when report_no = 23 then '预算情况'
        when row_level = 0 then '合计'
        when report_no <> 8 and row_level <= 2 then coalesce(unit.unit_name, row_key)
        when report_no = 21 then substr(row_key, strpos(row_key, '/') + 1)
        else coalesce(subject.subject_name, substr(row_key, strpos(row_key, '/') + 1))
    end as row_label,
    -- the row's unit, or department, and its functional or economic subject
    case when row_level > 0 and report_no <> 8 then split_part(row_key, '/', 1) end as unit_code,
    case
        when report_no = 8 then nullif(row_key, 'total')
        when report_no <> 21 then nullif(split_part(row_key, '/', 2), '')
    end as subject_code,
    summed.project_id,
    summed.column_key,
    summed.is_leaf,
    row_level <= case
        when report_no in (4, 5, 9, 10, 11, 12, 13, 14, 17, 18) then 2
        when report_no = 21 then 1
        else 5
    end
    or has_finest as is_printed,
    summed.amount
from summed
-- units as this disclosure names them
left join filed.unit as unit
    on unit.disclosure_id = summed.disclosure_id
    and unit.division_code = summed.division_code
    and unit.fiscal_year = summed.fiscal_year
    and unit.unit_code = summed.row_key
left join budget.subject as subject
    on subject.scheme in ('functional', 'department_economic')
    and subject.scheme = case when summed.report_no = 8 then 'department_economic' else 'functional' end
    and subject.code = substr(summed.row_key, strpos(summed.row_key, '/') + 1)
    and summed.fiscal_year between subject.first_year and subject.last_year
