-- 部门合计与所属单位之和：部门文件的合计与各单位自己的文件加总比较，每张报表每栏一行
-- A department's document against its parts: the 合计 of each column beside the sum over its units, each with the 合计
-- of its own document, or, if that lacks the form, with its rows in the department's. Only if at least one unit
-- filed the form itself. Each of the figures may be off by half of its last printed place. Year by year of a division,
-- so that the first rows need no other year.
create view report.department_sum as
select sums.*
from internal.disclosed_year
inner join lateral (
    with document as (
        -- every document of a department with those of its units, and itself
        select
            whole.division_code,
            whole.fiscal_year,
            whole.stage,
            whole.reporting_unit_code as department_code,
            whole.disclosure_id,
            told.reporting_unit_code as told_by,
            told.disclosure_id as told_disclosure_id,
            told.disclosure_id <> whole.disclosure_id as is_own
        from budget.counted_disclosure as whole
        inner join budget.counted_disclosure as told
            on told.division_code = whole.division_code
            and told.fiscal_year = whole.fiscal_year
            and told.stage = whole.stage
            -- a provisional code (U…-1) begins with that of the department
            and case
                when told.reporting_unit_code like 'U%' then split_part(told.reporting_unit_code, '-', 1)
                else left(told.reporting_unit_code, 3)
            end = whole.reporting_unit_code
        where whole.division_code = disclosed_year.division_code
            and whole.fiscal_year = disclosed_year.fiscal_year
    ),

    figure as (
        -- a unit's own total, also none at all: an empty form is one as well. Of the department its total and its rows
        -- of units; a form by project often has rows of projects only. Document by document, so that only their cells
        -- are read
        select
            document.division_code,
            document.fiscal_year,
            document.stage,
            document.department_code,
            document.disclosure_id,
            document.is_own,
            printed.form_id,
            printed.unit_code,
            printed.column_key,
            printed.column_label,
            printed.amount,
            printed.half_place
        from document
        cross join lateral (
            select
                form.form_id,
                case
                    when document.is_own then document.told_by
                    when cell.row_key <> 'total' then split_part(cell.row_key, '/', 1)
                end as unit_code,
                cell.column_key,
                min(cell.column_label) as column_label,
                sum(cell.amount) as amount,
                sum(cell.half_place) as half_place
            from (
                -- of a form that stands in a document twice, the first
                select filed_form.form_id, template.subject, min(filed_form.form_no) as form_no
                from filed.form as filed_form
                inner join meta.form_template as template
                    on template.form_id = filed_form.form_id
                    and template.is_by_unit
                where filed_form.disclosure_id = document.told_disclosure_id
                    and filed_form.division_code = document.division_code
                    and filed_form.fiscal_year = document.fiscal_year
                group by filed_form.form_id, template.subject
            ) as form
            left join filed.cell as cell
                on cell.disclosure_id = document.told_disclosure_id
                and cell.form_no = form.form_no
                and cell.division_code = document.division_code
                and cell.fiscal_year = document.fiscal_year
                and cell.amount is not null
                and (
                    cell.row_key = 'total'
                    or (
                        not document.is_own
                        and (strpos(cell.row_key, '/') > 0) = coalesce(form.subject = 'project', false)
                        -- the row of a unit: looked at without a pattern where it has a code of digits, as nearly all
                        -- have
                        and case
                            when cell.row_key like 'U%' then cell.row_key ~ '^U[0-9a-f]+-[0-9]+(/|$)'
                            else length(split_part(cell.row_key, '/', 1)) >= 6
                                and ltrim(split_part(cell.row_key, '/', 1), '0123456789') = ''
                        end
                    )
                )
            group by 1, 2, 3
        ) as printed
    ),

    known as (
        select
            division_code, fiscal_year, stage, department_code, disclosure_id, form_id, unit_code, is_own, column_key,
            column_label, amount, half_place,
            bool_or(is_own) over (
                partition by disclosure_id, form_id, unit_code, division_code, fiscal_year, stage, department_code
            ) as has_own,
            bool_or(is_own) over (
                partition by disclosure_id, form_id, division_code, fiscal_year, stage, department_code
            )
            and not bool_and(is_own) over (
                partition by disclosure_id, form_id, division_code, fiscal_year, stage, department_code
            ) as is_filed_by_both
        from figure
    ),

    summed as (
        select
            division_code,
            fiscal_year,
            stage,
            department_code,
            disclosure_id,
            form_id,
            column_key,
            min(column_label) as column_label,
            count(unit_code) filter (where is_own) as unit_count,
            coalesce(sum(amount) filter (where unit_code is null), 0) as department_amount,
            coalesce(sum(amount) filter (where unit_code is not null), 0) as units_amount,
            sum(half_place) as tolerance,
            bool_or(unit_code is null) and bool_or(unit_code is not null) as is_on_both_sides
        from known
        where is_filed_by_both
            and is_own = has_own
        group by disclosure_id, form_id, column_key, division_code, fiscal_year, stage, department_code
    )

    select
        summed.division_code,
        summed.fiscal_year,
        summed.stage,
        summed.department_code,
        summed.disclosure_id,
        summed.form_id,
        form_column.report_no,
        summed.column_key,
        summed.column_label,
        summed.unit_count,
        summed.department_amount,
        summed.units_amount,
        summed.department_amount - summed.units_amount as difference,
        summed.tolerance,
        case
            when department_amount = units_amount then 'equal'
            when abs(department_amount - units_amount) <= tolerance then 'rounding'
            else 'differs'
        end as status
    from summed
    inner join meta.form_column as form_column
        on form_column.form_id = summed.form_id
        and form_column.column_key = summed.column_key
    -- a column of mere sums may be missing from a form
    where form_column.is_leaf
        or summed.is_on_both_sides
) as sums using (fiscal_year)
