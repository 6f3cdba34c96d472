-- 各表实际列示的资金口径：可选栏目、可选行次未列示的，不算
-- The statements that each form of a disclosure speaks of (收入, 支出, 三公 …). An optional column or line that the form
-- does not print says nothing of its statement, not even that there is no money; one that is printed and blank does.
create view internal.told_statement as
select distinct form.division_code, form.fiscal_year, form.disclosure_id, form.form_id, rule.statement
from filed.form as form
inner join meta.form_rule as rule
    on rule.form_id = form.form_id
left join meta.form_column as optional_column
    on rule.line_key is null
    and optional_column.form_id = rule.form_id
    and optional_column.column_key = rule.column_key
    and optional_column.is_optional
left join meta.form_line as optional_line
    on optional_line.form_id = rule.form_id
    and optional_line.row_key = rule.line_key
    and optional_line.is_optional
where (optional_column.column_key is null or optional_column.column_key = any (form.header_columns))
    and (
        optional_line.row_key is null
        -- not "exists", which the planner would answer once for all by hashing the cells of all disclosures
        or (
            select true
            from filed.cell as cell
            where cell.division_code = form.division_code
                and cell.fiscal_year = form.fiscal_year
                and cell.disclosure_id = form.disclosure_id
                and cell.form_no = form.form_no
                and cell.row_key = optional_line.row_key
            limit 1
        )
    )
