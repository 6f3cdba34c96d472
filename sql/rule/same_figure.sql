-- 同数异表：不同报表中含义相同的数字应当一致（按报表格式中各数字所汇总的台账范围，meta.form_selection）
-- The same figure in several forms: figures that select the same lines of the ledger, by the declarations of the forms
-- (meta.form_selection), are one figure. Each is held against the one that most forms print; if forms are as many on
-- both sides, against the one that is not zero, then against the earlier form. Figures of one functional subject in
-- forms without units are held against the sum over the units of a form with units. A blank of a printed row is zero; what is zero
-- in all forms is not compared.
create view rule.same_figure as
with printed_row as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        cell.stage,
        cell.is_rounded,
        cell.form_no,
        cell.form_id,
        cell.header_columns,
        cell.row_key,
        min(cell.row_label) as row_label
    from rule.printed_cell as cell
    group by
        cell.disclosure_id, cell.form_no, cell.row_key, cell.division_code, cell.fiscal_year, cell.reporting_unit_code,
        cell.stage, cell.is_rounded, cell.form_id, cell.header_columns
),

placed_row as (
    select
        printed_row.division_code,
        printed_row.fiscal_year,
        printed_row.disclosure_id,
        printed_row.reporting_unit_code,
        printed_row.stage,
        printed_row.is_rounded,
        printed_row.form_no,
        printed_row.form_id,
        printed_row.header_columns,
        printed_row.row_key,
        printed_row.row_label,
        template.form_order,
        template.subject,
        line.row_key as line_key,
        case
            when line.row_key is null and template.is_by_unit and printed_row.row_key <> template.total_key
                then split_part(printed_row.row_key, '/', 1)
            else ''
        end as unit_code,
        case
            when line.row_key is not null or printed_row.row_key = template.total_key then ''
            when template.is_by_unit then split_part(printed_row.row_key, '/', 2)
            else printed_row.row_key
        end as subject_code
    from printed_row
    inner join meta.form_template as template
        on template.form_id = printed_row.form_id
    left join (
        select distinct form_id, row_key
        from meta.form_line
    ) as line
        on line.form_id = printed_row.form_id
        and line.row_key = printed_row.row_key
),

selected as (
    select
        placed_row.division_code,
        placed_row.fiscal_year,
        placed_row.disclosure_id,
        placed_row.reporting_unit_code,
        placed_row.stage,
        placed_row.is_rounded,
        placed_row.form_no,
        placed_row.form_id,
        placed_row.header_columns,
        placed_row.form_order,
        placed_row.row_key,
        placed_row.row_label,
        placed_row.unit_code,
        placed_row.subject_code,
        selection.column_key,
        -- as a number, which sorts faster than words
        hashtextextended(
            concat_ws(
                '|',
                selection.selection,
                case when placed_row.subject = 'functional' then nullif(placed_row.subject_code, '') end,
                selection.functional_code,
                '|',
                case when placed_row.subject = 'department_economic' then nullif(placed_row.subject_code, '') end,
                selection.department_economic_code,
                '|',
                case when placed_row.subject = 'government_economic' then nullif(placed_row.subject_code, '') end,
                selection.government_economic_code
            ),
            0
        ) as meaning
    from placed_row
    inner join meta.form_selection as selection
        on selection.form_id = placed_row.form_id
        and coalesce(selection.line_key, '') = coalesce(placed_row.line_key, '')
        and (placed_row.subject_code = '' or selection.is_by_subject)
),

shared as (
    -- most figures are in one form only: they go before any cell is looked up
    select
        division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, is_rounded, form_no, form_id,
        header_columns, form_order, row_key, row_label, unit_code, subject_code, column_key, meaning,
        min(form_id) over one_meaning <> max(form_id) over one_meaning as is_shared
    from selected
    window one_meaning as (
        partition by disclosure_id, meaning, division_code, fiscal_year, reporting_unit_code, stage
    )
),

figure as (
    select
        shared.division_code,
        shared.fiscal_year,
        shared.disclosure_id,
        shared.reporting_unit_code,
        shared.stage,
        shared.is_rounded,
        shared.form_id,
        shared.form_order,
        shared.row_key,
        shared.row_label,
        shared.unit_code,
        shared.subject_code,
        shared.column_key,
        shared.meaning,
        coalesce(sum(cell.amount), 0) as amount,
        max(cell.half_place) as half_place,
        -- what rounding explains in a document that was rounded cell by cell
        case when shared.is_rounded is false then 0 else max((cell.part_count + 1) * cell.half_place) end as rounding
    from shared
    -- the cells themselves, not rule.printed_cell, which would be read as a whole for every figure
    left join filed.cell as cell
        on cell.disclosure_id = shared.disclosure_id
        and cell.division_code = shared.division_code
        and cell.fiscal_year = shared.fiscal_year
        and cell.form_no = shared.form_no
        and cell.row_key = shared.row_key
        and cell.column_key = shared.column_key
    where shared.is_shared
        and (cell.column_key is not null or shared.column_key = any (shared.header_columns))
    group by
        shared.disclosure_id, shared.meaning, shared.unit_code, shared.form_id, shared.row_key, shared.column_key,
        shared.division_code, shared.fiscal_year, shared.reporting_unit_code, shared.stage, shared.is_rounded,
        shared.form_order, shared.row_label, shared.subject_code
    -- words in the place of a figure say nothing
    having not coalesce(bool_or(
        cell.amount is null and cell.cell_text !~ '^[\s　]*(无|/|\\|[-‐‑‒–—―−─－_]+)?[\s　]*$'
    ), false)
),

