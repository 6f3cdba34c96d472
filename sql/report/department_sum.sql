-- 部门合计与所属单位之和：部门文件的合计与各单位自己的文件加总比较，每张报表每栏一行
-- A department's document against its parts: the 合计 of each column beside the sum over its units, each with the 合计
-- of its own document, or, where that lacks the form, with its rows in the department's. Only where at least one unit
-- filed the form itself. Each of the figures may be off by half of its last printed place.
create view report.department_sum as
with filed_form as not materialized (
    -- of a form that stands in a document twice, the first
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.stage,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        -- a provisional code (U…-1) begins with that of the department
        case
            when disclosure.reporting_unit_code like 'U%' then split_part(disclosure.reporting_unit_code, '-', 1)
            else left(disclosure.reporting_unit_code, 3)
        end as department_code,
        form.form_id,
        template.subject,
        min(form.form_no) as form_no
    from budget.counted_disclosure as disclosure
    inner join filed.form as form
        on form.disclosure_id = disclosure.disclosure_id
        and form.division_code = disclosure.division_code
        and form.fiscal_year = disclosure.fiscal_year
    inner join meta.form_template as template
        on template.form_id = form.form_id
        and template.is_by_unit
    group by
        disclosure.division_code, disclosure.fiscal_year, disclosure.stage, disclosure.disclosure_id,
        disclosure.reporting_unit_code, form.form_id, template.subject
),

figure as (
    -- the department's total, and its rows of units; a form by project often has rows of projects only
    select
        whole.division_code,
        whole.fiscal_year,
        whole.stage,
        whole.reporting_unit_code as department_code,
        whole.disclosure_id,
        whole.form_id,
        case when cell.row_key <> 'total' then split_part(cell.row_key, '/', 1) end as unit_code,
        false as is_own,
        cell.column_key,
        cell.column_label,
        cell.amount,
        cell.half_place
    from filed_form as whole
    inner join filed.cell as cell
        on cell.disclosure_id = whole.disclosure_id
        and cell.form_no = whole.form_no
        and cell.division_code = whole.division_code
        and cell.fiscal_year = whole.fiscal_year
        and cell.amount is not null
        and (
            cell.row_key = 'total'
            or cell.row_key ~ case whole.subject when 'project' then '^([0-9]{6,}|U[0-9a-f]+-[0-9]+)/' else '^([0-9]{6,}|U[0-9a-f]+-[0-9]+)$' end
        )
    where whole.reporting_unit_code = whole.department_code

    union all

    -- what its units file themselves; an empty form is one as well
    select
        whole.division_code,
        whole.fiscal_year,
        whole.stage,
        whole.reporting_unit_code,
        whole.disclosure_id,
        whole.form_id,
        own.reporting_unit_code,
        true,
        cell.column_key,
        cell.column_label,
        cell.amount,
        cell.half_place
    from filed_form as whole
    inner join filed_form as own
        on own.division_code = whole.division_code
        and own.fiscal_year = whole.fiscal_year
        and own.stage = whole.stage
        and own.form_id = whole.form_id
        and own.department_code = whole.reporting_unit_code
    left join filed.cell as cell
        on cell.disclosure_id = own.disclosure_id
        and cell.form_no = own.form_no
        and cell.division_code = own.division_code
        and cell.fiscal_year = own.fiscal_year
        and cell.row_key = 'total'
        and cell.amount is not null
    where whole.reporting_unit_code = whole.department_code
        and own.reporting_unit_code <> own.department_code
),

known as (
    select
        division_code, fiscal_year, stage, department_code, disclosure_id, form_id, unit_code, is_own, column_key,
        column_label, amount, half_place,
        bool_or(is_own) over (
            partition by division_code, fiscal_year, stage, department_code, disclosure_id, form_id, unit_code
        ) as has_own,
        bool_or(is_own) over (
            partition by division_code, fiscal_year, stage, department_code, disclosure_id, form_id
        ) as is_filed_by_units
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
        count(distinct unit_code) filter (where is_own) as unit_count,
        coalesce(sum(amount) filter (where unit_code is null), 0) as department_amount,
        coalesce(sum(amount) filter (where unit_code is not null), 0) as units_amount,
        sum(half_place) as tolerance,
        bool_or(unit_code is null) and bool_or(unit_code is not null) as is_on_both_sides
    from known
    where is_filed_by_units
        and is_own = has_own
        and column_key is not null
    group by division_code, fiscal_year, stage, department_code, disclosure_id, form_id, column_key
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
