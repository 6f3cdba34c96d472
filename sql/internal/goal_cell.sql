-- 绩效目标表的单元格：项目支出每项目一张，整体支出每部门一张，每格一行
-- The cells of sheets of goals, of a project or of a department, one row a cell, also blank ones; the budget
-- figures on the sheet of a department are summed_cell's.
create view internal.goal_cell as
with goal as not materialized (
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        goal.goal_no,
        form.form_id,
        form.report_no,
        form.layout,
        goal.project_id,
        goal.subject_key,
        goal.goal_text
    from budget.disclosure as disclosure
    inner join budget.performance_goal as goal
        on goal.disclosure_id = disclosure.disclosure_id
        and goal.division_code = disclosure.division_code
        and goal.fiscal_year = disclosure.fiscal_year
    inner join meta.form_template as form
        on form.form_id = goal.form_id
    where disclosure.is_current
),

sheet_row as (
    -- the facts at the head of a sheet; 年度本级预算金额 is the project's money in all its rows of form 21
    select
        goal.disclosure_id,
        goal.division_code,
        goal.fiscal_year,
        goal.reporting_unit_code,
        goal.form_id,
        goal.report_no,
        fact.part_no,
        goal.goal_no,
        0 as line_no,
        case goal.layout when 'project_sheet' then goal.subject_key else 'department' end as row_name,
        fact.item,
        fact.column_keys,
        fact.texts,
        fact.numbers
    from (
        -- the sheet of a department has no project and adds up nothing
        select
            goal.disclosure_id,
            goal.division_code,
            goal.fiscal_year,
            goal.reporting_unit_code,
            goal.goal_no,
            goal.form_id,
            goal.report_no,
            goal.layout,
            goal.project_id,
            goal.subject_key,
            goal.goal_text,
            sum(line.amount) as special_fund
        from goal
        left join budget.project as project
            on project.disclosure_id = goal.disclosure_id
            and project.division_code = goal.division_code
            and project.fiscal_year = goal.fiscal_year
            and project.project_id = goal.project_id
        left join budget.project as project_row
            on project_row.disclosure_id = project.disclosure_id
            and project_row.division_code = project.division_code
            and project_row.fiscal_year = project.fiscal_year
            -- a further row of a project has a number: 会议经费#2
            and regexp_replace(project_row.project_name, '#[0-9]+$', '')
            = regexp_replace(project.project_name, '#[0-9]+$', '')
        left join budget.amount as line
            on line.disclosure_id = goal.disclosure_id
            and line.division_code = goal.division_code
            and line.fiscal_year = goal.fiscal_year
            and line.project_id = coalesce(project_row.project_id, goal.project_id)
            and line.statement = 'special_fund'
        group by
            goal.disclosure_id, goal.division_code, goal.fiscal_year, goal.reporting_unit_code, goal.goal_no,
            goal.form_id, goal.report_no, goal.layout, goal.project_id, goal.subject_key, goal.goal_text
    ) as goal
    left join budget.project as project
        on project.disclosure_id = goal.disclosure_id
        and project.division_code = goal.division_code
        and project.fiscal_year = goal.fiscal_year
        and project.project_id = goal.project_id
    cross join lateral (
        values
            (
                'project_sheet', 1, '项目名称', array['project_name'],
                array[coalesce(project.project_name, goal.subject_key)], null::numeric[]
            ),
            (
                'project_sheet', 2, '项目类别', array['category', 'amount'], array[project.project_category, null],
                array[null, goal.special_fund]
            ),
            ('project_sheet', 3, '项目支出实施期', array['period'], array[project.project_period], null),
            ('project_sheet', 4, '本年度绩效目标', array['goal'], array[goal.goal_text], null),
            ('department_sheet', 1, '部门名称', array['department_name'], array[goal.subject_key], null),
            ('department_sheet', 2, '年履职目标', array['duty_goal'], array[goal.goal_text], null)
    ) as fact (layout, part_no, item, column_keys, texts, numbers)
    where fact.layout = goal.layout

    union all

    select
        goal.disclosure_id,
        goal.division_code,
        goal.fiscal_year,
        goal.reporting_unit_code,
        goal.form_id,
        goal.report_no,
        3,
        goal.goal_no,
        task.task_no,
        'task/' || task.task_name,
        '年度主要任务',
        array['task_name', 'task_content'],
        array[task.task_name, task.task_content],
        null
    from goal
    inner join budget.performance_task as task
        on task.disclosure_id = goal.disclosure_id
        and task.division_code = goal.division_code
        and task.fiscal_year = goal.fiscal_year
        and task.goal_no = goal.goal_no
    where goal.layout = 'department_sheet'

    union all

    select
        goal.disclosure_id,
        goal.division_code,
        goal.fiscal_year,
        goal.reporting_unit_code,
        goal.form_id,
        goal.report_no,
        5,
        goal.goal_no,
        indicator.indicator_no,
        case goal.layout when 'project_sheet' then goal.subject_key else 'indicator' end
        || '/' || coalesce(indicator.level1_name, '')
        || '/' || coalesce(indicator.level2_name, '')
        || '/' || coalesce(indicator.level3_name, ''),
        '指标',
        array['level1', 'level2', 'level3', 'target', 'target_text', 'measure', 'target_type', 'note'],
        array[
            indicator.level1_name, indicator.level2_name, indicator.level3_name, indicator.target_value,
            indicator.target_text, indicator.target_measure, indicator.target_type, indicator.indicator_note
        ],
        array[null, null, null, indicator.target_number]
    from goal
    inner join budget.performance_indicator as indicator
        on indicator.disclosure_id = goal.disclosure_id
        and indicator.division_code = goal.division_code
        and indicator.fiscal_year = goal.fiscal_year
        and indicator.goal_no = goal.goal_no
),

keyed_row as (
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        form_id,
        report_no,
        part_no,
        goal_no,
        line_no,
        row_name,
        -- rows of one name are told apart by number: #2, #3 …
        dense_rank() over (
            partition by
                disclosure_id, division_code, fiscal_year, reporting_unit_code, form_id, part_no, row_name
            order by goal_no, line_no
        ) as repetition,
        item,
        column_keys,
        texts,
        numbers
    from sheet_row
)

select
    keyed_row.disclosure_id,
    keyed_row.division_code,
    keyed_row.fiscal_year,
    keyed_row.reporting_unit_code,
    keyed_row.form_id,
    keyed_row.report_no,
    keyed_row.part_no,
    keyed_row.goal_no,
    keyed_row.line_no,
    keyed_row.row_name || case
        when keyed_row.repetition > 1 then '#' || keyed_row.repetition
        else ''
    end as row_key,
    keyed_row.repetition,
    keyed_row.item,
    cell.column_key,
    cell.rebuilt_text,
    cell.rebuilt
from keyed_row
cross join lateral unnest(keyed_row.column_keys, keyed_row.texts, keyed_row.numbers)
    as cell (column_key, rebuilt_text, rebuilt)
