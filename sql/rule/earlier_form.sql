-- 旧表：与其他报表矛盾的整张报表，其数不是上年或前一版本的数
-- Forms that contradict the others of their document: whose figures they are. Of the year before and of earlier revisions the
-- disclosure is named most of whose figures the form prints: three quarters of those that both print, four at least,
-- and as many of those that the ledger does not bear out but that of the other disclosure does, are no chance. The figure
-- is how many of them are the same.
create view rule.earlier_form as
with closest as (
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
        same,
        likeness
    from rule.form_elsewhere
    where of_unit_code = reporting_unit_code
    order by
        division_code, fiscal_year, disclosure_id, form_id, likeness desc, of_year desc, of_revision desc
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
    likeness <= 0.75 as passed
from closest
