-- 部门文件与单位文件相互矛盾：同一单元格，部门说的数与单位自己说的数不同
-- Where a department's document and a unit's own contradict each other: the same cell of the unit, printed in both
-- with different figures. A blank is zero. A row or column that only one of them prints counts if it is no mere sum of others.
-- Where one prints less finely than the other (元 and 万元), half of its last place is allowed.
-- Pair by pair of documents, so that a question about one unit reads no other's cells, and few figures are sorted at once.
create view report.overlap_contradiction as
with overlap as (
    -- every unit with a document of its own beside its department's
    select
        own.division_code,
        own.fiscal_year,
        own.stage,
        whole.reporting_unit_code as department_code,
        whole.disclosure_id as department_disclosure_id,
        own.reporting_unit_code as unit_code,
        own.disclosure_id as unit_disclosure_id
    from budget.counted_disclosure as own
    inner join budget.counted_disclosure as whole
        on whole.division_code = own.division_code
        and whole.fiscal_year = own.fiscal_year
        and whole.stage = own.stage
        -- a provisional code (U…-1) begins with that of the department
        and whole.reporting_unit_code = case
            when own.reporting_unit_code like 'U%' then split_part(own.reporting_unit_code, '-', 1)
            else left(own.reporting_unit_code, 3)
        end
        and whole.reporting_unit_code <> own.reporting_unit_code
)

select
    overlap.division_code,
    overlap.fiscal_year,
    overlap.stage,
    overlap.department_code,
    overlap.department_disclosure_id,
    overlap.unit_code,
    overlap.unit_disclosure_id,
    contradiction.form_id,
    contradiction.report_no,
    contradiction.row_key,
    contradiction.row_label,
    contradiction.column_key,
    contradiction.column_label,
    contradiction.department_amount,
    contradiction.unit_amount,
    contradiction.difference
from overlap
cross join lateral (
    with filed_form as (
        select
            form.disclosure_id,
            form.form_no,
            form.form_id,
            form.disclosure_id = overlap.department_disclosure_id as is_department,
            -- whether both documents have it
            min(form.disclosure_id) over same_form <> max(form.disclosure_id) over same_form as is_in_both
        from filed.form as form
        inner join meta.form_template as template
            on template.form_id = form.form_id
            and template.is_by_unit
        where form.division_code = overlap.division_code
            and form.fiscal_year = overlap.fiscal_year
            and form.disclosure_id in (overlap.unit_disclosure_id, overlap.department_disclosure_id)
        window same_form as (partition by form.form_id)
    ),

    figure as (
        select
            filed_form.form_id,
            -- projects may be spelled with other brackets; codes need no look, which takes longer than all else here
            case
                when octet_length(cell.row_key) > char_length(cell.row_key) then normalize(cell.row_key, NFKC)
                else cell.row_key
            end as row_key,
            cell.column_key,
            sum(cell.amount) filter (where filed_form.is_department) as department_amount,
            sum(cell.amount) filter (where not filed_form.is_department) as unit_amount,
            max(cell.half_place) filter (where filed_form.is_department) as department_half_place,
            max(cell.half_place) filter (where not filed_form.is_department) as unit_half_place
        from filed_form
        inner join filed.cell as cell
            on cell.division_code = overlap.division_code
            and cell.fiscal_year = overlap.fiscal_year
            and cell.disclosure_id = filed_form.disclosure_id
            and cell.form_no = filed_form.form_no
            and cell.amount is not null
            and split_part(cell.row_key, '/', 1) = overlap.unit_code
        where filed_form.is_in_both
        group by 1, 2, 3
    ),

    compared as (
        select
            figure.form_id,
            figure.row_key,
            figure.column_key,
            figure.department_amount,
            figure.unit_amount,
            coalesce(figure.department_amount, 0) - coalesce(figure.unit_amount, 0) as difference,
            case
                when figure.department_half_place <> figure.unit_half_place
                    then greatest(figure.department_half_place, figure.unit_half_place)
                else 0
            end as tolerance,
            bool_or(figure.department_amount is not null) over form_row
            and bool_or(figure.unit_amount is not null) over form_row as is_row_of_both
        from figure
        window form_row as (partition by figure.form_id, figure.row_key)
    )

    select
        compared.form_id,
        form.report_no,
        compared.row_key,
        label.row_label,
        compared.column_key,
        label.column_label,
        compared.department_amount,
        compared.unit_amount,
        compared.difference
    from compared
    inner join meta.form_template as form
        on form.form_id = compared.form_id
    inner join meta.form_column as form_column
        on form_column.form_id = compared.form_id
        and form_column.column_key = compared.column_key
    -- looked up for the few that contradict each other; the unit knows best
    cross join lateral (
        select
            coalesce(
                min(cell.row_label) filter (where not filed_form.is_department), min(cell.row_label)
            ) as row_label,
            coalesce(
                min(cell.column_label) filter (where not filed_form.is_department), min(cell.column_label)
            ) as column_label
        from filed_form
        inner join filed.cell as cell
            on cell.division_code = overlap.division_code
            and cell.fiscal_year = overlap.fiscal_year
            and cell.disclosure_id = filed_form.disclosure_id
            and cell.form_no = filed_form.form_no
            and cell.column_key = compared.column_key
            and cell.amount is not null
            and normalize(cell.row_key, NFKC) = compared.row_key
        where filed_form.form_id = compared.form_id
    ) as label
    where abs(compared.difference) > compared.tolerance
        and (
            compared.is_row_of_both
            -- rows that stand for themselves if the other document does not print them: 项 and projects
            or (form.layout = 'functions' and length(split_part(compared.row_key, '/', 2)) = 7)
            or (form.layout = 'special_funds' and strpos(compared.row_key, '/') > 0)
        )
        and (form_column.is_leaf or (compared.department_amount is not null and compared.unit_amount is not null))
) as contradiction
