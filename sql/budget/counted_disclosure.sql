-- 计入汇总的公开：现行版本；几个版本同时现行时取单元格最多的一个
-- The disclosures that count: of several current revisions of a unit, year and stage the one with most cells
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
        from budget.disclosure as rival
        where rival.division_code = disclosure.division_code
            and rival.fiscal_year = disclosure.fiscal_year
            and rival.reporting_unit_code = disclosure.reporting_unit_code
            and rival.stage = disclosure.stage
            and rival.is_current
            and (
                rival.cell_count > disclosure.cell_count
                or (rival.cell_count = disclosure.cell_count and rival.content_hash < disclosure.content_hash)
            )
    )
