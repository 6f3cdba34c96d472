-- 若干公开的公开数与还原数逐格比对
-- Filed and rebuilt cells of some disclosures of a division and year side by side: all figures, and the texts of sheets
-- of goals. The rules:
--   a blank counts as zero, and so do 无, / and dashes; no row if neither side says more;
--   where a disclosure was rounded cell by cell, a figure may differ from the sum of its n parts or ledger lines by
--   n + 1 halves of the last printed place: rounding; in a form that prints less finely than the others by half of its
--   last place, blank or not, and a sum that its n parts just make up by n halves; elsewhere the smallest difference
--   counts;
--   a column that the header of the filed form lacks is not expected to hold anything, nor is a row of mere sums;
--   a form, or a whole list of one, that the disclosure lacks is not_filed, cell by cell, unless it is optional or a
--   variant of it is filed; so is a figure on a sheet of a project that no row lists, or that has several sheets.
-- form_no, row_no and column_no name the filed cell; null if none is printed. is_as_equal: the row is that of
-- internal.cell_as_equal, so that it follows from the filed cell and is not stored.
-- One disclosure after the other, so that each is compared in memory; the tables of rules are hashed once for all.
-- To plan it takes as long as to run it twice, and no disclosure deserves a plan of its own. That plan is often made
-- while the tables are empty, when it takes one row for granted everywhere: rows are to be hashed, not looped over or
-- sorted.
create or replace function report.compare_disclosures(of_division text, of_year smallint, of_disclosures bigint[])
returns table (
    disclosure_id bigint,
    form_no smallint,
    row_no integer,
    column_no smallint,
    form_id text,
    row_key text,
    row_label text,
    column_key text,
    column_label text,
    filed numeric,
    rebuilt numeric,
    difference numeric,
    tolerance numeric,
    status text,
    support text,
    filed_text text,
    rebuilt_text text,
    is_as_equal boolean
)
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_mergejoin = off set enable_sort = off
set jit = off
as $$
#variable_conflict use_column
begin
    return query
    select target.disclosure_id, compared.*
    from (
        select disclosure_id, reporting_unit_code, coarse_forms
        from budget.disclosure
        where disclosure.disclosure_id = any (of_disclosures) and disclosure.division_code = of_division
    ) as target
    cross join lateral (
        with published as materialized (
            select
                form_no, row_no, column_no, form_id, row_key, row_label, column_key, column_label, is_figure, is_word,
                figure, tolerance, support, cell_text
            from internal.compared_cell
            where compared_cell.disclosure_id = target.disclosure_id
                and compared_cell.division_code = of_division
                and compared_cell.fiscal_year = of_year
                and (compared_cell.is_figure or compared_cell.is_word)
        ),

        -- the rows that a filed form has, with or without figures
        published_row as (
            select form_id, row_key
            from filed.cell
            where cell.disclosure_id = target.disclosure_id
                and cell.division_code = of_division
                and cell.fiscal_year = of_year
                and cell.form_id is not null
                and cell.row_key is not null
        ),

        -- forms that print less finely than the others, and what their rounding leaves of a blank
        coarse_form as materialized (
            select form_id, min(tolerance) as tolerance
            from published
            where form_no = any (target.coarse_forms)
                and is_figure
                and figure <> 0
            group by form_id
        ),

        published_form as materialized (
            select form.form_id, form.subject_key, form.header_columns, template.variant_of
            from filed.form as form
            inner join meta.form_template as template
                on template.form_id = form.form_id
            where form.disclosure_id = target.disclosure_id
                and form.division_code = of_division
                and form.fiscal_year = of_year
        ),

        -- the columns that a filed form has: what its header prints, else where figures stand
        published_column as (
            select form.form_id, header.column_key
            from published_form as form
            cross join lateral unnest(form.header_columns) as header (column_key)

            union

            select form_id, column_key
            from published
            where is_figure
        ),

        -- some forms are filed once a project
        published_sheet as (
            select form_id, subject_key
            from published_form
            where subject_key is not null
        ),

        published_figure as (
            select
                form_no, row_no, column_no, form_id, row_key, row_label, column_key, column_label, figure, tolerance,
                support,
                case when figure is null then cell_text end as words,
                -- words in the place of a figure, other than 无, / and dashes
                figure is null
                and cell_text <> ''
                and cell_text !~ '^[\s　]*(无|/|\\|[-‐‑‒–—―−─－_]+)?[\s　]*$' as is_unread
            from published
            where is_figure
        ),

        -- the projects that the forms of projects list; a further row of a project has a number: 会议经费#2
        listed_project as (
            select regexp_replace(split_part(published_row.row_key, '/', 2), '#[0-9]+$', '') as project_name
            from published_row
            inner join meta.form_template as template
                on template.form_id = published_row.form_id
            where template.subject = 'project'
                and template.layout <> 'project_sheet'
        ),

        -- the sheets of goals once, for their amounts and their texts
        goal as materialized (
            select form_id, row_key, item, column_key, rebuilt_text, rebuilt, repetition
            from internal.goal_cell
            where goal_cell.disclosure_id = target.disclosure_id
                and goal_cell.division_code = of_division
                and goal_cell.fiscal_year = of_year
                and goal_cell.reporting_unit_code = target.reporting_unit_code
        ),

        rebuilt_figure as (
            select form_id, row_key, row_label, column_key, is_leaf, is_printed, amount
            from internal.ledger_cell
            where ledger_cell.disclosure_id = target.disclosure_id
                and ledger_cell.division_code = of_division
                and ledger_cell.fiscal_year = of_year
                and ledger_cell.reporting_unit_code = target.reporting_unit_code

            union all

            select form_id, row_key, item, column_key, true, true, rebuilt
            from goal
            where column_key = 'amount'
                and repetition = 1
                and rebuilt is not null
        ),

        figure as (
            select
                published_figure.form_no,
                published_figure.row_no,
                published_figure.column_no,
                form_id,
                row_key,
                coalesce(published_figure.row_label, rebuilt_figure.row_label) as row_label,
                published_figure.row_label as own_label,
                column_key,
                published_figure.column_label,
                published_figure.figure as filed,
                published_figure.words,
                coalesce(published_figure.is_unread, false) as is_unread,
                published_figure.tolerance,
                published_figure.support,
                published_figure.form_id is not null as is_published,
                rebuilt_figure.amount as rebuilt,
                rebuilt_figure.is_printed,
                rebuilt_figure.is_printed and rebuilt_figure.is_leaf as is_leaf_row,
                coalesce(published_figure.figure, 0) - coalesce(rebuilt_figure.amount, 0) as difference
            from published_figure
            full join rebuilt_figure using (form_id, row_key, column_key)
        ),

        placed_figure as (
            select
                figure.form_no,
                figure.row_no,
                figure.column_no,
                figure.form_id,
                figure.row_key,
                figure.row_label,
                figure.own_label,
                figure.column_key,
                figure.column_label,
                figure.filed,
                figure.words,
                figure.is_unread,
                -- looked up only where no figure is printed
                coalesce(
                    figure.tolerance,
                    (select coarse_form.tolerance from coarse_form where coarse_form.form_id = figure.form_id)
                ) as tolerance,
                figure.support,
                figure.is_published,
                figure.rebuilt,
                figure.is_printed,
                figure.difference,
                form.is_optional
                or figure.form_id in (
                    select published_form.variant_of
                    from published_form
                    where published_form.variant_of is not null
                ) as is_optional,
                -- the form is published, or of lists the list, or the sheet of the project
                case form.layout
                    when 'project_sheet'
                        then (figure.form_id, figure.row_key) in (
                            select form_id, subject_key from published_sheet group by form_id, subject_key having count(*) = 1
                        )
                        and (
                            figure.rebuilt is not null
                            or figure.row_key in (select listed_project.project_name from listed_project)
                        )
                    when 'lists'
                        then figure.is_published
                        or (figure.form_id, figure.column_key) in (select form_id, column_key from published_column)
                    else figure.is_published or figure.form_id in (select published_form.form_id from published_form)
                end as is_filed,
                (
                    figure.is_leaf_row
                    or (figure.form_id, figure.row_key) in (select form_id, row_key from published_row)
                )
                and (figure.form_id, figure.column_key) in (
                    select form_id, column_key from published_column
                ) as is_expected
            from figure
            inner join meta.form_template as form
                on form.form_id = figure.form_id
        ),

        word as (
            select
                published.form_no,
                published.row_no,
                published.column_no,
                published.form_id,
                published.row_key,
                published.row_label,
                published.column_key,
                published.column_label,
                published.cell_text,
                published.support,
                goal.rebuilt_text,
                goal.rebuilt,
                published.figure,
                -- without white space and quotation marks, in one width
                regexp_replace(normalize(cell_text, NFKC), '[\s"''“”‘’]+', '', 'g') as filed_word,
                regexp_replace(normalize(rebuilt_text, NFKC), '[\s"''“”‘’]+', '', 'g') as rebuilt_word
            from published
            left join goal
                on goal.rebuilt_text is not null
                and goal.form_id = published.form_id
                and goal.row_key = published.row_key
                and goal.column_key = published.column_key
            where published.is_word
        ),

        compared as (
            select
                form_no,
                row_no,
                column_no,
                form_id,
                row_key,
                row_label,
                column_key,
                -- what the official form prints, looked up for the few that lack a label of their own
                coalesce(
                    column_label,
                    (
                        select form_column.column_label
                        from meta.form_column as form_column
                        where form_column.form_id = placed_figure.form_id
                            and form_column.column_key = placed_figure.column_key
                    )
                ) as column_label,
                filed,
                -- beside a filed figure, no line of the ledger is a zero
                case when filed is null or not is_filed then rebuilt else coalesce(rebuilt, 0) end as rebuilt,
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
                null as rebuilt_text,
                own_label,
                filed as figure
            from placed_figure
            where filed is not null
                or is_unread
                or (not is_filed and is_printed and not is_optional)
                or (rebuilt <> 0 and is_filed and is_expected)

            union all

            select
                form_no,
                row_no,
                column_no,
                form_id,
                row_key,
                row_label,
                column_key,
                column_label,
                case when rebuilt is not null then figure end,
                rebuilt,
                figure - rebuilt,
                case when rebuilt is not null then 0 end,
                case
                    when cell_text = rebuilt_text or filed_word = rebuilt_word then 'equal'
                    when filed_word ~ '^(无|/|\\|[-‐‑‒–—―−─_]+)?$'
                        and coalesce(rebuilt_word, '') ~ '^(无|/|\\|[-‐‑‒–—―−─_]+)?$' then 'equal'
                    else 'differs'
                end,
                support,
                cell_text,
                rebuilt_text,
                row_label,
                figure
            from word
        )

        select
            form_no, row_no, column_no, form_id, row_key, row_label, column_key, column_label, filed, rebuilt,
            difference, tolerance, status, support, filed_text, rebuilt_text,
            form_no is not null
            and status = 'equal'
            and row_label is not distinct from own_label
            -- and so is filed, which is shown if anything is rebuilt
            and rebuilt is not distinct from figure
            and filed_text is not distinct from rebuilt_text
        from compared
    ) as compared;
end
$$