told as (
    -- each as printed, and what units have of a subject once more as a sum over the units
    select
        figure.division_code,
        figure.fiscal_year,
        figure.disclosure_id,
        figure.reporting_unit_code,
        figure.stage,
        figure.form_id,
        figure.form_order,
        case when count(*) = 1 then min(figure.row_key) else figure.subject_code end as row_key,
        min(figure.row_label) as row_label,
        scope.unit_code,
        figure.column_key,
        figure.meaning,
        sum(figure.amount) as amount,
        case when figure.is_rounded is false then max(figure.half_place) else sum(figure.half_place) end as half_place,
        sum(figure.rounding) as rounding,
        scope.is_sum_of_units
    from figure
    cross join lateral (
        select figure.unit_code, false as is_sum_of_units

        union all

        select '', true
        where figure.unit_code <> ''
            and figure.subject_code <> ''
    ) as scope
    group by
        figure.disclosure_id, figure.meaning, scope.unit_code, figure.form_id, figure.column_key, scope.is_sum_of_units,
        case when scope.is_sum_of_units then '' else figure.row_key end, figure.subject_code, figure.division_code,
        figure.fiscal_year, figure.reporting_unit_code, figure.stage, figure.is_rounded, figure.form_order
),

counted as (
    select
        division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, form_order, row_key, row_label,
        unit_code, column_key, meaning, amount, half_place, rounding,
        count(*) over (
            partition by
                disclosure_id, meaning, unit_code, amount, division_code, fiscal_year, reporting_unit_code, stage
        ) as times,
        min(form_id) over one_figure <> max(form_id) over one_figure as is_in_several,
        max(abs(amount)) over one_figure > 0 as has_money,
        bool_or(not is_sum_of_units) over one_figure as is_printed
    from told
    window one_figure as (
        partition by disclosure_id, meaning, unit_code, division_code, fiscal_year, reporting_unit_code, stage
    )
),

ranked as (
    select
        division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label, column_key,
        amount, half_place, rounding,
        row_number() over best_first as position,
        first_value(amount) over best_first as expected,
        first_value(half_place) over best_first as expected_half_place,
        first_value(rounding) over best_first as expected_rounding,
        first_value(form_id) over best_first as expected_form_id,
        first_value(coalesce(row_label, row_key)) over best_first as expected_row
    from counted
    where is_in_several
        and has_money
        and is_printed
    window best_first as (
        partition by disclosure_id, meaning, unit_code, division_code, fiscal_year, reporting_unit_code, stage
        order by times desc, amount = 0, form_order, row_key collate "C", column_key collate "C"
    )
),

compared as (
    -- one row a cell: what differs most, if it is held against several
    select distinct on (
        ranked.disclosure_id, ranked.form_id, ranked.row_key, ranked.column_key, ranked.division_code,
        ranked.fiscal_year, ranked.reporting_unit_code, ranked.stage
    )
        ranked.division_code,
        ranked.fiscal_year,
        ranked.disclosure_id,
        ranked.reporting_unit_code,
        ranked.stage,
        ranked.form_id,
        ranked.row_key,
        ranked.row_label,
        ranked.column_key,
        ranked.amount,
        ranked.expected,
        concat(ranked.expected_form_id, ' ', ranked.expected_row) as compared_with,
        -- where one form prints less finely than the other
        case
            when ranked.half_place <> ranked.expected_half_place
                then greatest(ranked.half_place, ranked.expected_half_place)
            else coalesce(greatest(ranked.rounding, ranked.expected_rounding), 0)
        end as tolerance
    from ranked
    where ranked.position > 1
    order by
        ranked.disclosure_id, ranked.form_id, ranked.row_key, ranked.column_key, ranked.division_code,
        ranked.fiscal_year, ranked.reporting_unit_code, ranked.stage,
        abs(ranked.amount - ranked.expected) desc, ranked.expected_form_id
)

select
    'same_figure' as rule,
    compared.division_code,
    compared.fiscal_year,
    compared.disclosure_id,
    compared.reporting_unit_code,
    compared.stage,
    compared.form_id,
    compared.row_key,
    compared.row_label,
    compared.column_key,
    form_column.column_label,
    compared.amount as figure,
    compared.expected,
    null::text as figure_text,
    null::text as expected_text,
    compared.compared_with,
    compared.amount - compared.expected as difference,
    compared.tolerance,
    abs(compared.amount - compared.expected) <= compared.tolerance as passed
from compared
inner join meta.form_column as form_column
    on form_column.form_id = compared.form_id
    and form_column.column_key = compared.column_key
