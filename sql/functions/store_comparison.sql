-- 存储一批公开的比对结果
-- Compare some disclosures of a division and store the results in place of earlier ones: how many cells of each form
-- have which result, and every cell that does not follow from internal.cell_as_equal. Every statement names its
-- division, so that a server of several machines sends it to one of them.
create or replace function report.store_comparison(division text, ids bigint[]) returns void
language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_mergejoin = off set enable_seqscan = off
set jit = off
as $$
declare
    target record;
begin
    delete from internal.comparison_exception where division_code = division and disclosure_id = any(ids);
    delete from internal.comparison_count where division_code = division and disclosure_id = any(ids);
    for target in
        select fiscal_year, array_agg(disclosure_id order by disclosure_id) as disclosure_ids
        from budget.disclosure
        where division_code = division and disclosure_id = any(ids) and is_current
        group by fiscal_year
    loop
        with compared as materialized (
            select
                disclosure_id, form_no, row_no, column_no, form_id, row_key, row_label, column_key, column_label,
                filed, rebuilt, difference, tolerance, status, support, filed_text, rebuilt_text, is_as_equal
            from report.compare_disclosures(division, target.fiscal_year, target.disclosure_ids)
        ),

        counted as (
            insert into internal.comparison_count (
                division_code, fiscal_year, disclosure_id, form_id,
                cell_count_equal, cell_count_rounding, cell_count_differs, cell_count_not_filed
            )
            select
                division,
                target.fiscal_year,
                disclosure_id,
                form_id,
                count(*) filter (where status = 'equal'),
                count(*) filter (where status = 'rounding'),
                count(*) filter (where status = 'differs'),
                count(*) filter (where status = 'not_filed')
            from compared
            group by disclosure_id, form_id
        )

        insert into internal.comparison_exception (
            division_code, fiscal_year, disclosure_id, exception_no, form_no, row_no, column_no, form_id, report_no,
            row_key, row_label, column_key, column_label, filed, rebuilt, difference, tolerance, status, support,
            filed_text, rebuilt_text
        )
        select
            division,
            target.fiscal_year,
            compared.disclosure_id,
            row_number() over (
                partition by compared.disclosure_id
                order by
                    form.form_order, compared.row_key collate "C", compared.column_key collate "C",
                    compared.form_no, compared.row_no, compared.column_no
            ),
            compared.form_no,
            compared.row_no,
            compared.column_no,
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
        from compared
        inner join meta.form_template as form
            on form.form_id = compared.form_id
        where compared.is_as_equal is not true;
    end loop;
end
$$
