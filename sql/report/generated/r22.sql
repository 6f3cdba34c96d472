-- 项目支出绩效目标表（表22）
-- Form r22: performance goals, sheet after sheet: facts, then a row an indicator
-- Made by schema/generate.py from schema/forms.
create view report.r22 as
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
    project_name,
    category,
    amount,
    period,
    goal,
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
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        row_number() over (
            partition by reporting_unit_code, disclosure_id, division_code, fiscal_year
            order by goal_no, part_no, line_no
        ) as row_no,
        case when part_no = 5 then 2 else 1 end as row_level,
        true as is_leaf,
        row_key,
        item,
        max(rebuilt_text) filter (where column_key = 'project_name') as project_name,
        max(rebuilt_text) filter (where column_key = 'category') as category,
        max(rebuilt) filter (where column_key = 'amount') as amount,
        max(rebuilt_text) filter (where column_key = 'period') as period,
        max(rebuilt_text) filter (where column_key = 'goal') as goal,
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
                and covered.statement in ('special_fund')
        ) as is_counted,
        (
            select disclosure.stage
            from budget.disclosure as disclosure
            where disclosure.disclosure_id = cell.disclosure_id
                and disclosure.division_code = cell.division_code
                and disclosure.fiscal_year = cell.fiscal_year
        ) as stage
    from internal.goal_cell as cell
    where form_id = 'r22'
        and division_code = disclosed_year.division_code
        and fiscal_year = disclosed_year.fiscal_year
    group by
        disclosure_id, division_code, fiscal_year, reporting_unit_code,
        part_no, goal_no, line_no, row_key, item
    order by
        reporting_unit_code, disclosure_id, division_code, fiscal_year,
        goal_no, part_no, line_no
) as form_row using (fiscal_year)
order by fiscal_year, disclosed_year.division_code
