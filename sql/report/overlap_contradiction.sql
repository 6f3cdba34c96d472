-- 部门文件与单位文件相互矛盾：同一单元格，部门说的数与单位自己说的数不同
-- Where a department's document and a unit's own contradict each other: the same cell of the unit, printed in both
-- with different figures. A blank is zero. A row or column that only one of them prints counts if it is no mere sum of others.
-- Where one prints less finely than the other (元 and 万元), half of its last place is allowed.
create view report.overlap_contradiction as
select
    own.division_code,
    own.fiscal_year,
    own.stage,
    whole.reporting_unit_code as department_code,
    whole.disclosure_id as department_disclosure_id,
    own.reporting_unit_code as unit_code,
    own.disclosure_id as unit_disclosure_id,
    printed.form_id,
    form.report_no,
    printed.row_key,
    printed.row_label,
    printed.column_key,
    printed.column_label,
    printed.department_amount,
    printed.unit_amount,
    printed.difference
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
    with both_filed as (
        select form.form_id, template.layout
        from filed.form as form
        inner join meta.form_template as template
            on template.form_id = form.form_id
            and template.is_by_unit
        where form.division_code = own.division_code
            and form.fiscal_year = own.fiscal_year
            and form.disclosure_id in (own.disclosure_id, whole.disclosure_id)
        group by form.form_id, template.layout
        having count(distinct form.disclosure_id) = 2
    ),

    figure as materialized (
        select
            cell.disclosure_id,
            cell.form_id,
            -- projects may be spelled with other brackets
            normalize(cell.row_key, NFKC) as row_key,
            min(cell.row_label) as row_label,
            cell.column_key,
            min(cell.column_label) as column_label,
            sum(cell.amount) as amount,
            max(cell.half_place) as half_place
        from filed.cell as cell
        where cell.division_code = own.division_code
            and cell.fiscal_year = own.fiscal_year
            and cell.disclosure_id in (own.disclosure_id, whole.disclosure_id)
            and cell.form_id in (select both_filed.form_id from both_filed)
            and cell.amount is not null
            and split_part(cell.row_key, '/', 1) = own.reporting_unit_code
        group by cell.disclosure_id, cell.form_id, normalize(cell.row_key, NFKC), cell.column_key
    ),

    by_department as (
        select form_id, row_key, row_label, column_key, column_label, amount, half_place
        from figure
        where disclosure_id = whole.disclosure_id
    ),

    by_unit as (
        select form_id, row_key, row_label, column_key, column_label, amount, half_place
        from figure
        where disclosure_id = own.disclosure_id
    ),

    -- rows that stand for themselves where the other document does not print them: 项 and projects
    compared_row as (
        select figure.form_id, figure.row_key
        from figure
        inner join both_filed using (form_id)
        group by figure.form_id, figure.row_key, both_filed.layout
        having count(distinct figure.disclosure_id) = 2
            or (both_filed.layout = 'functions' and length(split_part(figure.row_key, '/', 2)) = 7)
            or (both_filed.layout = 'special_funds' and strpos(figure.row_key, '/') > 0)
    )

    select
        form_id,
        row_key,
        coalesce(by_unit.row_label, by_department.row_label) as row_label,
        column_key,
        coalesce(by_unit.column_label, by_department.column_label) as column_label,
        by_department.amount as department_amount,
        by_unit.amount as unit_amount,
        coalesce(by_department.amount, 0) - coalesce(by_unit.amount, 0) as difference,
        case
            when by_department.half_place <> by_unit.half_place
                then greatest(by_department.half_place, by_unit.half_place)
            else 0
        end as tolerance
    from by_department
    full join by_unit using (form_id, row_key, column_key)
    inner join compared_row using (form_id, row_key)
    inner join meta.form_column as form_column using (form_id, column_key)
    where form_column.is_leaf
        or (by_department.amount is not null and by_unit.amount is not null)
) as printed
inner join meta.form_template as form
    on form.form_id = printed.form_id
where abs(printed.difference) > printed.tolerance
