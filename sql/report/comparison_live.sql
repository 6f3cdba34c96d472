-- 公开数与还原数逐格比对（即时计算）：每份现行公开的每个单元格一行
-- Every cell that is filed or rebuilt, side by side. Forms 1 to 21 are compared figure by figure; the texts of
-- forms 22 and 23 word by word. Rules:
--   a blank counts as zero, and so do 无, / and dashes; two blanks, or a blank beside a zero, are no row;
--   a total may differ from the sum of its n parts by n + 1 halves of the last printed place: rounding;
--   a form that the disclosure lacks is not_filed, cell by cell.
create view report.comparison_live as
select
    disclosure.division_code,
    disclosure.fiscal_year,
    disclosure.reporting_unit_code,
    disclosure.disclosure_id,
    compared.report_no,
    compared.row_key,
    compared.row_label,
    compared.column_key,
    compared.column_label,
    compared.filed,
    compared.rebuilt,
    compared.difference,
    compared.tolerance,
    compared.status,
    compared.support,
    compared.filed_text,
    compared.rebuilt_text
from budget.disclosure as disclosure
cross join lateral (
    with published as materialized (
        select
            cell.report_no,
            cell.row_key,
            cell.row_label,
            cell.column_key,
            cell.column_label,
            -- the lists of forms 1 and 6 have no columns in the templates: all that is keyed in them is money
            cell.column_key is not null and coalesce(form_column.role = 'money', true) as is_figure,
            cell.report_no in (22, 23) and coalesce(form_column.role in ('name', 'text'), false) as is_word,
            cell.amount,
            case when cell.amount is null then cell.cell_text end as other_text,
            case when cell.part_count > 0 then (cell.part_count + 1) * cell.half_place else 0 end as tolerance,
            cell.support,
            cell.cell_text
        from filed.cell as cell
        left join meta.form_column as form_column
            on form_column.report_no = cell.report_no
            and form_column.column_key = cell.column_key
        where cell.disclosure_id = disclosure.disclosure_id
            and cell.division_code = disclosure.division_code
            and cell.fiscal_year = disclosure.fiscal_year
            and cell.report_no is not null
            and cell.row_key is not null
    ),

    published_row as (
        select distinct report_no, row_key
        from published
    ),

    -- form 22 is a form a project
    published_form as (
        select distinct form.report_no, case when form.report_no = 22 then form.subject_key end as subject_key
        from filed.form as form
        where form.disclosure_id = disclosure.disclosure_id
            and form.division_code = disclosure.division_code
            and form.fiscal_year = disclosure.fiscal_year
    ),

    published_figure as (
        select
            report_no, row_key, row_label, column_key, column_label, amount, tolerance, support,
            -- 无, / and dashes say that there is nothing
            case when other_text !~ '^[\s　]*(无|/|\\|[-‐‑‒–—―−─－_]+)?[\s　]*$' then other_text end as other_text
        from published
        where is_figure
    ),

    rebuilt_figure as (
        select report_no, row_key, row_label, column_key, is_leaf, is_printed, amount
        from report.every_cell
        where every_cell.disclosure_id = disclosure.disclosure_id
            and every_cell.division_code = disclosure.division_code
            and every_cell.fiscal_year = disclosure.fiscal_year
            and every_cell.reporting_unit_code = disclosure.reporting_unit_code
    ),

    rebuilt_word as materialized (
        select report_no, row_key, column_key, rebuilt_text, rebuilt
        from report.rebuilt_text
        where rebuilt_text.disclosure_id = disclosure.disclosure_id
            and rebuilt_text.division_code = disclosure.division_code
            and rebuilt_text.fiscal_year = disclosure.fiscal_year
            and rebuilt_text.reporting_unit_code = disclosure.reporting_unit_code
    ),

    figure as (
        select
            report_no,
            row_key,
            coalesce(published_figure.row_label, rebuilt_figure.row_label) as row_label,
            column_key,
            published_figure.column_label,
            published_figure.amount as filed,
            published_figure.other_text,
            published_figure.tolerance,
            published_figure.support,
            published_figure.report_no is not null as is_published,
            rebuilt_figure.amount as rebuilt,
            rebuilt_figure.is_printed,
            rebuilt_figure.is_printed and rebuilt_figure.is_leaf as is_leaf,
            coalesce(published_figure.amount, 0) - coalesce(rebuilt_figure.amount, 0) as difference
        from published_figure
        full join rebuilt_figure using (report_no, row_key, column_key)
    )

    select
        figure.report_no,
        figure.row_key,
        figure.row_label,
        figure.column_key,
        coalesce(figure.column_label, form_column.column_label, figure.column_key) as column_label,
        figure.filed,
        -- beside a filed figure, no line of the ledger is a zero
        case when figure.filed is not null then coalesce(figure.rebuilt, 0) else figure.rebuilt end as rebuilt,
        case
            when published_form.report_no is not null and figure.other_text is null then figure.difference
        end as difference,
        case when published_form.report_no is not null then coalesce(figure.tolerance, 0) end as tolerance,
        case
            when published_form.report_no is null then 'not_filed'
            when figure.other_text is not null then 'differs'
            when figure.difference = 0 then 'equal'
            when abs(figure.difference) <= figure.tolerance then 'rounding'
            else 'differs'
        end as status,
        case when figure.is_published then figure.support else 'other_form' end as support,
        figure.other_text as filed_text,
        null as rebuilt_text
    from figure
    left join meta.form_column as form_column
        on form_column.report_no = figure.report_no
        and form_column.column_key = figure.column_key
    left join published_form
        on published_form.report_no = figure.report_no
        and (figure.report_no <> 22 or published_form.subject_key = figure.row_key)
    left join published_row
        on published_row.report_no = figure.report_no
        and published_row.row_key = figure.row_key
    where figure.filed is not null
        or figure.other_text is not null
        or (published_form.report_no is null and figure.is_printed)
        -- blank in a filed form: rows that are only sums of others may be missing
        or (figure.rebuilt <> 0 and (figure.is_leaf or published_row.report_no is not null))

    union all

    select
        published.report_no,
        published.row_key,
        published.row_label,
        published.column_key,
        published.column_label,
        number.filed,
        word.rebuilt,
        number.filed - word.rebuilt,
        case when word.rebuilt is not null then 0 end,
        case when plain.filed is not distinct from plain.rebuilt then 'equal' else 'differs' end,
        published.support,
        published.cell_text,
        word.rebuilt_text
    from published
    left join rebuilt_word as word
        on word.report_no = published.report_no
        and word.row_key = published.row_key
        and word.column_key = published.column_key
    cross join lateral (
        -- without white space; a slash or dash alone is a blank
        select
            nullif(nullif(regexp_replace(published.cell_text, '[\s　]+', '', 'g'), '/'), '-') as filed,
            nullif(nullif(regexp_replace(word.rebuilt_text, '[\s　]+', '', 'g'), '/'), '-') as rebuilt
    ) as plain
    cross join lateral (
        select case
            when word.rebuilt is not null
                then substring(replace(published.cell_text, ',', '') from '-?[0-9]*\.?[0-9]+')::numeric
        end as filed
    ) as number
    where published.is_word
) as compared
where disclosure.is_current
