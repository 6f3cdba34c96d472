-- 事实表各行：现行预算台账中计入汇总的行（存储于 internal.stored_fact），附是否有争议
-- The lines that the facts of mart show, each yuan once, as they are stored. A line is in dispute if the comparison says
-- that the cell it rests on differs, or if it is a remainder, which only balances forms.
create view internal.fact as
select
    fact.division_code,
    fact.fiscal_year,
    make_date(fact.fiscal_year, 1, 1) as fiscal_year_date,
    'budget' as stage,
    fact.disclosure_id,
    fact.reporting_unit_code,
    fact.line_no,
    fact.unit_code,
    fact.is_unit_allocated,
    fact.statement,
    fact.fund_code,
    fact.fund_class,
    fact.nature,
    fact.is_nature_allocated,
    fact.functional_code,
    fact.functional_class,
    fact.is_function_allocated,
    fact.department_economic_code,
    fact.department_economic_class,
    fact.government_economic_code,
    fact.government_economic_class,
    fact.item_code,
    fact.project_id,
    fact.amount,
    fact.basis,
    fact.source_form_no,
    fact.source_row_no,
    fact.source_column_no,
    fact.is_remainder or disputed.disclosure_id is not null as is_disputed
from internal.stored_fact as fact
left join internal.disputed_cell as disputed
    on disputed.division_code = fact.division_code
    and disputed.fiscal_year = fact.fiscal_year
    and disputed.disclosure_id = fact.disclosure_id
    and disputed.form_no = fact.source_form_no
    and disputed.row_no = fact.source_row_no
    and disputed.column_no = fact.source_column_no
