-- 台账行计入的单元格：每行在各报表的哪些行、哪些栏中汇总
-- Every line of the ledger once for each cell of a report that it adds up to. The reports sum these lines; read it the
-- other way to see what stands behind a figure.
create view report.counted_line as
with counted as (
    -- in the select list, so that the lines are looked up by their numbers, not once for each path
    select
        disclosure_id,
        division_code,
        fiscal_year,
        reporting_unit_code,
        form_id,
        report_no,
        column_key,
        row_level,
        row_key,
        is_finest,
        unnest(line_nos) as line_no
    from internal.counted_path
)

select
    counted.disclosure_id,
    counted.division_code,
    counted.fiscal_year,
    counted.form_id,
    counted.report_no,
    counted.column_key,
    counted.row_level,
    counted.row_key,
    counted.is_finest,
    line.line_no,
    line.project_id,
    line.amount,
    counted.reporting_unit_code
from counted
inner join budget.amount as line
    on line.disclosure_id = counted.disclosure_id
    and line.division_code = counted.division_code
    and line.fiscal_year = counted.fiscal_year
    and line.line_no = counted.line_no

union all

-- the special funds of a project, on its sheet of goals
select distinct
    line.disclosure_id,
    line.division_code,
    line.fiscal_year,
    goal.form_id,
    form.report_no,
    'amount',
    1,
    goal.subject_key,
    true,
    line.line_no,
    line.project_id,
    line.amount,
    disclosure.reporting_unit_code
from budget.performance_goal as goal
inner join budget.disclosure as disclosure
    on disclosure.division_code = goal.division_code
    and disclosure.fiscal_year = goal.fiscal_year
    and disclosure.disclosure_id = goal.disclosure_id
inner join meta.form_template as form
    on form.form_id = goal.form_id
    and form.layout = 'project_sheet'
inner join budget.amount as line
    on line.disclosure_id = goal.disclosure_id
    and line.division_code = goal.division_code
    and line.fiscal_year = goal.fiscal_year
    and line.project_id = goal.project_id
    and line.statement = 'special_fund'
