-- 参与核对的报表：现行公开的每张官方报表，同一报表出现多次的取第一张
-- The official forms of current disclosures that rules look at; of a form that stands in a document twice, the first,
-- as for the ledger.
create view rule.printed_form as
with numbered as (
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        disclosure.stage,
        disclosure.is_rounded or form.form_no = any (disclosure.coarse_forms) as is_rounded,
        form.form_no,
        form.form_id,
        template.layout,
        form.header_columns,
        form.is_empty,
        min(form.form_no) over (
            partition by
                disclosure.disclosure_id, form.form_id, disclosure.division_code, disclosure.fiscal_year,
                disclosure.reporting_unit_code
        ) as first_no
    from budget.disclosure as disclosure
    inner join filed.form as form
        on form.disclosure_id = disclosure.disclosure_id
        and form.division_code = disclosure.division_code
        and form.fiscal_year = disclosure.fiscal_year
    inner join meta.form_template as template
        on template.form_id = form.form_id
    where disclosure.is_current
)

select
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    is_rounded,
    form_no,
    form_id,
    header_columns,
    is_empty
from numbered
-- there is a sheet for each project
where form_no = first_no
    or layout = 'project_sheet'
