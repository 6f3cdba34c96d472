-- 旧表：与其他报表矛盾的整张报表，其数不是上年或前一版本的数
-- Forms that contradict all others of their document (findings foreign_form and stale_form): whose figures they are. Of the
-- year before and of earlier revisions the disclosure is named most of whose figures the form prints: three quarters
-- of those that both print, and four at least, are no chance. The figure is how many of them are the same.
create view rule.earlier_form as
with foreign_form as (
    select distinct
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        disclosure.stage,
        disclosure.revision,
        found.form_id
    from budget.disclosure as disclosure
    inner join meta.finding as found
        on found.disclosure_id = disclosure.disclosure_id
        and found.division_code = disclosure.division_code
        and found.fiscal_year = disclosure.fiscal_year
    where disclosure.is_current
        and found.kind in ('foreign_form', 'stale_form')
),

earlier as (
    select
        foreign_form.division_code,
        foreign_form.fiscal_year,
        foreign_form.disclosure_id,
        foreign_form.reporting_unit_code,
        foreign_form.stage,
        foreign_form.form_id,
        disclosure.fiscal_year as of_year,
        disclosure.disclosure_id as of_disclosure_id,
        disclosure.revision as of_revision
    from foreign_form
    inner join budget.disclosure as disclosure
        on disclosure.division_code = foreign_form.division_code
        and disclosure.reporting_unit_code = foreign_form.reporting_unit_code
        and disclosure.stage = foreign_form.stage
    where disclosure.fiscal_year = foreign_form.fiscal_year - 1
        or (disclosure.fiscal_year = foreign_form.fiscal_year and disclosure.revision < foreign_form.revision)
),

compared as (
    select
        earlier.division_code,
        earlier.fiscal_year,
        earlier.disclosure_id,
        earlier.reporting_unit_code,
        earlier.stage,
        earlier.form_id,
        earlier.of_year,
        earlier.of_revision,
        figures.printed_by_both,
        figures.same
    from earlier
    cross join lateral (
        select
            count(*) as printed_by_both,
            count(*) filter (where own.amount = other.amount) as same
        from filed.cell as own
        inner join filed.cell as other
            on other.row_key = own.row_key
            and other.column_key = own.column_key
        inner join meta.form_column as form_column
            on form_column.form_id = own.form_id
            and form_column.column_key = own.column_key
            and form_column.role = 'money'
        where own.disclosure_id = earlier.disclosure_id
            and own.division_code = earlier.division_code
            and own.fiscal_year = earlier.fiscal_year
            and own.form_id = earlier.form_id
            and own.amount <> 0
            and other.disclosure_id = earlier.of_disclosure_id
            and other.division_code = earlier.division_code
            and other.fiscal_year = earlier.of_year
            and other.form_id = earlier.form_id
            and other.amount is not null
    ) as figures
    where figures.printed_by_both >= 4
),

closest as (
    select distinct on (division_code, fiscal_year, disclosure_id, form_id)
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        stage,
        form_id,
        of_year,
        of_revision,
        printed_by_both,
        same
    from compared
    order by
        division_code, fiscal_year, disclosure_id, form_id, same::numeric / printed_by_both desc, of_year desc,
        of_revision desc
)

select
    'earlier_form' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    form_id,
    null::text as row_key,
    null::text as row_label,
    null::text as column_key,
    null::text as column_label,
    same::numeric as figure,
    null::numeric as expected,
    null::text as figure_text,
    null::text as expected_text,
    concat(of_year, ' ', stage, ' ', of_revision) as compared_with,
    null::numeric as difference,
    floor(0.75 * printed_by_both) as tolerance,
    same <= 0.75 * printed_by_both as passed
from closest
