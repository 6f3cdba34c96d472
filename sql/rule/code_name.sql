-- 科目名称：编码行的名称与当年编码表一致（含旧名和别名，见 budget.subject_alias）
-- Names: what a row of a code is called against the list of codes of the year. The loader holds them against all names
-- that the code ever had, as its finding "label" tells; a code that no list has is left to the rule "code".
create view rule.code_name as
with named_row as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        cell.stage,
        cell.form_no,
        cell.form_id,
        cell.row_key,
        template.subject,
        case when template.is_by_unit then split_part(cell.row_key, '/', 2) else cell.row_key end as code,
        min(cell.row_label) as row_label
    from rule.printed_cell as cell
    inner join meta.form_template as template
        on template.form_id = cell.form_id
        and template.subject in ('functional', 'department_economic', 'government_economic')
    group by
        cell.disclosure_id, cell.form_no, cell.row_key, cell.division_code, cell.fiscal_year, cell.reporting_unit_code,
        cell.stage, cell.form_id, template.subject, template.is_by_unit
)

select
    'code_name' as rule,
    named_row.division_code,
    named_row.fiscal_year,
    named_row.disclosure_id,
    named_row.reporting_unit_code,
    named_row.stage,
    named_row.form_id,
    named_row.row_key,
    named_row.row_label,
    null::text as column_key,
    null::text as column_label,
    null::numeric as figure,
    null::numeric as expected,
    coalesce(found.printed, named_row.row_label) as figure_text,
    subject.subject_name as expected_text,
    null::text as compared_with,
    null::numeric as difference,
    null::numeric as tolerance,
    found.printed is null as passed
from named_row
inner join budget.subject as subject
    on subject.scheme = named_row.subject
    and subject.code = named_row.code
    and named_row.fiscal_year between subject.first_year and subject.last_year
cross join lateral (
    select min(finding.values ->> 'name') as printed
    from meta.finding as finding
    where finding.disclosure_id = named_row.disclosure_id
        and finding.division_code = named_row.division_code
        and finding.fiscal_year = named_row.fiscal_year
        and finding.form_no = named_row.form_no
        and finding.kind = 'label'
        and finding.values ->> 'code' = named_row.code
) as found
