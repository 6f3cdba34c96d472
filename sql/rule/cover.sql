-- 封面与报表：封面的单位、年度、阶段，与各报表表头所写及行中的单位一致
-- The cover against the forms: its unit, year and stage against those above each form, and its department against the units
-- in the rows. Codes agree if one is the beginning of the other (a department and its unit); names, which are compared
-- where a code is not printed on both, if one holds the characters of the other in their order: so do short names
-- (人大常委会) and those with the place before them. Where either side is silent nothing is compared.
create view rule.cover as
with headed as (
    select
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.disclosure_id,
        disclosure.reporting_unit_code,
        disclosure.stage,
        disclosure.cover_unit_code,
        disclosure.cover_unit_name,
        disclosure.cover_year,
        disclosure.cover_stage,
        printed.form_no,
        printed.form_id,
        form.heading_unit_code,
        form.heading_unit_name,
        form.heading_year,
        form.heading_stage,
        template.is_by_unit
    from budget.disclosure as disclosure
    inner join rule.printed_form as printed
        on printed.disclosure_id = disclosure.disclosure_id
        and printed.division_code = disclosure.division_code
        and printed.fiscal_year = disclosure.fiscal_year
    inner join filed.form as form
        on form.disclosure_id = printed.disclosure_id
        and form.division_code = printed.division_code
        and form.fiscal_year = printed.fiscal_year
        and form.form_no = printed.form_no
    inner join meta.form_template as template
        on template.form_id = printed.form_id
)

select
    'cover' as rule,
    headed.division_code,
    headed.fiscal_year,
    headed.disclosure_id,
    headed.reporting_unit_code,
    headed.stage,
    headed.form_id,
    said.row_key,
    said.row_label,
    null::text as column_key,
    null::text as column_label,
    null::numeric as figure,
    null::numeric as expected,
    said.figure_text,
    said.expected_text,
    '封面 / cover' as compared_with,
    null::numeric as difference,
    null::numeric as tolerance,
    said.passed
from headed
cross join lateral (
    select
        'unit' as row_key,
        '单位' as row_label,
        heading_unit_code as figure_text,
        cover_unit_code as expected_text,
        starts_with(heading_unit_code, cover_unit_code) or starts_with(cover_unit_code, heading_unit_code) as passed
    where heading_unit_code is not null
        and cover_unit_code is not null

    union all

    select
        'unit',
        '单位',
        heading_unit_name,
        cover_unit_name,
        heading_unit_name like concat('%', regexp_replace(cover_unit_name, '.', '\&%', 'g'))
        or cover_unit_name like concat('%', regexp_replace(heading_unit_name, '.', '\&%', 'g'))
    where heading_unit_name is not null
        and cover_unit_name is not null
        and (heading_unit_code is null or cover_unit_code is null)

    union all

    select 'year', '年度', heading_year::text, cover_year::text, heading_year = cover_year
    where heading_year is not null
        and cover_year is not null

    union all

    -- the forms of an adjusted budget may call it 预算 alone
    select
        'stage',
        '阶段',
        heading_stage,
        cover_stage,
        heading_stage = cover_stage or (cover_stage = 'adjusted' and heading_stage = 'budget')
    where heading_stage is not null
        and cover_stage is not null

    union all

    select
        concat('unit_row/', unit.unit_code),
        '行中的单位',
        unit.unit_code,
        cover_unit_code,
        left(unit.unit_code, 3) = left(cover_unit_code, 3)
    from (
        select distinct split_part(cell.row_key, '/', 1) as unit_code
        from filed.cell as cell
        where cell.disclosure_id = headed.disclosure_id
            and cell.division_code = headed.division_code
            and cell.fiscal_year = headed.fiscal_year
            and cell.form_no = headed.form_no
    ) as unit_row
    inner join filed.unit as unit
        on unit.disclosure_id = headed.disclosure_id
        and unit.division_code = headed.division_code
        and unit.fiscal_year = headed.fiscal_year
        and unit.unit_code = unit_row.unit_code
    where cover_unit_code is not null
        -- elsewhere the rows have other codes, and 201 is a class as well as a department
        and is_by_unit
) as said
