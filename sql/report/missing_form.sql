-- 缺少的报表：每份现行公开未包含的官方报表（仅部分地区采用的报表除外）
-- The official forms that a current disclosure lacks; optional ones are not missing, nor one with a variant in its place
create view report.missing_form as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.reporting_unit_name,
    disclosure.stage,
    template.form_id,
    template.report_no,
    template.title
from budget.disclosure as disclosure
inner join meta.form_template as template
    on template.set_id = disclosure.form_set_id
    and not template.is_optional
where disclosure.is_current
    and not exists (
        select
        from filed.form as form
        inner join meta.form_template as filed_template
            on filed_template.form_id = form.form_id
        where form.disclosure_id = disclosure.disclosure_id
            and form.division_code = disclosure.division_code
            and form.fiscal_year = disclosure.fiscal_year
            -- an optional form may stand for another one
            and coalesce(filed_template.variant_of, filed_template.form_id) = template.form_id
    )
