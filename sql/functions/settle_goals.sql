-- 按现行公开更新绩效目标是否计入汇总
-- Bring budget.performance_goal.is_counted to what internal.computed_goals says of some disclosures of a division and year
create or replace function internal.settle_goals(division text, year integer, ids bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
declare
    disclosures bigint[];
    numbers smallint[];
begin
    select array_agg(counted.disclosure_id), array_agg(counted.goal_no)
    into disclosures, numbers
    from internal.computed_goals(division, year, ids) as counted;

    update budget.performance_goal as goal
    set is_counted = not goal.is_counted
    where goal.division_code = division and goal.fiscal_year = year and goal.disclosure_id = any(ids)
        and goal.is_counted = not exists (
            select
            from unnest(disclosures, numbers) as counted (disclosure_id, goal_no)
            where counted.disclosure_id = goal.disclosure_id and counted.goal_no = goal.goal_no
        );
end
$$
