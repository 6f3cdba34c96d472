-- 由台账汇总的单元格：按单位、科目或项目分行的报表，每格一行
-- The cells that the lines of the ledger add up to in forms with rows of codes, one row a cell; a form without lines
-- still has its 合计. Here are also subtotals that a form does not print (类 and 款 in form 9, units in form 21):
-- is_printed tells.
create view internal.summed_cell as
with counted as (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        form_id,
        row_level,
        row_key,
        column_key,
        is_finest,
        project_id,
        amount
    from internal.counted_path
    where is_current
        and line_key is null

    union all

    -- 空表也有合计
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        form.form_id,
        0,
        form.total_key,
        form.total_column,
        false,
        null,
        0.00
    from budget.disclosure as disclosure
    inner join meta.form_template as form
        on form.set_id = disclosure.form_set_id
        and form.total_key is not null
    where disclosure.is_current
),

summed as (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        form_id,
        row_level,
        row_key,
        column_key,
        min(project_id) as project_id,
        -- whether nothing finer is known about any line of the row, or about one of them
        bool_and(bool_and(is_finest)) over report_row as is_leaf,
        bool_or(bool_or(is_finest)) over report_row as has_finest,
        sum(amount) as amount
    from counted
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        form_id, row_level, row_key, column_key
    window report_row as (
        partition by
            disclosure_id, form_id, row_key collate "C", division_code, fiscal_year, reporting_unit_code
    )
)

select
    summed.disclosure_id,
    summed.division_code,
    summed.fiscal_year,
    summed.reporting_unit_code,
    summed.form_id,
    form.report_no,
    summed.row_level,
    summed.row_key,
    case
        when summed.row_level = 0 then form.total_label
        when form.is_by_unit and summed.row_level <= 2 then coalesce(unit.unit_name, summed.row_key)
        else coalesce(subject.subject_name, substr(summed.row_key, strpos(summed.row_key, '/') + 1))
    end as row_label,
    -- the row's unit, or department, and its functional or economic subject
    case when form.is_by_unit and summed.row_level > 0 then split_part(summed.row_key, '/', 1) end as unit_code,
    case
        when form.subject = 'project' then null
        when form.is_by_unit then nullif(split_part(summed.row_key, '/', 2), '')
        when summed.row_level > 0 then summed.row_key
    end as subject_code,
    case
        when form.subject = 'project' and summed.row_level > case when form.is_by_unit then 2 else 0 end
            then summed.project_id
    end as project_id,
    summed.column_key,
    summed.is_leaf,
    summed.row_level <> all (form.unprinted_levels) or summed.has_finest as is_printed,
    summed.amount
from summed
inner join meta.form_template as form
    on form.form_id = summed.form_id
-- units as this disclosure names them
left join filed.unit as unit
    on unit.disclosure_id = summed.disclosure_id
    and unit.division_code = summed.division_code
    and unit.fiscal_year = summed.fiscal_year
    and unit.unit_code = summed.row_key
left join budget.subject as subject
    on subject.scheme = form.subject
    and subject.code = substr(summed.row_key, strpos(summed.row_key, '/') + 1)
    and summed.fiscal_year between subject.first_year and subject.last_year
