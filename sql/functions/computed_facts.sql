-- 应存入事实表的行：若干公开的现行台账中计入汇总的预算行，各维度取最末可确定的层次
-- What internal.stored_fact is to hold of some disclosures of a division and year: the lines of budget.current_amount of
-- budgets. Coordinates stand here at their last certain level, as the facts of mart show them; the flags tell of those
-- that are kept nevertheless, because sums are made by them. A function and no view, to be told the disclosures: as in
-- budget.settle_overlap, every table is looked up once and hashed, a plan that is good without statistics.
create or replace function internal.computed_facts(division text, year integer, ids bigint[])
returns setof internal.stored_fact language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
begin
    return query
    with counted as materialized (
        select disclosure_id, reporting_unit_code
        from budget.counted_disclosure
        where division_code = division and fiscal_year = year and stage = 'budget' and disclosure_id = any(ids)
    ),

    line as materialized (
        select
            counted.reporting_unit_code, line.disclosure_id, line.line_no, line.unit_code, line.statement, line.fund_code,
            line.nature, line.functional_code, line.department_economic_code, line.government_economic_code,
            line.item_code, line.project_id, line.amount, line.basis, line.allocated, line.is_rounding,
            line.source_form_no, line.source_row_no, line.source_column_no
        from counted
        inner join budget.amount as line
            on line.disclosure_id = counted.disclosure_id
        left join budget.covered_part as covered
            on covered.disclosure_id = line.disclosure_id
            and covered.unit_code = line.unit_code
            and covered.statement = line.statement
            and covered.division_code = division
            and covered.fiscal_year = year
            and covered.disclosure_id = any(ids)
        where line.division_code = division and line.fiscal_year = year and line.disclosure_id = any(ids)
            and covered.disclosure_id is null
    )

    select
        line.disclosure_id,
        line.line_no,
        year::smallint,
        'unit_code' = any (line.allocated),
        'nature' = any (line.allocated),
        'functional_class' = any (line.allocated),
        line.basis = 'remainder' and not line.is_rounding,
        division,
        line.statement,
        line.amount::numeric(18, 6),
        line.unit_code,
        left(line.functional_code, 3),
        line.nature,
        case when 'functional_code' <> all (line.allocated) then line.functional_code end,
        case when 'department_economic_class' <> all (line.allocated) then left(line.department_economic_code, 3) end,
        case when 'fund_class' <> all (line.allocated) then left(line.fund_code, 2) end,
        -- the source of a revenue is an item
        case
            when 'fund_code' <> all (line.allocated)
                and (line.statement <> 'revenue' or 'item_code' <> all (line.allocated)) then line.fund_code
        end,
        case when 'department_economic_code' <> all (line.allocated) then line.department_economic_code end,
        case when 'government_economic_class' <> all (line.allocated) then left(line.government_economic_code, 3) end,
        case when 'government_economic_code' <> all (line.allocated) then line.government_economic_code end,
        -- what is carried over, and the three items of 三公, are told in any case
        case
            when line.statement in ('carry_over', 'three_public') or 'item_code' <> all (line.allocated)
                then line.item_code
        end,
        line.basis,
        line.reporting_unit_code,
        case when 'project_id' <> all (line.allocated) then line.project_id end,
        line.source_row_no,
        line.source_form_no,
        line.source_column_no
    from line;
end
$$
