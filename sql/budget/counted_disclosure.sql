-- 计入汇总的公开：现行版本；几个版本同时现行时取单元格最多的一个
-- The disclosures that count: of several current revisions of a unit, year and stage the one with most cells
create view budget.counted_disclosure as
select distinct on (division_code, fiscal_year, reporting_unit_code, stage)
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage
from budget.disclosure
where is_current
order by division_code, fiscal_year, reporting_unit_code, stage, cell_count desc, content_hash
