-- 现行台账：只取现行公开；部门文件与所属单位文件重叠时每笔金额只计一次
-- The ledger of current disclosures, each yuan counted once, statement by statement:
--   of a unit's own document and one that names it, the unit's own counts, if its forms speak of the statement;
--   without a document of its own, the department's counts before that of another unit;
--   money that the department's document states for the department as a whole cannot be told apart by unit, so
--   it covers that statement of all units in there (of all units, where it names none).
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
    and whole.reporting_unit_code = left(line.unit_code, 3)
    and whole.reporting_unit_code <> disclosure.reporting_unit_code
where case
    -- the unit's own document, unless the department's covers it
    when disclosure.reporting_unit_code = line.unit_code then
        whole.disclosure_id is null
        or not exists (
            select
            from budget.amount as undivided
            where undivided.disclosure_id = whole.disclosure_id
                and undivided.division_code = whole.division_code
                and undivided.fiscal_year = whole.fiscal_year
                and undivided.unit_code = whole.reporting_unit_code
                and undivided.statement = line.statement
                and not undivided.is_rounding
        )
        or not (
            exists (
                select
                from filed.unit as named
                where named.disclosure_id = whole.disclosure_id
                    and named.division_code = whole.division_code
                    and named.fiscal_year = whole.fiscal_year
                    and named.unit_code = line.unit_code
            )
            or not exists (
                select
                from filed.unit as named
                where named.disclosure_id = whole.disclosure_id
                    and named.division_code = whole.division_code
                    and named.fiscal_year = whole.fiscal_year
                    and length(named.unit_code) > 3
            )
        )
    -- the department's document, unless the unit's own speaks of it
    when disclosure.reporting_unit_code = left(line.unit_code, 3) then
        own.disclosure_id is null
        or exists (
            select
            from budget.amount as undivided
            where undivided.disclosure_id = disclosure.disclosure_id
                and undivided.division_code = disclosure.division_code
                and undivided.fiscal_year = disclosure.fiscal_year
                and undivided.unit_code = disclosure.reporting_unit_code
                and undivided.statement = line.statement
                and not undivided.is_rounding
        )
        or not exists (
            select
            from budget.stated_statement as stated
            where stated.disclosure_id = own.disclosure_id
                and stated.division_code = own.division_code
                and stated.fiscal_year = own.fiscal_year
                and stated.statement = line.statement
        )
    -- the document of another unit, unless one of them speaks of it
    else not exists (
        select
        from budget.stated_statement as stated
        where stated.disclosure_id = own.disclosure_id
            and stated.division_code = own.division_code
            and stated.fiscal_year = own.fiscal_year
            and stated.statement = line.statement
    )
    and not exists (
        select
        from filed.unit as named
        where named.disclosure_id = whole.disclosure_id
            and named.division_code = whole.division_code
            and named.fiscal_year = whole.fiscal_year
            and named.unit_code = line.unit_code
    )
end
