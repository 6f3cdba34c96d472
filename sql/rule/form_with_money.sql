-- 应有数的报表：其他报表表明有数的报表，既未缺少，也不为空
-- Forms: if the other forms say that a form holds money, it is published and not empty. figure is the largest amount
-- that it prints, expected the largest that the ledger has for it. A form without money has nothing to prove. What is said
-- of a variant is said of the form in whose place it stands.
create view rule.form_with_money as
with rebuilt as (
    -- equal cells are in no exception
    select
        exception.division_code,
        exception.fiscal_year,
        exception.disclosure_id,
        coalesce(template.variant_of, template.form_id) as form_id,
        max(abs(exception.rebuilt)) as amount
    from internal.comparison_exception as exception
    inner join meta.form_template as template
        on template.form_id = exception.form_id
    group by
        exception.disclosure_id,
        coalesce(template.variant_of, template.form_id),
        exception.division_code,
        exception.fiscal_year
),

printed as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        coalesce(template.variant_of, template.form_id) as form_id,
        max(abs(cell.amount)) as amount
    from rule.printed_cell as cell
    inner join meta.form_template as template
        on template.form_id = cell.form_id
    group by
        cell.disclosure_id,
        coalesce(template.variant_of, template.form_id),
        cell.division_code,
        cell.fiscal_year,
        cell.reporting_unit_code
),

expected_form as (
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        disclosure.stage,
        template.form_id,
        template.title,
        rebuilt.amount as rebuilt,
        printed.amount as printed
    from budget.disclosure as disclosure
    inner join meta.form_template as template
        on template.set_id = disclosure.form_set_id
        and not template.is_optional
        and template.layout not in ('project_sheet', 'department_sheet')
    left join rebuilt
        on rebuilt.disclosure_id = disclosure.disclosure_id
        and rebuilt.division_code = disclosure.division_code
        and rebuilt.fiscal_year = disclosure.fiscal_year
        and rebuilt.form_id = template.form_id
    left join printed
        on printed.disclosure_id = disclosure.disclosure_id
        and printed.division_code = disclosure.division_code
        and printed.fiscal_year = disclosure.fiscal_year
        and printed.reporting_unit_code = disclosure.reporting_unit_code
        and printed.form_id = template.form_id
)

select
    'form_with_money' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    form_id,
    null::text as row_key,
    title as row_label,
    null::text as column_key,
    null::text as column_label,
    coalesce(printed, 0) as figure,
    greatest(rebuilt, printed) as expected,
    null::text as figure_text,
    null::text as expected_text,
    null::text as compared_with,
    coalesce(printed, 0) - greatest(rebuilt, printed) as difference,
    null::numeric as tolerance,
    coalesce(printed, 0) <> 0 as passed
from expected_form
where greatest(rebuilt, printed) > 0
