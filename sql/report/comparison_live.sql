-- 公开数与还原数逐格比对（即时计算）：每份现行公开的每个单元格一行
-- Filed and rebuilt cells side by side: all figures, and the texts of forms 22 and 23. The rules:
--   a blank counts as zero, and so do 无, / and dashes; no row where neither side says more;
--   a total may differ from the sum of its n parts by n + 1 halves of the last printed place: rounding;
--   rows and columns that are only sums of others may be missing from a form;
--   a form, or a whole list of forms 1 and 6, that the disclosure lacks is not_filed, cell by cell.
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
            -- the lists of forms 1 and 6 are no columns of a template: what is keyed in them is money
            cell.column_key is not null and coalesce(form_column.role = 'money', true) as is_figure,
            cell.report_no in (22, 23) and coalesce(form_column.role in ('name', 'text'), false) as is_word,
            cell.amount,
            case
                when cell.part_count > 0 then (cell.part_count + 1) * cell.half_place
                else 0
            end as tolerance,
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

    published_column as (
        select distinct report_no, column_key
        from published
        where is_figure
    ),

    published_form as (
        select form.report_no, form.subject_key
        from filed.form as form
        where form.disclosure_id = disclosure.disclosure_id
            and form.division_code = disclosure.division_code
            and form.fiscal_year = disclosure.fiscal_year
            and form.report_no is not null
    ),

    -- form 22 is a form a project
    published_project as (
        select subject_key
        from published_form
        where report_no = 22
            and subject_key is not null
    ),

    published_figure as (
        select
            report_no, row_key, row_label, column_key, column_label, amount, tolerance, support,
            case when amount is null then cell_text end as words,
            -- words in the place of a figure, other than 无, / and dashes
            amount is null and cell_text <> '' and cell_text !~ '^[\s　]*(无|/|\\|[-‐‑‒–—―−─－_]+)?[\s　]*$' as is_unread
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

    figure as (
        select
            report_no,
            row_key,
            coalesce(published_figure.row_label, rebuilt_figure.row_label) as row_label,
            column_key,
            published_figure.column_label,
            published_figure.amount as filed,
            published_figure.words,
            coalesce(published_figure.is_unread, false) as is_unread,
            published_figure.tolerance,
            published_figure.support,
            published_figure.report_no is not null as is_published,
            rebuilt_figure.amount as rebuilt,
            rebuilt_figure.is_printed,
            rebuilt_figure.is_printed and rebuilt_figure.is_leaf as is_leaf_row,
            coalesce(published_figure.amount, 0) - coalesce(rebuilt_figure.amount, 0) as difference
        from published_figure
        full join rebuilt_figure using (report_no, row_key, column_key)
    ),

    placed_figure as (
        select
            figure.report_no,
            figure.row_key,
            figure.row_label,
            figure.column_key,
            coalesce(
                figure.column_label,
                form_column.column_label,
                case figure.column_key
                    when 'revenue' then '收入-项目-预算数'
                    when 'function'
                        then case figure.report_no when 1 then '支出-项目（按功能分类）-预算数' else '支出-项目-预算数' end
                    when 'department_economic' then '支出-项目（按部门预算经济分类）-预算数'
                    when 'government_economic' then '支出-项目（按政府预算经济分类）-预算数'
                end
            ) as column_label,
            figure.filed,
            figure.words,
            figure.is_unread,
            figure.tolerance,
            figure.support,
            figure.is_published,
            figure.rebuilt,
            figure.is_printed,
            figure.difference,
            -- the form is published: a cell of it, or else the form, and in forms 1 and 6 the list
            (figure.is_published and figure.report_no <> 22)
            or case
                when figure.report_no = 22 then figure.row_key in (select subject_key from published_project)
                when figure.report_no in (1, 6)
                    then (figure.report_no, figure.column_key) in (select report_no, column_key from published_column)
                else figure.report_no in (select report_no from published_form)
            end as is_filed,
            (
                figure.is_leaf_row
                or (figure.report_no, figure.row_key) in (select report_no, row_key from published_row)
            )
            and (
                coalesce(form_column.is_leaf, true)
                or (figure.report_no, figure.column_key) in (select report_no, column_key from published_column)
            ) as is_expected
        from figure
        left join meta.form_column as form_column
            on form_column.report_no = figure.report_no
            and form_column.column_key = figure.column_key
    ),

    rebuilt_word as materialized (
        select report_no, row_key, column_key, rebuilt_text, rebuilt
        from report.rebuilt_text
        where rebuilt_text.disclosure_id = disclosure.disclosure_id
            and rebuilt_text.division_code = disclosure.division_code
            and rebuilt_text.fiscal_year = disclosure.fiscal_year
            and rebuilt_text.reporting_unit_code = disclosure.reporting_unit_code
    ),

    word as (
        select
            published.report_no,
            published.row_key,
            published.row_label,
            published.column_key,
            published.column_label,
            published.cell_text,
            published.support,
            rebuilt_word.rebuilt_text,
            rebuilt_word.rebuilt,
            case
                when rebuilt_word.rebuilt is not null
                    then substring(replace(published.cell_text, ',', '') from '-?[0-9]*\.?[0-9]+')::numeric
            end as filed,
            -- without white space and quotation marks, in one width
            regexp_replace(normalize(cell_text, NFKC), '[\s"''“”‘’]+', '', 'g') as filed_word,
            regexp_replace(normalize(rebuilt_text, NFKC), '[\s"''“”‘’]+', '', 'g') as rebuilt_word
        from published
        left join rebuilt_word
            on rebuilt_word.report_no = published.report_no
            and rebuilt_word.row_key = published.row_key
            and rebuilt_word.column_key = published.column_key
        where published.is_word
    )

    select
        report_no,
        row_key,
        row_label,
        column_key,
        column_label,
        filed,
        -- beside a filed figure, no line of the ledger is a zero
        case when filed is null then rebuilt else coalesce(rebuilt, 0) end as rebuilt,
        case when is_filed and not is_unread then difference end as difference,
        case when is_filed then coalesce(tolerance, 0) end as tolerance,
        case
            when not is_filed then 'not_filed'
            when is_unread then 'differs'
            when difference = 0 then 'equal'
            when abs(difference) <= tolerance then 'rounding'
            else 'differs'
        end as status,
        case when is_published then support else 'other_form' end as support,
        words as filed_text,
        null as rebuilt_text
    from placed_figure
    where filed is not null
        or is_unread
        or (not is_filed and is_printed)
        or (rebuilt <> 0 and is_filed and is_expected)

    union all

    select
        report_no,
        row_key,
        row_label,
        column_key,
        column_label,
        filed,
        rebuilt,
        filed - rebuilt,
        case when rebuilt is not null then 0 end,
        case
            when cell_text = rebuilt_text or filed_word = rebuilt_word then 'equal'
            when coalesce(filed_word, '') ~ '^(无|/|\\|[-‐‑‒–—―−─_]+)?$'
                and coalesce(rebuilt_word, '') ~ '^(无|/|\\|[-‐‑‒–—―−─_]+)?$' then 'equal'
            else 'differs'
        end,
        support,
        cell_text,
        rebuilt_text
    from word
) as compared
where disclosure.is_current
