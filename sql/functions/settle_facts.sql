-- 按现行台账更新事实表：逐份公开，补上应计入而未存的行，删去不再计入的行
-- Bring internal.stored_fact to what internal.computed_facts says of some disclosures of a division and year. The lines of
-- a disclosure stay as they are once they are loaded, so a line is only added or taken away.
-- The function is asked alone: Citus sends a query with tables to a worker, where a function cannot read them.
-- As in budget.settle_overlap, every table is looked up once and hashed: a plan that is good without statistics.
create or replace function internal.settle_facts(division text, year integer, ids bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
declare
    computed internal.stored_fact[];
begin
    computed := array(select fact from internal.computed_facts(division, year, ids) as fact);

    delete from internal.stored_fact as known
    where known.division_code = division and known.fiscal_year = year and known.disclosure_id = any(ids)
        and not exists (
            select
            from unnest(computed) as fact
            where fact.disclosure_id = known.disclosure_id and fact.line_no = known.line_no
        );

    -- whole rows of the table
    insert into internal.stored_fact
    select *
    from unnest(computed)
    on conflict do nothing;
end
$$
