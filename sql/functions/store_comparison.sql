-- 存储一批公开的比对结果
-- Compare some disclosures of a division and store the results in place of earlier ones. One disclosure at a time: so
-- every statement names its division and disclosure, and a server of several machines sends it to one of them.
create or replace function report.store_comparison(division text, ids bigint[]) returns void
language plpgsql
as $$
declare
    target record;
begin
    delete from report.comparison_result where division_code = division and disclosure_id = any(ids);
    for target in
        select fiscal_year, disclosure_id
        from budget.disclosure
        where division_code = division and disclosure_id = any(ids) and is_current
    loop
        insert into report.comparison_result (
            division_code, fiscal_year, disclosure_id, comparison_no, form_id, report_no, row_key, row_label,
            column_key, column_label, filed, rebuilt, difference, tolerance, status, support, filed_text, rebuilt_text
        )
        select
            division,
            target.fiscal_year,
            target.disclosure_id,
            row_number() over (
                order by form.form_order, compared.row_key collate "C", compared.column_key collate "C"
            ),
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
            compared.rebuilt_text
        from report.compare_disclosure(division, target.fiscal_year, target.disclosure_id) as compared
        inner join meta.form_template as form
            on form.form_id = compared.form_id;
    end loop;
end
$$
