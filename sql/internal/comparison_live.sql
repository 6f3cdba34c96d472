-- 公开数与还原数逐格比对（即时计算）：每份现行公开的每个单元格一行
-- Filed and rebuilt cells side by side, computed now; report.compare_disclosures says by which rules.
create view internal.comparison_live as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.reporting_unit_code,
    disclosure.disclosure_id,
    compared.form_id,
    form.report_no,
    compared.row_key,
    compared.row_label,
    compared.column_key,
    compared.column_label,
    compared.filed,
    compared.rebuilt,
    compared.difference,
    compared.tolerance,
    compared.status,
    compared.support,
    compared.filed_text,
    compared.rebuilt_text,
    disclosure.stage
from budget.disclosure as disclosure
cross join lateral report.compare_disclosures(
    disclosure.division_code, disclosure.fiscal_year, array[disclosure.disclosure_id]
) as compared
inner join meta.form_template as form
    on form.form_id = compared.form_id
where disclosure.is_current
