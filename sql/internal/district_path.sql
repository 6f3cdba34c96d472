-- 全区台账计入的单元格：各单位的台账汇总后，按报表口径归入各行各栏
-- The cells of a district's forms that the ledger adds up to, whoever's money it is: internal.counted_path for all units
-- at once, each yuan once. line_key is the fixed line of a list, else null. The setting hetang.units chooses units, or
-- departments with all of theirs, by their codes with commas between them; without it all count.
create view internal.district_path as
with money as (
    -- lines of the same codes as one
    select
        line.division_code,
        line.fiscal_year,
        line.stage,
        line.statement,
        line.fund_code,
        line.nature,
        line.functional_code,
        line.department_economic_code,
        line.government_economic_code,
        line.item_code,
        project.project_name,
        sum(line.amount) as amount
    from budget.current_amount as line
    left join budget.project as project
        on project.disclosure_id = line.disclosure_id
        and project.division_code = line.division_code
        and project.fiscal_year = line.fiscal_year
        and project.project_id = line.project_id
    where coalesce(current_setting('hetang.units', true), '') = ''
        or (line.division_code, line.fiscal_year, line.unit_code) in (
            select unit.division_code, unit.fiscal_year, unit.unit_code
            from budget.unit as unit
            where array[unit.unit_code, unit.department_code]
                && string_to_array(replace(current_setting('hetang.units', true), ' ', ''), ',')
        )
    group by
        line.division_code, line.fiscal_year, line.stage, line.statement, line.fund_code, line.nature,
        line.functional_code, line.department_economic_code, line.government_economic_code, line.item_code,
        project.project_name
),

line as (
    -- once for each key by which rules are found, as in internal.counted_path
    select
        money.division_code,
        money.fiscal_year,
        money.stage,
        money.fund_code,
        money.nature,
        money.functional_code,
        money.department_economic_code,
        money.government_economic_code,
        money.item_code,
        money.project_name,
        money.amount,
        form_set.form_set_id || ' ' || money.statement || ' ' || unnest(array[
            '',
            'department_economic ' || left(money.department_economic_code, 3),
            'government_economic ' || left(money.government_economic_code, 3),
            'functional ' || left(money.functional_code, 3),
            'item ' || left(money.item_code, 2),
            'nature ' || left(money.nature, 3)
        ]) as found_by
    from money
    inner join internal.district_set as form_set
        on form_set.division_code = money.division_code
        and form_set.fiscal_year = money.fiscal_year
        -- as a case: the planner takes an equation of what is distinct for met once in 200 times, expects one line, and
        -- looks the form up for each
        and case when form_set.stage = money.stage then true else false end
),

path as (
    select
        line.division_code,
        line.fiscal_year,
        line.stage,
        form.form_id,
        rule.line_key,
        rule.column_key,
        form.subject,
        form.total_key,
        case form.subject
            when 'functional' then line.functional_code
            when 'department_economic' then line.department_economic_code
            when 'government_economic' then line.government_economic_code
            when 'item' then line.item_code
            when 'project' then line.project_name
        end as subject_code,
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
        line.division_code, line.fiscal_year, line.stage, form.form_id, rule.line_key, rule.column_key, 9
)

select
    path.division_code,
    path.fiscal_year,
    path.stage,
    path.form_id,
    path.line_key,
    path.column_key,
    (report_row.position - 1)::integer as row_level,
    report_row.row_key,
    path.subject_code,
    -- whether nothing finer than this row is known about the lines, beside their units
    report_row.position - 1 = case
        when path.subject_code is null then 0
        when path.subject in ('item', 'project') then 1
        else (length(path.subject_code) - 1) / 2
    end as is_finest,
    path.amount
from path
cross join lateral unnest(
    case
        when path.line_key is not null then array[path.line_key]
        when path.subject in ('item', 'project') then array[path.total_key, path.subject_code]
        else array[
            path.total_key,
            left(path.subject_code, 3),
            case when length(path.subject_code) >= 5 then left(path.subject_code, 5) end,
            case when length(path.subject_code) >= 7 then path.subject_code end
        ]
    end
) with ordinality as report_row (row_key, position)
where report_row.row_key is not null
