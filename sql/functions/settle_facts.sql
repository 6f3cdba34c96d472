-- 按现行台账更新事实表：逐份公开，补上应计入而未存的行，删去不再计入的行
-- Bring internal.stored_fact to what budget.current_amount says of some disclosures of a division and year. The lines of
-- a disclosure stay as they are once they are loaded, so a line is only added or taken away. Coordinates stand here at
-- their last certain level, as the facts of mart show them; the flags tell of those that are kept nevertheless, because
-- sums are made by them.
-- As in budget.settle_overlap, every table is looked up once and hashed: a plan that is good without statistics.
create or replace function internal.settle_facts(division text, year integer, ids bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
begin
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
    ),

    known as materialized (
        select disclosure_id, line_no
        from internal.stored_fact
        where division_code = division and fiscal_year = year and disclosure_id = any(ids)
    ),

    gone as (
        select known.disclosure_id, known.line_no
        from known
        left join line
            on line.disclosure_id = known.disclosure_id
            and line.line_no = known.line_no
        where line.line_no is null
    ),

    deleted as (
        delete from internal.stored_fact as fact
        using gone
        where fact.division_code = division and fact.fiscal_year = year and fact.disclosure_id = any(ids)
            and fact.disclosure_id = gone.disclosure_id and fact.line_no = gone.line_no
    )

    insert into internal.stored_fact (
        division_code, fiscal_year, disclosure_id, reporting_unit_code, line_no, unit_code, is_unit_allocated, statement,
        fund_code, fund_class, nature, is_nature_allocated, functional_code, functional_class, is_function_allocated,
        department_economic_code, department_economic_class, government_economic_code, government_economic_class,
        item_code, project_id, amount, basis, is_remainder, source_form_no, source_row_no, source_column_no
    )
    select
        division,
        year,
        line.disclosure_id,
        line.reporting_unit_code,
        line.line_no,
        line.unit_code,
        'unit_code' = any (line.allocated),
        line.statement,
        -- the source of a revenue is an item
        case
            when 'fund_code' <> all (line.allocated)
                and (line.statement <> 'revenue' or 'item_code' <> all (line.allocated)) then line.fund_code
        end,
        case when 'fund_class' <> all (line.allocated) then left(line.fund_code, 2) end,
        line.nature,
        'nature' = any (line.allocated),
        case when 'functional_code' <> all (line.allocated) then line.functional_code end,
        left(line.functional_code, 3),
        'functional_class' = any (line.allocated),
        case when 'department_economic_code' <> all (line.allocated) then line.department_economic_code end,
        case when 'department_economic_class' <> all (line.allocated) then left(line.department_economic_code, 3) end,
        case when 'government_economic_code' <> all (line.allocated) then line.government_economic_code end,
        case when 'government_economic_class' <> all (line.allocated) then left(line.government_economic_code, 3) end,
        -- what is carried over, and the three items of 三公, are told in any case
        case
            when line.statement in ('carry_over', 'three_public') or 'item_code' <> all (line.allocated)
                then line.item_code
        end,
        case when 'project_id' <> all (line.allocated) then line.project_id end,
        line.amount,
        line.basis,
        line.basis = 'remainder' and not line.is_rounding,
        line.source_form_no,
        line.source_row_no,
        line.source_column_no
    from line
    left join known
        on known.disclosure_id = line.disclosure_id
        and known.line_no = line.line_no
    where known.line_no is null;
end
$$
