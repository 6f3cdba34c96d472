-- 计入汇总的公开：现行版本；几个版本同时现行时取单元格最多的一个
-- The disclosures that count: of several current revisions of a unit, year and stage the one with most cells. One under
-- a provisional code does not if the unit has one of that year and stage under its official code. Written as "no better
-- one is current" because the planner can tell how many rows that gives
create view budget.counted_disclosure as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.disclosure_id,
    disclosure.reporting_unit_code,
    disclosure.stage
from budget.disclosure as disclosure
where disclosure.is_current
    and not exists (
        select
        from budget.disclosure as better
        where better.division_code = disclosure.division_code
            and better.fiscal_year = disclosure.fiscal_year
            and better.reporting_unit_code = disclosure.reporting_unit_code
            and better.stage = disclosure.stage
            and better.is_current
            and (-better.cell_count, better.content_hash) < (-disclosure.cell_count, disclosure.content_hash)
    )
    and not exists (
        select
        from budget.unit_alias as alias
        inner join budget.disclosure as coded
            on coded.division_code = alias.division_code
            and coded.reporting_unit_code = alias.unit_code
        where alias.division_code = disclosure.division_code
            and alias.provisional_code = disclosure.reporting_unit_code
            and coded.fiscal_year = disclosure.fiscal_year
            and coded.stage = disclosure.stage
            and coded.is_current
    )
