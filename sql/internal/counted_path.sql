-- 台账行计入的单元格，行次相同的台账行合并
-- The cells that the lines of the ledger add up to, by the rules of the forms (meta.form_rule). Lines of a column that
-- count in the same rows stand here as one: line_nos says which. line_key is the fixed line of a list, else null.
create view internal.counted_path as
with line as (
    -- every line of the ledger once for each key by which rules are found: set of forms, statement and the beginning
    -- of one of its codes. One key and not three columns, because the planner takes three for independent, expects
    -- next to no rules for a year of a district, and loops.
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        disclosure.is_current,
        disclosure.form_set_id,
        amount.line_no,
        amount.statement,
        amount.unit_code,
        amount.fund_code,
        amount.nature,
        amount.functional_code,
        amount.department_economic_code,
        amount.government_economic_code,
        amount.item_code,
        amount.project_id,
        amount.amount,
        unit.department_code,
        project.project_name,
        -- in the select list, so that the lines are made first and then find their rules by hashing
        disclosure.form_set_id || ' ' || amount.statement || ' ' || unnest(array[
            '',
            'department_economic ' || left(amount.department_economic_code, 3),
            'government_economic ' || left(amount.government_economic_code, 3),
            'functional ' || left(amount.functional_code, 3),
            'item ' || left(amount.item_code, 2),
            'nature ' || left(amount.nature, 3)
        ]) as found_by
    from budget.disclosure as disclosure
    inner join budget.amount as amount
        on amount.disclosure_id = disclosure.disclosure_id
        and amount.division_code = disclosure.division_code
        and amount.fiscal_year = disclosure.fiscal_year
    left join filed.unit as unit
        on unit.disclosure_id = amount.disclosure_id
        and unit.division_code = amount.division_code
        and unit.fiscal_year = amount.fiscal_year
        and unit.unit_code = amount.unit_code
    left join budget.project as project
        on project.disclosure_id = amount.disclosure_id
        and project.division_code = amount.division_code
        and project.fiscal_year = amount.fiscal_year
        and project.project_id = amount.project_id
),

path as (
    select
        line.disclosure_id,
        line.division_code,
        line.fiscal_year,
        line.reporting_unit_code,
        line.is_current,
        form.form_id,
        form.report_no,
        rule.line_key,
        rule.column_key,
        form.is_by_unit,
        form.subject,
        form.total_key,
        -- what decides the rows: the unit, and the subject beneath it
        case when form.is_by_unit then line.unit_code end as unit_code,
        case when form.is_by_unit then coalesce(line.department_code, left(line.unit_code, 3)) end as department_code,
        case form.subject
            when 'functional' then line.functional_code
            when 'department_economic' then line.department_economic_code
            when 'government_economic' then line.government_economic_code
            when 'item' then line.item_code
            when 'project' then line.project_name
        end as subject_code,
        case when form.subject = 'project' then line.project_id end as project_id,
        array_agg(line.line_no) as line_nos,
        sum(line.amount) as amount
    from line
    inner join meta.form_rule as rule
        on rule.found_by = line.found_by
        -- as one case: the planner takes six patterns for next to never met, expects one row, and loops and sorts
        and case
            when
                (rule.fund_patterns is null or coalesce(line.fund_code, '') like any (rule.fund_patterns))
                and (rule.nature_patterns is null or coalesce(line.nature, '') like any (rule.nature_patterns))
                and (rule.functional_patterns is null or coalesce(line.functional_code, '') like any (rule.functional_patterns))
                and (
                    rule.department_economic_patterns is null
                    or coalesce(line.department_economic_code, '') like any (rule.department_economic_patterns)
                )
                and (
                    rule.government_economic_patterns is null
                    or coalesce(line.government_economic_code, '') like any (rule.government_economic_patterns)
                )
                and (rule.item_patterns is null or coalesce(line.item_code, '') like any (rule.item_patterns))
                then true
            else false
        end
    inner join meta.form_template as form
        on form.form_id = rule.form_id
    group by
        line.disclosure_id, line.division_code, line.fiscal_year, line.reporting_unit_code, line.is_current,
        form.form_id, rule.line_key, rule.column_key, 13, 14, 15, 16
)

select
    path.disclosure_id,
    path.division_code,
    path.fiscal_year,
    path.reporting_unit_code,
    path.is_current,
    path.form_id,
    path.report_no,
    path.line_key,
    path.column_key,
    placed.row_level,
    report_row.row_key,
    -- whether nothing finer than this row is known about the lines
    coalesce(
        placed.row_level = case
            when path.subject_code is null then case
                when path.unit_code = path.department_code then 1
                when path.is_by_unit then 2
            end
            else case when path.is_by_unit then 2 else 0 end + case
                when path.subject in ('item', 'project') then 1
                else (length(path.subject_code) - 1) / 2
            end
        end,
        false
    ) as is_finest,
    path.project_id,
    path.line_nos,
    path.amount
from path
cross join lateral unnest(
    case
        when path.line_key is not null then array[path.line_key]
        else array[
            path.total_key,
            path.department_code,
            -- money known for the department only has no row of a unit
            case when path.unit_code <> path.department_code then path.unit_code end,
            coalesce(path.unit_code || '/', '') || case
                when path.subject in ('item', 'project') then path.subject_code
                else left(path.subject_code, 3)
            end,
            coalesce(path.unit_code || '/', '') || case
                when path.subject not in ('item', 'project') and length(path.subject_code) >= 5
                    then left(path.subject_code, 5)
            end,
            coalesce(path.unit_code || '/', '') || case
                when path.subject not in ('item', 'project') and length(path.subject_code) >= 7
                    then path.subject_code
            end
        ]
    end
) with ordinality as report_row (row_key, position)
cross join lateral (
    -- 合计 is level 0; rows of forms without units begin with their subjects
    select report_row.position::integer - case when path.is_by_unit or report_row.position = 1 then 1 else 3 end
) as placed (row_level)
where report_row.row_key is not null
