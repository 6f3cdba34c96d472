-- 缺少的单位：上年有而本年没有的单位（已更名、合并、划转、分立的看其承接单位）
-- Units that the year before had and this year, of which something is loaded, has not: those that filed then and do
-- not now, and those that no disclosure names any more. Where the succession table says what became of a unit, its
-- successors are expected. Only budgets name units, and one filed under a provisional code is expected under the official
-- one, if that is known.
create view report.missing_unit as
with year as (
    select distinct division_code, fiscal_year
    from budget.counted_disclosure
    where stage = 'budget'
),

-- a final account says nothing of the budgets to come, and names units otherwise
named_unit as (
    select
        named.division_code,
        named.fiscal_year,
        named.unit_code,
        bool_and(disclosure.stage = 'final') as only_by_final
    from filed.unit as named
    inner join budget.disclosure as disclosure
        on disclosure.division_code = named.division_code
        and disclosure.fiscal_year = named.fiscal_year
        and disclosure.disclosure_id = named.disclosure_id
    where disclosure.is_current
    group by named.division_code, named.fiscal_year, named.unit_code
),

expected as (
    select
        year.division_code,
        year.fiscal_year,
        coalesce(succession.new_unit_code, alias.unit_code, unit.unit_code) as unit_code,
        unit.unit_code as former_unit_code,
        unit.unit_name as former_unit_name,
        unit.department_code,
        exists (
            select
            from budget.counted_disclosure as own
            where own.division_code = unit.division_code
                and own.fiscal_year = unit.fiscal_year
                and own.reporting_unit_code = unit.unit_code
                and own.stage = 'budget'
        ) as had_filed
    from year
    inner join budget.unit as unit
        on unit.division_code = year.division_code
        and unit.fiscal_year = year.fiscal_year - 1
    left join budget.unit_succession as succession
        on succession.division_code = year.division_code
        and succession.from_year = year.fiscal_year
        and succession.old_unit_code = unit.unit_code
    left join budget.unit_alias as alias
        on alias.division_code = year.division_code
        and alias.provisional_code = unit.unit_code
    left join named_unit
        on named_unit.division_code = unit.division_code
        and named_unit.fiscal_year = unit.fiscal_year
        and named_unit.unit_code = unit.unit_code
    where named_unit.only_by_final is not true
)

select
    expected.division_code,
    expected.fiscal_year,
    expected.unit_code,
    expected.former_unit_code,
    expected.former_unit_name,
    expected.department_code,
    expected.had_filed,
    named.unit_code is not null as is_named
from expected
left join budget.unit as named
    on named.division_code = expected.division_code
    and named.fiscal_year = expected.fiscal_year
    and named.unit_code = expected.unit_code
where (expected.had_filed or named.unit_code is null)
    and not exists (
        select
        from budget.counted_disclosure as own
        where own.division_code = expected.division_code
            and own.fiscal_year = expected.fiscal_year
            and own.reporting_unit_code = expected.unit_code
            and own.stage = 'budget'
    )
