-- 公开涉及的台账内容：每份公开的报表说的是收入、支出、结转、“三公”还是专项资金
-- Which statements of the ledger the forms of a disclosure speak of, be it only to say that there is no such money
create view budget.stated_statement as
select
    form.division_code,
    form.fiscal_year,
    form.disclosure_id,
    spoken.statement
from filed.form as form
inner join (
    values
        ('revenue', array[1, 2, 6]),
        ('carry_over', array[1, 2, 6]),
        ('expenditure', array[1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20]),
        ('three_public', array[15]),
        ('special_fund', array[21])
) as spoken (statement, report_nos)
    on form.report_no = any(spoken.report_nos)
group by form.division_code, form.fiscal_year, form.disclosure_id, spoken.statement
