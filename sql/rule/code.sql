-- 科目编码：所用编码在当年编码表中有效（当年政府收支分类科目）
-- Codes: every code that rows bear, once a disclosure, is in the list of codes of the year. One that only other years
-- have is outdated, or too new; expected_text says in which years it was valid.
create view rule.code as
with used as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        cell.stage,
        template.subject,
        code.code,
        min(cell.form_id) as form_id,
        min(cell.row_label) as row_label
    from rule.printed_cell as cell
    inner join meta.form_template as template
        on template.form_id = cell.form_id
        and template.subject in ('functional', 'department_economic', 'government_economic')
    cross join lateral (
        select case when template.is_by_unit then split_part(cell.row_key, '/', 2) else cell.row_key end as code
    ) as code
    where code.code ~ '^[0-9]+$'
    group by
        cell.disclosure_id, code.code, template.subject, cell.division_code, cell.fiscal_year, cell.reporting_unit_code,
        cell.stage
),

known as (
    select
        scheme,
        code,
        range_agg(int4range(first_year, last_year, '[]')) as years,
        string_agg(concat(nullif(first_year, 0), '–', nullif(last_year, 9999)), ', ' order by first_year) as years_text
    from budget.subject
    group by scheme, code
)

select
    'code' as rule,
    used.division_code,
    used.fiscal_year,
    used.disclosure_id,
    used.reporting_unit_code,
    used.stage,
    used.form_id,
    used.code as row_key,
    used.row_label,
    null::text as column_key,
    null::text as column_label,
    null::numeric as figure,
    null::numeric as expected,
    used.code as figure_text,
    known.years_text as expected_text,
    null::text as compared_with,
    null::numeric as difference,
    null::numeric as tolerance,
    coalesce(known.years @> used.fiscal_year::integer, false) as passed
from used
left join known
    on known.scheme = used.subject
    and known.code = used.code
