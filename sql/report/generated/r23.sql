-- 整体支出绩效目标表（表23）
-- Form r23: performance goals, sheet after sheet: facts, then a row an indicator
-- Made by schema/generate.py from schema/forms.
create view report.r23 as
select
    disclosure_id,
    form_row.division_code,
    fiscal_year,
    reporting_unit_code,
    row_no,
    row_level,
    is_leaf,
    row_key,
    item,
    department_name,
    duty_goal,
    task_name,
    task_content,
    total,
    general,
    government_fund,
    fiscal_account,
    other_funds,
    basic,
    project,
    level1,
    level2,
    level3,
    target,
    target_text,
    measure,
    target_type,
    note,
    is_counted,
    stage
from internal.disclosed_year
inner join lateral (
    with sheet_cell as (
        select
            disclosure_id,
            division_code,
            fiscal_year,
            reporting_unit_code,
            part_no,
            goal_no,
            line_no,
            row_key,
            item,
            column_key,
            rebuilt_text,
            null::numeric as rebuilt
        from internal.goal_cell
        where form_id = 'r23'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year

        union all

        -- 预算情况, after the tasks and before the indicators
        select
            disclosure_id,
            division_code,
            fiscal_year,
            reporting_unit_code,
            4,
            0,
            0,
            row_key,
            row_label,
            column_key,
            null,
            amount
        from internal.summed_cell
        where form_id = 'r23'
            and division_code = disclosed_year.division_code
            and fiscal_year = disclosed_year.fiscal_year
    )

    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        row_number() over (
            partition by reporting_unit_code, disclosure_id, division_code, fiscal_year
            order by part_no, goal_no, line_no
        ) as row_no,
        case when part_no = 5 then 2 else 1 end as row_level,
        part_no <> 4 as is_leaf,
        row_key,
        item,
        max(rebuilt_text) filter (where column_key = 'department_name') as department_name,
        max(rebuilt_text) filter (where column_key = 'duty_goal') as duty_goal,
        max(rebuilt_text) filter (where column_key = 'task_name') as task_name,
        max(rebuilt_text) filter (where column_key = 'task_content') as task_content,
        max(rebuilt) filter (where column_key = 'total') as total,
        max(rebuilt) filter (where column_key = 'general') as general,
        max(rebuilt) filter (where column_key = 'government_fund') as government_fund,
        max(rebuilt) filter (where column_key = 'fiscal_account') as fiscal_account,
        max(rebuilt) filter (where column_key = 'other_funds') as other_funds,
        max(rebuilt) filter (where column_key = 'basic') as basic,
        max(rebuilt) filter (where column_key = 'project') as project,
        max(rebuilt_text) filter (where column_key = 'level1') as level1,
        max(rebuilt_text) filter (where column_key = 'level2') as level2,
        max(rebuilt_text) filter (where column_key = 'level3') as level3,
        max(rebuilt_text) filter (where column_key = 'target') as target,
        max(rebuilt_text) filter (where column_key = 'target_text') as target_text,
        max(rebuilt_text) filter (where column_key = 'measure') as measure,
        max(rebuilt_text) filter (where column_key = 'target_type') as target_type,
        max(rebuilt_text) filter (where column_key = 'note') as note,
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
    from sheet_cell as cell
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        part_no, goal_no, line_no, row_key, item
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        part_no, goal_no, line_no
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
