-- 台账行计入的单元格，行次相同的台账行合并
-- The cells that the lines of the ledger add up to (forms 2 to 5, 7 to 21 and 23), the lines of a column that count in
-- the same rows as one: line_nos says which.
create view report.counted_path as
with path as (
    select
        disclosure.disclosure_id,
        disclosure.division_code,
        disclosure.fiscal_year,
        disclosure.reporting_unit_code,
        disclosure.is_current,
        rule.report_no,
        rule.column_key,
        -- what decides the rows: in form 23 nothing, in form 8 the economic subject, in form 21 also the project
        case when rule.report_no not in (8, 23) then line.unit_code end as unit_code,
        case
            when rule.report_no not in (8, 23) then coalesce(unit.department_code, left(line.unit_code, 3))
        end as department_code,
        case when rule.report_no not in (8, 23) then line.functional_code end as functional_code,
        case when rule.report_no = 8 then line.department_economic_code end as department_economic_code,
        case when rule.report_no = 21 then line.project_id end as project_id,
        case when rule.report_no = 21 then project.project_name end as project_name,
        array_agg(line.line_no) as line_nos,
        sum(line.amount) as amount
    from budget.disclosure as disclosure
    inner join budget.amount as line
        on line.disclosure_id = disclosure.disclosure_id
        and line.division_code = disclosure.division_code
        and line.fiscal_year = disclosure.fiscal_year
    inner join report.column_rule as rule
        on rule.statement = line.statement
        and coalesce(
            (rule.nature is null or line.nature = rule.nature)
            and (rule.fund_pattern is null or coalesce(line.fund_code, '') like rule.fund_pattern)
            and (
                rule.department_economic_patterns is null
                or line.department_economic_code like any (rule.department_economic_patterns)
            )
            and (
                rule.government_economic_patterns is null
                or line.government_economic_code like any (rule.government_economic_patterns)
            )
            and (rule.item_pattern is null or line.item_code like rule.item_pattern),
            false
        )
    left join filed.unit as unit
        on unit.disclosure_id = line.disclosure_id
        and unit.division_code = line.division_code
        and unit.fiscal_year = line.fiscal_year
        and unit.unit_code = line.unit_code
    left join budget.project as project
        on project.division_code = line.division_code
        and project.fiscal_year = line.fiscal_year
        and project.disclosure_id = line.disclosure_id
        and project.project_id = line.project_id
    group by
        disclosure.disclosure_id, disclosure.division_code, disclosure.fiscal_year, disclosure.reporting_unit_code,
        disclosure.is_current, 6, 7, 8, 9, 10, 11, 12, 13
)

select
    path.disclosure_id,
    path.division_code,
    path.fiscal_year,
    path.reporting_unit_code,
    path.is_current,
    path.report_no,
    path.column_key,
    report_row.position::integer - 1 as row_level,
    report_row.row_key,
    -- whether nothing finer than this row is known about the lines
    coalesce(
        report_row.position - 1 = case
            when path.report_no = 23 then null
            when path.report_no = 8 then (length(path.department_economic_code) - 1) / 2
            when path.project_id is not null then 3
            when path.functional_code is not null then (length(path.functional_code) + 3) / 2
            when path.unit_code = path.department_code then 1
            else 2
        end,
        false
    ) as is_finest,
    path.project_id,
    path.line_nos,
    path.amount
from path
cross join lateral unnest(
    case
        when path.report_no = 23 then array['budget']
        when path.report_no = 8 then array[
            'total',
            left(path.department_economic_code, 3),
            case when length(path.department_economic_code) >= 5 then path.department_economic_code end
        ]
        else array[
            'total',
            path.department_code,
            -- money known for the department only has no row of a unit
            case when path.unit_code <> path.department_code then path.unit_code end,
            path.unit_code || '/' || case
                when path.report_no = 21 then path.project_name
                else left(path.functional_code, 3)
            end,
            path.unit_code || '/' || case
                when length(path.functional_code) >= 5 then left(path.functional_code, 5)
            end,
            path.unit_code || '/' || case
                when length(path.functional_code) >= 7 then path.functional_code
            end
        ]
    end
) with ordinality as report_row (row_key, position)
where report_row.row_key is not null
