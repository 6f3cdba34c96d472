-- 他单位的表：与其他报表矛盾的整张报表，其数不是本年度其他单位的数
-- Forms that contradict the others of their document: whether they are those of another unit. Of the other units of the year
-- the one is named most of whose figures the form prints, by the measure of rule.earlier_form.
create view rule.other_unit_form as
with closest as (
    select distinct on (division_code, fiscal_year, disclosure_id, reporting_unit_code, form_id)
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        stage,
        form_id,
        of_unit_code,
        of_unit_name,
        printed_by_both,
        same,
        likeness
    from rule.form_elsewhere
    where of_unit_code <> reporting_unit_code
    order by
        division_code, fiscal_year, disclosure_id, reporting_unit_code, form_id, likeness desc, same desc, of_unit_code
)

select
    'other_unit_form' as rule,
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
    concat(of_unit_code, ' ', of_unit_name) as compared_with,
    null::numeric as difference,
    floor(0.75 * printed_by_both) as tolerance,
    likeness <= 0.75 as passed
from closest
