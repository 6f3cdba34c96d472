-- 全区报表的单元格：按科目或项目分行的报表，每格一行
-- The cells of a district's forms with rows of codes, one row a cell; a form without lines still has its 合计.
-- Subtotals that a form does not print are here, too: is_printed tells.
create view internal.district_cell as
with counted as (
    select division_code, fiscal_year, stage, form_id, row_level, row_key, column_key, is_finest, amount
    from internal.district_path
    where line_key is null

    union all

    -- 空表也有合计
    select
        form_set.division_code,
        form_set.fiscal_year,
        form_set.stage,
        form.form_id,
        0,
        form.total_key,
        form.total_column,
        -- where units alone tell the rows, nothing is finer than the whole
        form.is_by_unit and form.subject is null,
        0.00
    from internal.district_set as form_set
    inner join meta.form_template as form
        on form.set_id = form_set.form_set_id
        and form.total_key is not null
),

summed as (
    select
        division_code,
        fiscal_year,
        stage,
        form_id,
        row_level,
        row_key,
        column_key,
        bool_and(bool_and(is_finest)) over report_row as is_leaf,
        bool_or(bool_or(is_finest)) over report_row as has_finest,
        sum(amount) as amount
    from counted
    group by division_code, fiscal_year, stage, form_id, row_level, row_key, column_key
    window report_row as (partition by division_code, fiscal_year, stage, form_id, row_key collate "C")
)

select
    summed.division_code,
    summed.fiscal_year,
    summed.stage,
    coalesce(current_setting('hetang.units', true), '') as chosen_units,
    summed.form_id,
    summed.row_level,
    summed.row_key,
    case
        when summed.row_level = 0 then form.total_label
        else coalesce(subject.subject_name, summed.row_key)
    end as row_label,
    case when summed.row_level > 0 and form.subject <> 'project' then summed.row_key end as subject_code,
    summed.column_key,
    summed.is_leaf,
    summed.has_finest
    or case
        when form.is_by_unit and summed.row_level > 0 then summed.row_level + 2
        else summed.row_level
    end <> all (form.unprinted_levels) as is_printed,
    summed.amount
from summed
inner join meta.form_template as form
    on form.form_id = summed.form_id
left join budget.subject as subject
    on subject.scheme = form.subject
    and subject.code = summed.row_key
    and summed.fiscal_year between subject.first_year and subject.last_year
