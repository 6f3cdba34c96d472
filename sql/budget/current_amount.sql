-- 现行台账：只取现行公开；部门文件与所属单位文件重叠时每笔金额只计一次
-- The ledger of current disclosures, each yuan counted once: where a department's document and a unit's own
-- report the same unit, the unit's own counts. One exception: money that the department's document states for
-- the department as a whole cannot be told apart by unit, so it covers that statement of all units in there.
create view budget.current_amount as
select
    line.division_code,
    line.fiscal_year,
    line.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage,
    line.line_no,
    line.unit_code,
    line.statement,
    line.fund_code,
    line.nature,
    line.functional_code,
    line.department_economic_code,
    line.government_economic_code,
    line.item_code,
    line.project_id,
    line.amount,
    line.basis,
    line.allocated,
    line.is_rounding,
    line.source_form_no,
    line.source_row_no,
    line.source_column_no
from budget.counted_disclosure as disclosure
inner join budget.amount as line
    on line.disclosure_id = disclosure.disclosure_id
    and line.division_code = disclosure.division_code
    and line.fiscal_year = disclosure.fiscal_year
left join budget.unit as unit
    on unit.division_code = line.division_code
    and unit.fiscal_year = line.fiscal_year
    and unit.unit_code = line.unit_code
cross join lateral (
    select coalesce(unit.department_code, left(line.unit_code, 3)) as department_code
) as department
-- another document, of the unit itself
left join budget.counted_disclosure as own
    on own.division_code = disclosure.division_code
    and own.fiscal_year = disclosure.fiscal_year
    and own.stage = disclosure.stage
    and own.reporting_unit_code = line.unit_code
    and own.reporting_unit_code <> disclosure.reporting_unit_code
-- another document, of the unit's department
left join budget.counted_disclosure as whole
    on whole.division_code = disclosure.division_code
    and whole.fiscal_year = disclosure.fiscal_year
    and whole.stage = disclosure.stage
    and whole.reporting_unit_code = department.department_code
    and whole.reporting_unit_code <> disclosure.reporting_unit_code
where case
    when own.disclosure_id is null then true
    else exists (
        select
        from budget.amount as undivided
        where undivided.disclosure_id = disclosure.disclosure_id
            and undivided.division_code = disclosure.division_code
            and undivided.fiscal_year = disclosure.fiscal_year
            and undivided.unit_code = disclosure.reporting_unit_code
            and undivided.unit_code = department.department_code
            and undivided.statement = line.statement
    )
end
and case
    when whole.disclosure_id is null then true
    else not exists (
        select
        from budget.amount as reported
        where reported.disclosure_id = whole.disclosure_id
            and reported.division_code = whole.division_code
            and reported.fiscal_year = whole.fiscal_year
            and reported.unit_code = line.unit_code
            and line.unit_code <> whole.reporting_unit_code
            and (
                line.unit_code <> disclosure.reporting_unit_code
                or exists (
                    select
                    from budget.amount as undivided
                    where undivided.disclosure_id = whole.disclosure_id
                        and undivided.division_code = whole.division_code
                        and undivided.fiscal_year = whole.fiscal_year
                        and undivided.unit_code = whole.reporting_unit_code
                        and undivided.statement = line.statement
                )
            )
    )
end
