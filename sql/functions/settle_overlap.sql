-- 部门与所属单位的文件重叠时，每一元只计一次
-- Where documents of a department and its units overlap, each yuan counts once, by unit and statement:
--   of a unit's own document and one that names it, the unit's own counts, if its forms speak of the statement;
--   without a document of its own, the department's counts before that of another unit;
--   money that the department's document states for the department as a whole cannot be told apart by unit, so it
--   covers that statement of all units in there (of all its units, where it names none), but not of a unit whose own
--   document tells of more than it can hold.
-- What counts now is brought to the facts of mart.
-- Every table is looked up once, then the few rows of a department are hashed: a plan that is good without statistics.
create or replace function budget.settle_overlap(division text, year integer, departments text[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_seqscan = off set jit = off as $$
declare
    disclosures bigint[];
    units text[];
    covered_disclosures bigint[];
    covered_units text[];
    covered_statements text[];
    covered_departments text[];
    covering bigint[];
begin
    select array_agg(distinct disclosure_id), array_agg(distinct unit_code)
    into disclosures, units
    from filed.unit
    where division_code = division and fiscal_year = year and department_code = any(departments);

    with named as materialized (
        select disclosure_id, unit_code, department_code
        from filed.unit
        where division_code = division and fiscal_year = year and department_code = any(departments)
    ),

    counted as materialized (
        select distinct on (reporting_unit_code, stage) disclosure_id, reporting_unit_code, stage
        from budget.disclosure
        where division_code = division and fiscal_year = year and disclosure_id = any(disclosures) and is_current
        order by reporting_unit_code, stage, cell_count desc, content_hash
    ),

    part as materialized (
        select disclosure_id, unit_code, statement, bool_and(is_rounding) as is_rounding
        from budget.amount
        where division_code = division and fiscal_year = year and disclosure_id = any(disclosures)
            and unit_code = any(units)
        group by disclosure_id, unit_code, statement
    ),

    stated as materialized (
        select disclosure_id, statement
        from internal.told_statement
        where division_code = division and fiscal_year = year and disclosure_id = any(disclosures)

        union

        select form.disclosure_id, 'special_fund'
        from filed.form as form
        inner join meta.form_template as template
            on template.form_id = form.form_id
        where form.division_code = division and form.fiscal_year = year and form.disclosure_id = any(disclosures)
            and template.layout = 'project_sheet'
    ),

    covered as (
        select
            part.disclosure_id,
            part.unit_code,
            part.statement,
            named.department_code,
            case when disclosure.reporting_unit_code = part.unit_code then whole.disclosure_id end as whole_id
        from part
        inner join named
            on named.disclosure_id = part.disclosure_id
            and named.unit_code = part.unit_code
        inner join counted as disclosure
            on disclosure.disclosure_id = part.disclosure_id
        -- another document, of the unit itself, and whether it speaks of the statement
        left join counted as own
            on own.reporting_unit_code = part.unit_code
            and own.stage = disclosure.stage
            and own.disclosure_id <> disclosure.disclosure_id
        left join stated as own_stated
            on own_stated.disclosure_id = own.disclosure_id
            and own_stated.statement = part.statement
        -- another document, of the department; whether it names the unit, or any unit
        left join counted as whole
            on whole.reporting_unit_code = named.department_code
            and whole.stage = disclosure.stage
            and whole.disclosure_id <> disclosure.disclosure_id
        left join named as whole_named
            on whole_named.disclosure_id = whole.disclosure_id
            and whole_named.unit_code = part.unit_code
        left join (select distinct disclosure_id from named where unit_code <> department_code) as naming
            on naming.disclosure_id = whole.disclosure_id
        -- money of the department as a whole in its document, this one or the other
        left join part as undivided
            on undivided.disclosure_id = coalesce(whole.disclosure_id, part.disclosure_id)
            and undivided.unit_code = named.department_code
            and undivided.statement = part.statement
            and not undivided.is_rounding
        where case
            when disclosure.reporting_unit_code = part.unit_code then
                whole.disclosure_id is not null
                and undivided.disclosure_id is not null
                and (whole_named.disclosure_id is not null or naming.disclosure_id is null)
            when disclosure.reporting_unit_code = named.department_code then
                own_stated.disclosure_id is not null
                and undivided.disclosure_id is null
            else own_stated.disclosure_id is not null
                or whole_named.disclosure_id is not null
        end
    )

    select
        array_agg(disclosure_id), array_agg(unit_code), array_agg(statement), array_agg(department_code),
        array_agg(whole_id)
    into covered_disclosures, covered_units, covered_statements, covered_departments, covering
    from covered;

    -- hardly any budget is covered by money of its department as a whole, nearly every final account is
    if array_remove(covering, null) <> '{}' then
        with beyond as materialized (
            select internal.beyond_whole(division, year, covered_disclosures, covering) as disclosure_id
        )

        select
            array_agg(covered.disclosure_id), array_agg(covered.unit_code), array_agg(covered.statement),
            array_agg(covered.department_code)
        into covered_disclosures, covered_units, covered_statements, covered_departments
        from unnest(covered_disclosures, covered_units, covered_statements, covered_departments, covering)
            as covered (disclosure_id, unit_code, statement, department_code, whole_id)
        left join beyond
            on beyond.disclosure_id = covered.disclosure_id
            and covered.whole_id is not null
        where beyond.disclosure_id is null;
    end if;

    delete from budget.covered_part as known
    where known.division_code = division and known.fiscal_year = year and known.department_code = any(departments)
        and not exists (
            select
            from unnest(covered_disclosures, covered_units, covered_statements)
                as covered (disclosure_id, unit_code, statement)
            where covered.disclosure_id = known.disclosure_id
                and covered.unit_code = known.unit_code
                and covered.statement = known.statement
        );

    insert into budget.covered_part (
        division_code, fiscal_year, disclosure_id, unit_code, statement, department_code
    )
    select division, year, covered.disclosure_id, covered.unit_code, covered.statement, covered.department_code
    from unnest(covered_disclosures, covered_units, covered_statements, covered_departments)
        as covered (disclosure_id, unit_code, statement, department_code)
    on conflict do nothing;

    perform internal.settle_facts(division, year, disclosures);
end
$$
