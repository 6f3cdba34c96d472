-- 部门合计与所属单位之和：部门文件的合计与各单位自己的文件加总比较，每张报表每栏一行
-- A department's document against its parts: the 合计 of each column beside the sum over its units, each with the 合计
-- of its own document, or, where that lacks the form, with its rows in the department's. Only where at least one unit
-- filed the form itself. Each of the figures may be off by half of its last printed place.
create view report.department_sum as
with department_form as not materialized (
    select
        whole.division_code,
        whole.fiscal_year,
        whole.stage,
        whole.disclosure_id,
        whole.reporting_unit_code as department_code,
        form.report_no
    from budget.counted_disclosure as whole
    inner join filed.form as form
        on form.disclosure_id = whole.disclosure_id
        and form.division_code = whole.division_code
        and form.fiscal_year = whole.fiscal_year
    inner join meta.form_template as template
        on template.report_no = form.report_no
        and template.layout in ('functions', 'units', 'special_funds')
    where length(whole.reporting_unit_code) = 3
),

own_form as not materialized (
    select
        own.division_code,
        own.fiscal_year,
        own.stage,
        own.disclosure_id,
        own.reporting_unit_code as unit_code,
        form.report_no
    from budget.counted_disclosure as own
    inner join filed.form as form
        on form.disclosure_id = own.disclosure_id
        and form.division_code = own.division_code
        and form.fiscal_year = own.fiscal_year
    where length(own.reporting_unit_code) > 3
),

figure as (
    -- the department's total
    select
        department_form.division_code,
        department_form.fiscal_year,
        department_form.stage,
        department_form.department_code,
        department_form.disclosure_id,
        department_form.report_no,
        cell.column_key,
        cell.column_label,
        null as unit_code,
        false as is_own,
        cell.amount,
        cell.half_place
    from department_form
    inner join filed.cell as cell
        on cell.disclosure_id = department_form.disclosure_id
        and cell.division_code = department_form.division_code
        and cell.fiscal_year = department_form.fiscal_year
        and cell.report_no = department_form.report_no
        and cell.row_key = 'total'
    where cell.amount is not null

    union all

    -- what its units file themselves
    select
        department_form.division_code,
        department_form.fiscal_year,
        department_form.stage,
        department_form.department_code,
        department_form.disclosure_id,
        department_form.report_no,
        cell.column_key,
        cell.column_label,
        own_form.unit_code,
        true,
        cell.amount,
        cell.half_place
    from department_form
    inner join own_form
        on own_form.division_code = department_form.division_code
        and own_form.fiscal_year = department_form.fiscal_year
        and own_form.stage = department_form.stage
        and left(own_form.unit_code, 3) = department_form.department_code
        and own_form.report_no = department_form.report_no
    inner join filed.cell as cell
        on cell.disclosure_id = own_form.disclosure_id
        and cell.division_code = own_form.division_code
        and cell.fiscal_year = own_form.fiscal_year
        and cell.report_no = own_form.report_no
        and cell.row_key = 'total'
    where cell.amount is not null

    union all

    -- its rows of the other units; form 21 often has none of a unit, only of its projects
    select
        department_form.division_code,
        department_form.fiscal_year,
        department_form.stage,
        department_form.department_code,
        department_form.disclosure_id,
        department_form.report_no,
        cell.column_key,
        cell.column_label,
        split_part(cell.row_key, '/', 1),
        false,
        cell.amount,
        cell.half_place
    from department_form
    inner join filed.cell as cell
        on cell.disclosure_id = department_form.disclosure_id
        and cell.division_code = department_form.division_code
        and cell.fiscal_year = department_form.fiscal_year
        and cell.report_no = department_form.report_no
        and cell.row_key ~ case cell.report_no when 21 then '^[0-9]{6,}/' else '^[0-9]{6,}$' end
    where cell.amount is not null
        and not exists (
            select
            from own_form
            where own_form.division_code = department_form.division_code
                and own_form.fiscal_year = department_form.fiscal_year
                and own_form.stage = department_form.stage
                and own_form.unit_code = split_part(cell.row_key, '/', 1)
                and own_form.report_no = department_form.report_no
        )
),

summed as (
    select
        division_code,
        fiscal_year,
        stage,
        department_code,
        disclosure_id,
        report_no,
        column_key,
        min(column_label) as column_label,
        count(distinct unit_code) filter (where is_own) as unit_count,
        coalesce(sum(amount) filter (where unit_code is null), 0) as department_amount,
        coalesce(sum(amount) filter (where unit_code is not null), 0) as units_amount,
        sum(half_place) as tolerance
    from figure
    group by division_code, fiscal_year, stage, department_code, disclosure_id, report_no, column_key
)

select
    division_code,
    fiscal_year,
    stage,
    department_code,
    disclosure_id,
    report_no,
    column_key,
    column_label,
    unit_count,
    department_amount,
    units_amount,
    department_amount - units_amount as difference,
    tolerance,
    case
        when department_amount = units_amount then 'equal'
        when abs(department_amount - units_amount) <= tolerance then 'rounding'
        else 'differs'
    end as status
from summed
where unit_count > 0
