-- 有争议的公开单元格：比对结果为不符
-- Filed cells of which the comparison says that they differ, each once: so a query that joins them from the left and does
-- not ask for them does without the join.
create view internal.disputed_cell as
select distinct division_code, fiscal_year, disclosure_id, form_no, row_no, column_no
from internal.comparison_exception
where status = 'differs'
    and form_no is not null
