-- 台账行计入的单元格：每行在各报表的哪些行、哪些栏中汇总
-- Every line of the ledger once for each cell of a report that it adds up to. The reports sum these lines; read it the
-- other way to see what stands behind a figure.
-- Disclosure by disclosure, so that a question about the first rows reads the lines of no other.
create view report.counted_line as
select
    disclosure.disclosure_id,
    disclosure.division_code,
    disclosure.fiscal_year,
    line.form_id,
    line.report_no,
    line.column_key,
    line.row_level,
    line.row_key,
    line.is_finest,
    line.line_no,
    line.project_id,
    line.amount
from budget.disclosure as disclosure
cross join lateral (
    with counted as (
        -- in the select list, so that the lines are looked up by their numbers, not once for each path
        select
            form_id,
            report_no,
            column_key,
            row_level,
            row_key,
            is_finest,
            unnest(line_nos) as line_no
        from internal.counted_path as path
        where path.disclosure_id = disclosure.disclosure_id
            and path.division_code = disclosure.division_code
            and path.fiscal_year = disclosure.fiscal_year
    )

    select
        counted.form_id,
        counted.report_no,
        counted.column_key,
        counted.row_level,
        counted.row_key,
        counted.is_finest,
        amount.line_no,
        amount.project_id,
        amount.amount
    from counted
    inner join budget.amount as amount
        on amount.disclosure_id = disclosure.disclosure_id
        and amount.division_code = disclosure.division_code
        and amount.fiscal_year = disclosure.fiscal_year
        and amount.line_no = counted.line_no

    union all

    -- the special funds of a project, on its sheet of goals
    select distinct
        goal.form_id,
        form.report_no,
        'amount',
        1,
        goal.subject_key,
        true,
        amount.line_no,
        amount.project_id,
        amount.amount
    from budget.performance_goal as goal
    inner join meta.form_template as form
        on form.form_id = goal.form_id
        and form.layout = 'project_sheet'
    inner join budget.amount as amount
        on amount.disclosure_id = goal.disclosure_id
        and amount.division_code = goal.division_code
        and amount.fiscal_year = goal.fiscal_year
        and amount.project_id = goal.project_id
        and amount.statement = 'special_fund'
    where goal.disclosure_id = disclosure.disclosure_id
        and goal.division_code = disclosure.division_code
        and goal.fiscal_year = disclosure.fiscal_year
) as line
