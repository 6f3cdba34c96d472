-- 部门文件与单位文件相互矛盾：同一单元格，部门说的数与单位自己说的数不同
-- Where a department's document and a unit's own contradict each other: the same cell of the unit, printed in both
-- with different figures. A blank is zero. A row or column that only one of them prints counts if it is no mere sum of others.
-- Where one prints less finely than the other (元 and 万元), half of its last place is allowed.
-- Every form is read once: from the list of what stands in both documents to its cells, by number.
create view report.overlap_contradiction as
with document as (
    -- of every unit with a document of its own beside its department's: its own and the department's
    select
        own.division_code,
        own.fiscal_year,
        own.stage,
        whole.reporting_unit_code as department_code,
        whole.disclosure_id as department_disclosure_id,
        own.reporting_unit_code as unit_code,
        own.disclosure_id as unit_disclosure_id,
        document.disclosure_id,
        document.is_department
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
    cross join lateral (
        values (own.disclosure_id, false), (whole.disclosure_id, true)
    ) as document (disclosure_id, is_department)
),

filed_form as (
    select
        document.division_code,
        document.fiscal_year,
        document.stage,
        document.department_code,
        document.department_disclosure_id,
        document.unit_code,
        document.unit_disclosure_id,
        document.disclosure_id,
        document.is_department,
        form.form_no,
        form.form_id,
        template.report_no,
        template.layout,
        bool_or(document.is_department) over both_documents
        and bool_or(not document.is_department) over both_documents as is_in_both
    from document
    inner join filed.form as form
        on form.division_code = document.division_code
        and form.fiscal_year = document.fiscal_year
        and form.disclosure_id = document.disclosure_id
    inner join meta.form_template as template
        on template.form_id = form.form_id
        and template.is_by_unit
    window both_documents as (
        partition by
            document.unit_disclosure_id, form.form_id, document.division_code, document.fiscal_year, document.stage,
            document.department_code, document.department_disclosure_id, document.unit_code
    )
),

figure as (
    select
        filed_form.division_code,
        filed_form.fiscal_year,
        filed_form.stage,
        filed_form.department_code,
        filed_form.department_disclosure_id,
        filed_form.unit_code,
        filed_form.unit_disclosure_id,
        filed_form.form_id,
        filed_form.report_no,
        filed_form.layout,
        -- projects may be spelled with other brackets
        normalize(cell.row_key, NFKC) as row_key,
        coalesce(
            min(cell.row_label) filter (where not filed_form.is_department),
            min(cell.row_label) filter (where filed_form.is_department)
        ) as row_label,
        cell.column_key,
        coalesce(
            min(cell.column_label) filter (where not filed_form.is_department),
            min(cell.column_label) filter (where filed_form.is_department)
        ) as column_label,
        sum(cell.amount) filter (where filed_form.is_department) as department_amount,
        sum(cell.amount) filter (where not filed_form.is_department) as unit_amount,
        max(cell.half_place) filter (where filed_form.is_department) as department_half_place,
        max(cell.half_place) filter (where not filed_form.is_department) as unit_half_place
    from filed_form
    inner join filed.cell as cell
        on cell.division_code = filed_form.division_code
        and cell.fiscal_year = filed_form.fiscal_year
        and cell.disclosure_id = filed_form.disclosure_id
        and cell.form_no = filed_form.form_no
        -- no equality, which would have the cells of all documents searched for one unit
        and split_part(cell.row_key, '/', 1) is not distinct from filed_form.unit_code
        and cell.amount is not null
    where filed_form.is_in_both
    -- what tells rows apart comes first: that sorts fastest
    group by
        filed_form.unit_disclosure_id, filed_form.form_id, normalize(cell.row_key, NFKC), cell.column_key,
        filed_form.division_code, filed_form.fiscal_year, filed_form.stage, filed_form.department_code,
        filed_form.department_disclosure_id, filed_form.unit_code, filed_form.report_no, filed_form.layout
),

compared as (
    select
        figure.division_code,
        figure.fiscal_year,
        figure.stage,
        figure.department_code,
        figure.department_disclosure_id,
        figure.unit_code,
        figure.unit_disclosure_id,
        figure.form_id,
        figure.report_no,
        figure.row_key,
        figure.row_label,
        figure.column_key,
        figure.column_label,
        figure.department_amount,
        figure.unit_amount,
        coalesce(figure.department_amount, 0) - coalesce(figure.unit_amount, 0) as difference,
        case
            when figure.department_half_place <> figure.unit_half_place
                then greatest(figure.department_half_place, figure.unit_half_place)
            else 0
        end as tolerance,
        (
            bool_or(figure.department_amount is not null) over form_row
            and bool_or(figure.unit_amount is not null) over form_row
        )
        -- rows that stand for themselves if the other document does not print them: 项 and projects
        or (figure.layout = 'functions' and length(split_part(figure.row_key, '/', 2)) = 7)
        or (figure.layout = 'special_funds' and strpos(figure.row_key, '/') > 0) as is_comparable
    from figure
    window form_row as (
        partition by
            figure.unit_disclosure_id, figure.form_id, figure.row_key, figure.division_code, figure.fiscal_year,
            figure.stage, figure.department_code, figure.department_disclosure_id, figure.unit_code
    )
)

select
    compared.division_code,
    compared.fiscal_year,
    compared.stage,
    compared.department_code,
    compared.department_disclosure_id,
    compared.unit_code,
    compared.unit_disclosure_id,
    compared.form_id,
    compared.report_no,
    compared.row_key,
    compared.row_label,
    compared.column_key,
    compared.column_label,
    compared.department_amount,
    compared.unit_amount,
    compared.difference
from compared
inner join meta.form_column as form_column
    on form_column.form_id = compared.form_id
    and form_column.column_key = compared.column_key
where compared.is_comparable
    and abs(compared.difference) > compared.tolerance
    and (form_column.is_leaf or (compared.department_amount is not null and compared.unit_amount is not null))
