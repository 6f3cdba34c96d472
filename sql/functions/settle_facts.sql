-- 按现行台账更新事实表：逐份公开，补上应计入而未存的行，删去不再计入的行
-- Bring internal.stored_fact to what internal.computed_facts says of some disclosures of a division and year. The lines of
-- a disclosure stay as they are once they are loaded, so a line is only added or taken away.
-- As in budget.settle_overlap, every table is looked up once and hashed: a plan that is good without statistics.
create or replace function internal.settle_facts(division text, year integer, ids bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
begin
    with computed as materialized (
        -- whole rows of the table, which is what the function returns
        select *
        from internal.computed_facts(division, year, ids)
    ),

    known as materialized (
        select disclosure_id, line_no
        from internal.stored_fact
        where division_code = division and fiscal_year = year and disclosure_id = any(ids)
    ),

    gone as (
        select known.disclosure_id, known.line_no
        from known
        left join computed
            on computed.disclosure_id = known.disclosure_id
            and computed.line_no = known.line_no
        where computed.line_no is null
    ),

    deleted as (
        delete from internal.stored_fact as fact
        using gone
        where fact.division_code = division and fact.fiscal_year = year and fact.disclosure_id = any(ids)
            and fact.disclosure_id = gone.disclosure_id and fact.line_no = gone.line_no
    )

    insert into internal.stored_fact
    select computed.*
    from computed
    left join known
        on known.disclosure_id = computed.disclosure_id
        and known.line_no = computed.line_no
    where known.line_no is null;
end
$$
