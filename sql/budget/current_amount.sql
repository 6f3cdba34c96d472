-- 现行台账：只取现行公开；部门文件与所属单位文件重叠时每笔金额只计一次
-- The ledger of current disclosures, each yuan counted once: without the parts that another document covers, as
-- budget.settle_overlap finds whenever a disclosure comes or goes. A disclosure's number tells its year: joining by
-- both would let the planner expect a fraction of the rows. A line is in dispute if the comparison says that the cell it
-- rests on differs, or if it is a remainder, which only balances forms.
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
    line.source_column_no,
    disputed.disclosure_id is not null or (line.basis = 'remainder' and not line.is_rounding) as is_disputed
from budget.counted_disclosure as disclosure
inner join budget.amount as line
    on line.disclosure_id = disclosure.disclosure_id
    and line.division_code = disclosure.division_code
left join internal.disputed_cell as disputed
    on disputed.division_code = line.division_code
    and disputed.fiscal_year = line.fiscal_year
    and disputed.disclosure_id = line.disclosure_id
    and disputed.form_no = line.source_form_no
    and disputed.row_no = line.source_row_no
    and disputed.column_no = line.source_column_no
where not exists (
    select
    from budget.covered_part as covered
    where covered.disclosure_id = line.disclosure_id
        and covered.division_code = line.division_code
        and covered.unit_code = line.unit_code
        and covered.statement = line.statement
)
