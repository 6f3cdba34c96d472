-- 台账行计入的单元格：每行在各报表的哪些行、哪些栏中汇总
-- Every line of the ledger once for each cell of a report that it adds up to (forms 2 to 5, 7 to 21 and 23).
-- The reports sum these lines; read it the other way to see what stands behind a figure.
create view report.counted_line as
select
    line.disclosure_id,
    line.division_code,
    line.fiscal_year,
    rule.report_no,
    rule.column_key,
    report_row.position::integer - 1 as row_level,
    report_row.row_key,
    -- whether nothing finer than this row is known about the line
    coalesce(report_row.position = path.finest, false) as is_finest,
    line.line_no,
    line.project_id,
    line.amount
from budget.amount as line
inner join report.column_rule as rule
    on rule.statement = line.statement
    and coalesce(
        (rule.fund_pattern is null or coalesce(line.fund_code, '') like rule.fund_pattern)
        and (rule.nature is null or line.nature = rule.nature)
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
cross join lateral (
    select coalesce(unit.department_code, left(line.unit_code, 3)) as department_code
) as department
cross join lateral (
    select
        case
            when rule.report_no = 23 then array['budget']
            when rule.report_no = 8 then array[
                'total',
                left(line.department_economic_code, 3),
                case when length(line.department_economic_code) >= 5 then line.department_economic_code end
            ]
            else array[
                'total',
                department.department_code,
                -- money known for the department only has no row of a unit
                case when line.unit_code <> department.department_code then line.unit_code end,
                line.unit_code || '/' || case
                    when rule.report_no = 21 then project.project_name
                    else left(line.functional_code, 3)
                end,
                line.unit_code || '/' || case
                    when length(line.functional_code) >= 5 then left(line.functional_code, 5)
                end,
                line.unit_code || '/' || case
                    when length(line.functional_code) >= 7 then line.functional_code
                end
            ]
        end as row_keys,
        case
            when rule.report_no = 23 then null
            when rule.report_no = 8 then (length(line.department_economic_code) + 1) / 2
            when rule.report_no = 21 and line.project_id is not null then 4
            when line.functional_code is not null then (length(line.functional_code) + 5) / 2
            when line.unit_code = department.department_code then 2
            else 3
        end as finest
) as path
cross join lateral unnest(path.row_keys) with ordinality as report_row (row_key, position)
where report_row.row_key is not null
