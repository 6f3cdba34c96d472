-- 一般公共预算财政拨款基本支出决算表
-- Form f06: one row a department-economic subject
-- Made by schema/generate.py from schema/forms.
create view report.f06 as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    subject_code,
    subject_name,
    amount,
    is_counted,
    stage
from internal.disclosed_year
inner join lateral (
    with form_cell as (
        select
            disclosure_id,
            division_code,
            fiscal_year,
            reporting_unit_code,
            row_level,
            is_leaf,
            row_key,
            row_label,
            subject_code,
            column_key,
            amount,
            0 as sum_no
        from internal.summed_cell
        where form_id = 'f06'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year

        union all

        select
            disclosure_id,
            division_code,
            fiscal_year,
            reporting_unit_code,
            row_level,
            is_leaf,
            row_key,
            row_label,
            null,
            column_key,
            amount,
            line_no
        from internal.list_line
        where form_id = 'f06'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year
            and amount is not null
    )

    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        row_number() over (
            partition by reporting_unit_code, disclosure_id, division_code, fiscal_year
            order by sum_no, row_level > 0, row_key collate "C"
        ) as row_no,
        row_level,
        bool_and(is_leaf) as is_leaf,
        row_key,
        subject_code,
        row_label as subject_name,
        sum(amount) filter (where column_key = 'amount') as amount,
        exists (
            select
            from budget.counted_disclosure as counted
            where counted.disclosure_id = cell.disclosure_id
                and counted.division_code = cell.division_code
        )
        and not exists (
            select
            from budget.covered_part as covered
            where covered.disclosure_id = cell.disclosure_id
                and covered.division_code = cell.division_code
                and covered.statement in ('expenditure')
        ) as is_counted,
        (
            select disclosure.stage
            from budget.disclosure as disclosure
            where disclosure.disclosure_id = cell.disclosure_id
                and disclosure.division_code = cell.division_code
                and disclosure.fiscal_year = cell.fiscal_year
        ) as stage
    from form_cell as cell
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        row_level, row_key, row_label, subject_code, sum_no
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        sum_no, row_level > 0, row_key collate "C"
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
