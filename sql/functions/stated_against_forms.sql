-- 文字说明中的数在台账中应为多少
-- What the figures that the prose of a disclosure states should be by its ledger. Several readings may be meant (收入
-- with or without 上年结转, 基本支出 of all funds or of the general budget): the one that comes nearest counts, so a fact
-- is wrong only if it agrees with none. Null where nothing can be compared: a figure of another year, a part that the
-- forms do not show for certain, a change against a year that is not loaded. 万元; a rate in per cent.
-- With its owner's rights, as views have them: readers may see what it says, and not the tables.
create or replace function report.stated_against_forms(of_division text, in_year smallint, of_disclosure bigint)
returns table (
    fact_no integer,
    stated_kind text,
    qualifier text,
    stated_subject text,
    measure text,
    of_year smallint,
    stated_amount numeric,
    half_place numeric,
    printed_unit text,
    sentence text,
    place text,
    source_row integer,
    expected numeric
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_column
begin
    if not exists (
        select
        from filed.stated_fact as stated
        where stated.division_code = of_division
            and stated.fiscal_year = in_year
            and stated.disclosure_id = of_disclosure
    ) then
        return;
    end if;
    return query
    -- what the ledger says of a kind: statements, and which codes; needs names the coordinates that must be certain
    with meaning (stated_kind, statements, natures, items, economic_classes, needs) as (
        values
            ('revenue', array['revenue'], null::text[], null::text[], null::text[], null::text[]),
            ('revenue', array['revenue', 'carry_over'], null, array['opening', 'own'], null, null),
            (
                'revenue_total', array['revenue', 'carry_over'], null, array['opening', 'surplus_used', 'own'],
                null, null
            ),
            ('expenditure', array['expenditure'], null, null, null, null),
            ('expenditure', array['expenditure', 'carry_over'], null, array['closing', 'own'], null, null),
            (
                'expenditure_total', array['expenditure', 'carry_over'], null,
                array['closing', 'surplus_distributed', 'own'], null, null
            ),
            ('basic', array['expenditure'], array['basic'], null, null, array['nature']),
            ('project', array['expenditure'], array['project'], null, null, array['nature']),
            ('reserve', array['expenditure'], array['reserve'], null, null, array['nature']),
            ('operating', array['expenditure'], array['operating'], null, null, array['nature']),
            ('remitted', array['expenditure'], array['remitted'], null, null, array['nature']),
            ('subsidy', array['expenditure'], array['subsidy'], null, null, array['nature']),
            ('wages', array['expenditure'], null, null, array['301'], array['economic']),
            ('goods', array['expenditure'], null, null, array['302'], array['economic']),
            ('individuals', array['expenditure'], null, null, array['303'], array['economic']),
            ('basic_wages', array['expenditure'], array['basic'], null, array['301'], array['nature', 'economic']),
            ('basic_goods', array['expenditure'], array['basic'], null, array['302'], array['nature', 'economic']),
            (
                'basic_individuals', array['expenditure'], array['basic'], null, array['303'],
                array['nature', 'economic']
            ),
            (
                'project_wages', array['expenditure'], array['project'], null, array['301'],
                array['nature', 'economic']
            ),
            (
                'project_goods', array['expenditure'], array['project'], null, array['302'],
                array['nature', 'economic']
            ),
            (
                'project_individuals', array['expenditure'], array['project'], null, array['303'],
                array['nature', 'economic']
            ),
            ('staff', array['expenditure'], array['basic'], null, array['301', '303'], array['nature', 'economic']),
            (
                'public', array['expenditure'], array['basic'], null,
                array['302', '307', '309', '310', '311', '312', '313', '399'], array['nature', 'economic']
            ),
            ('function', array['expenditure'], null, null, null, null),
            ('opening', array['carry_over'], null, array['opening'], null, null),
            ('closing', array['carry_over'], null, array['closing'], null, null),
            ('surplus_used', array['carry_over'], null, array['surplus_used'], null, null),
            ('surplus_distributed', array['carry_over'], null, array['surplus_distributed'], null, null),
            ('three_public', array['three_public'], null, null, null, null),
            ('abroad', array['three_public'], null, array['abroad'], null, null),
            ('vehicle', array['three_public'], null, array['vehicle_purchase', 'vehicle_operation'], null, null),
            ('vehicle_purchase', array['three_public'], null, array['vehicle_purchase'], null, null),
            ('vehicle_operation', array['three_public'], null, array['vehicle_operation'], null, null),
            ('reception', array['three_public'], null, array['reception'], null, null),
            ('operating_cost', array['operating_cost'], null, null, null, null),
            ('procurement', array['procurement'], null, null, null, null),
            ('procurement_goods', array['procurement'], null, array['A'], null, null),
            ('procurement_works', array['procurement'], null, array['B'], null, null),
            ('procurement_services', array['procurement'], null, array['C'], null, null)
    ),

    -- which funds a qualifier may mean, and of what; '' stands for none
    scope (qualifier, meant_of, fund_patterns) as (
        values
            ('', 'anything', array['%']),
            -- only parts of spending may be meant of some funds without saying so
            ('', 'parts', array['1%']),
            ('', 'parts', array['11%', '181%', '171%']),
            -- 政府性基金预算支出12万元，其中：城乡社区支出12万元
            ('', 'functions', array['12%', '172%', '182%']),
            ('', 'functions', array['13%', '173%', '183%']),
            ('fiscal', 'anything', array['11%', '12%', '13%']),
            (
                'fiscal', 'anything',
                array['11%', '12%', '13%', '171%', '172%', '173%', '180%', '181%', '182%', '183%']
            ),
            ('fiscal', 'anything', array['1%']),
            ('general', 'anything', array['11%']),
            ('general', 'anything', array['11%', '171%', '181%']),
            ('government_fund', 'anything', array['12%']),
            ('government_fund', 'anything', array['12%', '172%', '182%']),
            ('state_capital', 'anything', array['13%']),
            ('state_capital', 'anything', array['13%', '173%', '183%']),
            ('special_account', 'anything', array['2%']),
            ('institution_income', 'anything', array['31%']),
            ('higher_subsidy', 'anything', array['32%']),
            ('subordinate_payment', 'anything', array['33%']),
            ('operating_income', 'anything', array['34%']),
            ('other_income', 'anything', array['39%'])
    ),

    -- functions by their names, as prose prints them: with half-width brackets
    function_name as (
        select
            code,
            translate(
                concat_ws(
                    '/', class_name, case when length(code) >= 5 then group_name end,
                    case when length(code) = 7 then subject_name end
                ),
                '（） ', '()'
            ) as names
        from budget.subject_of_year
        where scheme = 'functional'
            and fiscal_year = in_year
    ),

    fact as (
        select fact_no, stated_kind, coalesce(qualifier, '') as qualifier, measure, stated_amount
        from filed.stated_fact
        where division_code = of_division
            and fiscal_year = in_year
            and disclosure_id = of_disclosure
            and stated_fact.of_year = stated_fact.fiscal_year
    ),

    reading as (
        select
            fact.fact_no,
            fact.measure,
            fact.stated_amount,
            meaning.statements,
            meaning.natures,
            meaning.items,
            meaning.economic_classes,
            coalesce('nature' = any (meaning.needs), false) as needs_nature,
            coalesce('economic' = any (meaning.needs), false) as needs_economic,
            fact.stated_kind = 'function' as needs_function,
            fact.qualifier <> '' and fact.stated_kind <> 'function' as needs_fund,
            scope.meant_of,
            scope.fund_patterns,
            concat(meaning.statements, scope.fund_patterns) as reading,
            function_name.code as functional_code
        from fact
        inner join meaning
            on meaning.stated_kind = fact.stated_kind
        inner join scope
            on scope.qualifier = case when fact.stated_kind = 'function' then '' else fact.qualifier end
            and (
                scope.meant_of = 'anything'
                or fact.stated_kind = 'function'
                or scope.meant_of = 'parts'
                and ('nature' = any (meaning.needs) or 'economic' = any (meaning.needs))
            )
        left join function_name
            on fact.stated_kind = 'function'
            and function_name.names = fact.qualifier
        where fact.stated_kind <> 'function' or function_name.code is not null
    ),

    -- whose ledger is asked: the disclosure's own, and for changes that of the year before
    asked as (
        select of_disclosure as disclosure_id, in_year as fiscal_year, true as is_own

        union all

        select before.disclosure_id, before.fiscal_year, false
        from budget.disclosure as own
        inner join budget.counted_disclosure as before
            on before.division_code = own.division_code
            and before.fiscal_year = own.fiscal_year - 1
            and before.reporting_unit_code = own.reporting_unit_code
            and before.stage = own.stage
        where own.division_code = of_division
            and own.disclosure_id = of_disclosure
    ),

    -- what their forms show at all
    shown as materialized (
        select
            asked.disclosure_id,
            told.statement,
            bool_or(template.subject is not distinct from 'functional') as is_by_function
        from asked
        inner join internal.told_statement as told
            on told.division_code = of_division
            and told.fiscal_year = asked.fiscal_year
            and told.disclosure_id = asked.disclosure_id
        inner join meta.form_template as template
            on template.form_id = told.form_id
        group by asked.disclosure_id, told.statement
    ),

    line as materialized (
        select
            asked.disclosure_id,
            line.statement,
            coalesce(line.fund_code, '') as fund_code,
            line.nature,
            line.functional_code,
            left(line.department_economic_code, 3) as economic_class,
            line.item_code,
            line.amount,
            line.fund_code is not null and not 'fund_code' = any (line.allocated) as has_fund,
            line.nature is not null and not 'nature' = any (line.allocated) as has_nature,
            -- whichever line of a function was chosen, a form by function prints its sum
            line.functional_code is not null as has_function,
            line.department_economic_code is not null and not 'department_economic_class' = any (line.allocated)
                as has_economic
        from asked
        inner join budget.amount as line
            on line.division_code = of_division
            and line.fiscal_year = asked.fiscal_year
            and line.disclosure_id = asked.disclosure_id
    ),

    figure as (
        select
            reading.fact_no,
            reading.reading,
            reading.functional_code,
            asked.is_own,
            case when summed.is_certain then summed.amount end as amount
        from reading
        inner join asked
            on asked.is_own or reading.measure <> 'amount'
        inner join shown
            on shown.disclosure_id = asked.disclosure_id
            and shown.statement = reading.statements[1]
            and (shown.is_by_function or not reading.needs_function)
        cross join lateral (
            select
                coalesce(sum(line.amount) filter (
                    where line.fund_code like any (reading.fund_patterns)
                        and (
                            reading.functional_code is null
                            or line.functional_code like reading.functional_code || '%'
                        )
                        and (reading.economic_classes is null or line.economic_class = any (reading.economic_classes))
                ), 0) as amount,
                coalesce(bool_and(
                    (line.has_fund or not reading.needs_fund)
                    and (line.has_nature or not reading.needs_nature)
                    and (line.has_function or not reading.needs_function)
                    and (line.has_economic or not reading.needs_economic)
                ), true) as is_certain
            from line
            where line.disclosure_id = asked.disclosure_id
                and line.statement = any (reading.statements)
                and (reading.natures is null or line.nature is null or line.nature = any (reading.natures))
                and (
                    reading.items is null
                    or line.item_code = any (reading.items)
                    or ('own' = any (reading.items) and line.statement <> 'carry_over')
                )
        ) as summed
    ),

    candidate as (
        select
            reading.fact_no,
            reading.stated_amount,
            reading.meant_of,
            case reading.measure
                when 'amount' then own.amount
                when 'change' then own.amount - before.amount
                when 'change_rate' then round((own.amount - before.amount) / nullif(abs(before.amount), 0) * 100, 6)
            end as amount
        from reading
        inner join figure as own
            on own.fact_no = reading.fact_no
            and own.reading = reading.reading
            and own.functional_code is not distinct from reading.functional_code
            and own.is_own
        left join figure as before
            on before.fact_no = reading.fact_no
            and before.reading = reading.reading
            and before.functional_code is not distinct from reading.functional_code
            and not before.is_own
    ),

    nearest as (
        select distinct on (candidate.fact_no) candidate.fact_no, candidate.amount
        from candidate
        where candidate.amount is not null
            -- a function without money of government funds is not one of them
            and (candidate.amount <> 0 or candidate.meant_of <> 'functions')
        order by candidate.fact_no, abs(candidate.stated_amount - candidate.amount)
    )

    select
        stated.fact_no,
        stated.stated_kind,
        stated.qualifier,
        stated.stated_subject,
        stated.measure,
        stated.of_year,
        stated.stated_amount,
        stated.half_place,
        stated.printed_unit,
        stated.sentence,
        stated.place,
        stated.source_row,
        nearest.amount
    from filed.stated_fact as stated
    left join nearest
        on nearest.fact_no = stated.fact_no
    where stated.division_code = of_division
        and stated.fiscal_year = in_year
        and stated.disclosure_id = of_disclosure
        and stated.stated_kind is not null;
end
$$
