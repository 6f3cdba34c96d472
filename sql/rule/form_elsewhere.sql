-- 与其他报表矛盾的报表在其他公开中的同一报表：相同的数有多少
-- Forms that contradict the others of their document beside the same form of other disclosures: of the year before and of
-- earlier revisions of the same unit, and of the other units of the year. How many figures both print, how many of them
-- are the same, and how alike the forms are: the share of the same figures, among all that both print or among those that
-- the ledger does not bear out, whichever is less. Of the latter the same have to be borne out there: an error that is
-- printed again comes from nowhere else. Of a revision that is superseded no comparison is kept, so there the loader
-- must have found no error in the form. Rows of the unit that files are compared with those of the other one that files,
-- whichever of both codes a copied form carries.
create view rule.form_elsewhere as
select
    form.division_code,
    form.fiscal_year,
    form.disclosure_id,
    form.reporting_unit_code,
    form.stage,
    form.form_id,
    other.fiscal_year as of_year,
    other.disclosure_id as of_disclosure_id,
    other.reporting_unit_code as of_unit_code,
    other.reporting_unit_name as of_unit_name,
    other.revision as of_revision,
    figures.printed_by_both,
    figures.same,
    least(
        figures.same::numeric / figures.printed_by_both, figures.differing_same::numeric / figures.differing
    ) as likeness
from rule.contradicting_form as form
inner join budget.disclosure as other
    on other.division_code = form.division_code
    and other.stage = form.stage
    and case
        when other.reporting_unit_code <> form.reporting_unit_code
            then other.is_current and other.fiscal_year = form.fiscal_year
        else other.fiscal_year = form.fiscal_year - 1
            or (other.fiscal_year = form.fiscal_year and other.revision < form.revision)
    end
    and (
        other.is_current
        or not exists (
            select
            from meta.finding as error
            inner join meta.finding_kind as known
                on known.kind = error.kind
                and known.severity = 'error'
            where error.disclosure_id = other.disclosure_id
                and error.division_code = other.division_code
                and error.fiscal_year = other.fiscal_year
                and error.form_id = form.form_id
        )
    )
cross join lateral (
    select
        count(*) as printed_by_both,
        count(*) filter (where own.amount = beside.amount) as same,
        count(exception.row_key) as differing,
        count(exception.row_key) filter (where own.amount = beside.amount and error_beside.row_key is null)
            as differing_same
    from filed.cell as own
    inner join meta.form_column as form_column
        on form_column.form_id = own.form_id
        and form_column.column_key = own.column_key
        and form_column.role = 'money'
    inner join filed.cell as beside
        on beside.column_key = own.column_key
        and beside.row_key = case
            when split_part(own.row_key, '/', 1) in (form.reporting_unit_code, other.reporting_unit_code)
                then other.reporting_unit_code || substr(own.row_key, length(split_part(own.row_key, '/', 1)) + 1)
            else own.row_key
        end
    left join internal.comparison_exception as exception
        on exception.disclosure_id = form.disclosure_id
        and exception.division_code = form.division_code
        and exception.fiscal_year = form.fiscal_year
        and exception.form_id = form.form_id
        and exception.row_key = own.row_key
        and exception.column_key = own.column_key
        and exception.status = 'differs'
    left join internal.comparison_exception as error_beside
        on error_beside.disclosure_id = other.disclosure_id
        and error_beside.division_code = other.division_code
        and error_beside.fiscal_year = other.fiscal_year
        and error_beside.form_id = form.form_id
        and error_beside.row_key = beside.row_key
        and error_beside.column_key = beside.column_key
        and error_beside.status = 'differs'
    -- by the number of the form, which the index knows
    where own.disclosure_id = form.disclosure_id
        and own.division_code = form.division_code
        and own.fiscal_year = form.fiscal_year
        and own.form_no = any (array(
            select printed.form_no
            from filed.form as printed
            where printed.disclosure_id = form.disclosure_id
                and printed.division_code = form.division_code
                and printed.fiscal_year = form.fiscal_year
                and printed.form_id = form.form_id
        ))
        and own.amount <> 0
        and beside.disclosure_id = other.disclosure_id
        and beside.division_code = other.division_code
        and beside.fiscal_year = other.fiscal_year
        and beside.form_no = any (array(
            select printed.form_no
            from filed.form as printed
            where printed.disclosure_id = other.disclosure_id
                and printed.division_code = other.division_code
                and printed.fiscal_year = other.fiscal_year
                and printed.form_id = form.form_id
        ))
        and beside.amount is not null
) as figures
where figures.printed_by_both >= 4
    and figures.differing > 0
