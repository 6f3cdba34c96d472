-- 决算与预算：决算的“三公”经费不超预算，支出总额与预算相差不超过20%（界限为本项目自定）
-- Final accounts: spending on each 三公 item stays within the budget, and spending in all is within a fifth of it: beyond
-- that it wants an explanation (the limit is ours). Budget and final account of a unit are matched by its code, or if no
-- budget has it by its name, since final accounts print no codes: a department may have the name of one of its units.
create view rule.final_account as
with spent as (
    select
        final.division_code,
        final.fiscal_year,
        final.disclosure_id,
        final.reporting_unit_code,
        final.stage,
        line.statement,
        line.item_code,
        line.stage as of_stage,
        sum(line.amount) as amount
    from budget.disclosure as final
    inner join budget.disclosure as told
        on told.division_code = final.division_code
        and told.fiscal_year = final.fiscal_year
        and (
            told.reporting_unit_code = final.reporting_unit_code
            or (
                told.reporting_unit_name = final.reporting_unit_name
                and not exists (
                    select
                    from budget.disclosure as own
                    where own.division_code = final.division_code
                        and own.fiscal_year = final.fiscal_year
                        and own.reporting_unit_code = final.reporting_unit_code
                        and own.stage = 'budget'
                        and own.is_current
                )
                -- it may be of either of two departments' offices of one name
                and not exists (
                    select
                    from budget.disclosure as namesake
                    where namesake.division_code = told.division_code
                        and namesake.fiscal_year = told.fiscal_year
                        and namesake.reporting_unit_name = told.reporting_unit_name
                        and namesake.stage = 'budget'
                        and namesake.is_current
                        and left(namesake.reporting_unit_code, 3) <> left(told.reporting_unit_code, 3)
                )
            )
        )
    inner join budget.counted_disclosure as counted
        on counted.disclosure_id = told.disclosure_id
        and counted.division_code = told.division_code
        and counted.fiscal_year = told.fiscal_year
    cross join lateral (
        select
            amount.statement,
            case when amount.statement = 'three_public' then amount.item_code end as item_code,
            told.stage,
            sum(amount.amount) as amount
        from budget.amount as amount
        where amount.disclosure_id = told.disclosure_id
            and amount.division_code = told.division_code
            and amount.fiscal_year = told.fiscal_year
            and amount.statement in ('expenditure', 'three_public')
            -- what a unit spends beside the account of its department was not planned for that account
            and not exists (
                select
                from budget.counted_disclosure as beside
                where beside.division_code = final.division_code
                    and beside.fiscal_year = final.fiscal_year
                    and beside.reporting_unit_code = amount.unit_code
                    and beside.stage = 'final'
                    and beside.disclosure_id <> final.disclosure_id
                    and not exists (
                        select
                        from budget.covered_part as covered
                        where covered.division_code = beside.division_code
                            and covered.fiscal_year = beside.fiscal_year
                            and covered.disclosure_id = beside.disclosure_id
                            and covered.unit_code = amount.unit_code
                            and covered.statement = 'expenditure'
                    )
            )
        group by 1, 2
    ) as line
    where final.stage = 'final'
        and (told.stage = 'budget' or told.disclosure_id = final.disclosure_id)
    group by
        final.division_code, final.fiscal_year, final.disclosure_id, final.reporting_unit_code, final.stage,
        line.statement, line.item_code, line.stage
),

compared as (
    select
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        stage,
        statement,
        item_code,
        sum(amount) filter (where of_stage = 'final') as figure,
        sum(amount) filter (where of_stage = 'budget') as expected,
        bool_or(bool_or(of_stage = 'budget')) over (
            partition by division_code, fiscal_year, disclosure_id, statement
        ) as has_budget
    from spent
    group by
        division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, statement, item_code
)

select
    'final_account' as rule,
    compared.division_code,
    compared.fiscal_year,
    compared.disclosure_id,
    compared.reporting_unit_code,
    compared.stage,
    null::text as form_id,
    coalesce(compared.item_code, compared.statement) as row_key,
    coalesce(subject.subject_name, '支出合计') as row_label,
    null::text as column_key,
    null::text as column_label,
    compared.figure,
    coalesce(compared.expected, 0) as expected,
    null::text as figure_text,
    null::text as expected_text,
    'budget' as compared_with,
    compared.figure - coalesce(compared.expected, 0) as difference,
    case compared.statement when 'expenditure' then round(abs(compared.expected) / 5, 2) else 0 end as tolerance,
    case compared.statement
        when 'expenditure'
            then abs(compared.figure - compared.expected) <= round(abs(compared.expected) / 5, 2)
        else compared.figure <= coalesce(compared.expected, 0)
    end as passed
from compared
left join budget.subject as subject
    on subject.scheme = 'item'
    and subject.code = compared.item_code
where compared.has_budget
    and compared.figure is not null
