-- 部门含所属单位：部门公开的支出应容得下所属单位自己公开的支出；容不下的，多半只是本级的数
-- Documents that state the money of a department as a whole, as final accounts do: whether the spending of its units' own
-- documents fits in there. Which does not is settled by budget.settle_overlap: such a unit's document counts beside that
-- of the department. The figure is the department's spending, expected is at least that of the units.
create view rule.held_account as
with whole as (
    select
        document.division_code,
        document.fiscal_year,
        document.disclosure_id,
        document.reporting_unit_code,
        document.stage,
        spent.amount
    from budget.counted_disclosure as document
    cross join lateral (
        select sum(line.amount) as amount
        from budget.amount as line
        where line.division_code = document.division_code
            and line.fiscal_year = document.fiscal_year
            and line.disclosure_id = document.disclosure_id
            and line.unit_code = document.reporting_unit_code
            and line.statement = 'expenditure'
            and not line.is_rounding
    ) as spent
    where spent.amount is not null
),

part as (
    select
        whole.division_code,
        whole.fiscal_year,
        whole.disclosure_id,
        whole.reporting_unit_code,
        whole.stage,
        whole.amount,
        unit.unit_code,
        spent.amount as part_amount,
        covered.disclosure_id is not null as is_held
    from whole
    inner join budget.unit as unit
        on unit.division_code = whole.division_code
        and unit.fiscal_year = whole.fiscal_year
        and unit.department_code = whole.reporting_unit_code
        and not unit.is_department
    inner join budget.counted_disclosure as own
        on own.division_code = unit.division_code
        and own.fiscal_year = unit.fiscal_year
        and own.reporting_unit_code = unit.unit_code
        and own.stage = whole.stage
    left join budget.covered_part as covered
        on covered.division_code = own.division_code
        and covered.fiscal_year = own.fiscal_year
        and covered.disclosure_id = own.disclosure_id
        and covered.unit_code = own.reporting_unit_code
        and covered.statement = 'expenditure'
    cross join lateral (
        select sum(line.amount) as amount
        from budget.amount as line
        where line.division_code = own.division_code
            and line.fiscal_year = own.fiscal_year
            and line.disclosure_id = own.disclosure_id
            and line.unit_code = own.reporting_unit_code
            and line.statement = 'expenditure'
    ) as spent
    -- a document that names units holds no others
    where spent.amount is not null
        and not exists (
            select
            from filed.unit as named
            where named.division_code = whole.division_code
                and named.fiscal_year = whole.fiscal_year
                and named.disclosure_id = whole.disclosure_id
                and named.unit_code <> whole.reporting_unit_code
            having count(*) > 0
                and count(*) filter (where named.unit_code = unit.unit_code) = 0
        )
)

select
    'held_account' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    null::text as form_id,
    'expenditure' as row_key,
    '支出合计' as row_label,
    null::text as column_key,
    null::text as column_label,
    amount as figure,
    sum(part_amount) as expected,
    null::text as figure_text,
    null::text as expected_text,
    coalesce(
        '未含 / without ' || string_agg(unit_code, '、' order by unit_code) filter (where not is_held),
        format('%s 个单位 / units', count(*))
    ) as compared_with,
    null::numeric as difference,
    null::numeric as tolerance,
    bool_and(is_held) as passed
from part
group by division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, amount
