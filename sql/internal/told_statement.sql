-- 各表实际列示的资金口径：可选栏目、可选行次未列示的，不算
-- The statements that each form of a disclosure speaks of (收入, 支出, 三公 …). An optional column or line that the form
-- does not print says nothing of its statement, not even that there is no money; one that is printed and blank does.
create view internal.told_statement as
with declared as (
    -- each once for all columns and lines that every form prints, and once for an optional one
    select distinct rule.form_id, rule.statement, optional_column.column_key, optional_line.row_key
    from meta.form_rule as rule
    left join meta.form_column as optional_column
        on rule.line_key is null
        and optional_column.form_id = rule.form_id
        and optional_column.column_key = rule.column_key
        and optional_column.is_optional
    left join meta.form_line as optional_line
        on optional_line.form_id = rule.form_id
        and optional_line.row_key = rule.line_key
        and optional_line.is_optional
)

select distinct form.division_code, form.fiscal_year, form.disclosure_id, form.form_id, declared.statement
from filed.form as form
inner join declared
    on declared.form_id = form.form_id
where (declared.column_key is null or declared.column_key = any (form.header_columns))
    and (
        declared.row_key is null
        -- not "exists", which the planner would answer once for all by hashing the cells of all disclosures
        or (
            select true
            from filed.cell as cell
            where cell.division_code = form.division_code
                and cell.fiscal_year = form.fiscal_year
                and cell.disclosure_id = form.disclosure_id
                and cell.form_no = form.form_no
                and cell.row_key = declared.row_key
            limit 1
        )
    )
