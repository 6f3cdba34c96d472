-- 按现行台账更新事实表：逐份公开，补上应计入而未存的行，删去不再计入的行，并重算有变动的公开的支出合计
-- Bring internal.stored_fact to what internal.computed_facts says of some disclosures of a division and year, and what
-- follows from it: the sums of internal.stored_spending and the goals that count. The lines of a disclosure stay as they
-- are once they are loaded, so a line is only added or taken away.
-- The function is asked alone: Citus sends a query with tables to a worker, where a function cannot read them.
-- As in budget.settle_overlap, every table is looked up once and hashed: a plan that is good without statistics.
create or replace function internal.settle_facts(division text, year integer, ids bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
declare
    computed internal.stored_fact[];
    removed bigint[];
    added bigint[];
begin
    computed := array(select fact from internal.computed_facts(division, year, ids) as fact);

    with gone as (
        delete from internal.stored_fact as known
        where known.division_code = division and known.fiscal_year = year and known.disclosure_id = any(ids)
            and not exists (
                select
                from unnest(computed) as fact
                where fact.disclosure_id = known.disclosure_id and fact.line_no = known.line_no
            )
        returning known.disclosure_id
    )

    select array_agg(distinct gone.disclosure_id) into removed from gone;

    with come as (
        -- whole rows of the table
        insert into internal.stored_fact
        select *
        from unnest(computed)
        on conflict do nothing
        returning disclosure_id
    )

    select array_agg(distinct come.disclosure_id) into added from come;

    delete from internal.stored_spending
    where division_code = division and fiscal_year = year and disclosure_id = any(removed || added);

    insert into internal.stored_spending (
        disclosure_id, fiscal_year, is_allocated, division_code, amount,
        unit_code, functional_class, functional_code, department_economic_class
    )
    select
        disclosure_id, year, is_unit_allocated or is_function_allocated, division, sum(amount),
        unit_code, functional_class, functional_code, department_economic_class
    from unnest(computed)
    where statement = 'expenditure' and disclosure_id = any(removed || added)
    group by
        disclosure_id, is_unit_allocated or is_function_allocated,
        unit_code, functional_class, functional_code, department_economic_class;

    perform internal.settle_goals(division, year, ids);
end
$$
