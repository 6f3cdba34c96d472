-- 应计入的绩效目标：若干公开中现行预算的目标，不含另一文件已包含的单位的目标
-- Which performance goals of some disclosures of a division and year count, each once: those of the disclosures that
-- count, without the units that another document covers. Forms of goals print no unit, so the goal of a project goes with
-- the money of the project: it is covered if all of that is.
-- As in budget.settle_overlap, every table is looked up once and hashed: a plan that is good without statistics.
create or replace function internal.computed_goals(division text, year integer, ids bigint[])
returns table (disclosure_id bigint, goal_no smallint) language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
begin
    return query
    with counted as materialized (
        select disclosure.disclosure_id
        from budget.counted_disclosure as disclosure
        where disclosure.division_code = division and disclosure.fiscal_year = year and disclosure.stage = 'budget'
            and disclosure.disclosure_id = any(ids)
    ),

    covered as materialized (
        select part.disclosure_id, part.unit_code, part.statement
        from budget.covered_part as part
        where part.division_code = division and part.fiscal_year = year and part.disclosure_id = any(ids)
    ),

    covered_project as materialized (
        select line.disclosure_id, line.project_id
        from budget.amount as line
        left join covered
            on covered.disclosure_id = line.disclosure_id
            and covered.unit_code = line.unit_code
            and covered.statement = line.statement
        where line.division_code = division and line.fiscal_year = year and line.disclosure_id = any(ids)
            and line.project_id is not null
        group by line.disclosure_id, line.project_id
        having bool_and(covered.disclosure_id is not null)
    )

    select goal.disclosure_id, goal.goal_no
    from counted
    inner join budget.performance_goal as goal
        on goal.disclosure_id = counted.disclosure_id
    where goal.division_code = division and goal.fiscal_year = year and goal.disclosure_id = any(ids)
        and not exists (
            select
            from covered
            where covered.disclosure_id = goal.disclosure_id
                and covered.unit_code = goal.unit_code
                and covered.statement = case when goal.project_id is null then 'expenditure' else 'special_fund' end
        )
        and not exists (
            select
            from covered_project
            where covered_project.disclosure_id = goal.disclosure_id
                and covered_project.project_id = goal.project_id
        );
end
$$
