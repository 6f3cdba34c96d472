-- 更正建议：一份公开中不符的单元格，应为多少，错在何处
-- The cells of a disclosure that differ and what they should be, with the fault that a finding names there (null: none
-- does) and the place in the file. Only what is certain is proposed. A form of another unit or year is left out: it is to
-- be replaced as a whole; of an old form stand here the figures that other forms tell. A cell without a named fault is left
-- out if explanations are equally good or the ledger only balances contradictions, and where forms contradict each other,
-- unless other forms support the proposed figure. proposed_as_printed: the figure with as few digits as the form prints.
-- An upgrade may have changed the order of forms since the cells were numbered.
-- With its owner's rights, as views have them: readers may see what it says, and not the tables.
create or replace function report.proposed_corrections(of_division text, in_year smallint, of_disclosure bigint)
returns table (
    title text,
    form_id text,
    row_key text,
    row_label text,
    column_key text,
    column_label text,
    filed numeric,
    filed_text text,
    proposed numeric,
    proposed_text text,
    proposed_as_printed numeric,
    difference numeric,
    support text,
    fault text,
    finding_nos integer[],
    source_row integer,
    column_no integer
)
language sql stable security definer
set search_path = pg_catalog, pg_temp set jit = off
as $$
    with finding as materialized (
        select
            found.finding_no,
            found.kind,
            found.form_id,
            found.source_row,
            found.column_no,
            found.values,
            (found.values ->> 'proposed')::numeric as proposed,
            meta.finding_message(kind.wording_zh, found.values, 'zh') as fault,
            -- errors that tell the unit nothing to correct: that something fails, or what the operator has to do
            kind.severity = 'error' and found.kind not in (
                'sum', 'contradiction', 'undecided_revision', 'partial_revision', 'partly_understood'
            ) as is_fault,
            found.kind in (
                'scaled_form', 'foreign_form', 'stale_form', 'form_pasted_twice', 'columns_swapped'
            ) as is_of_whole_form
        from meta.finding as found
        inner join meta.finding_kind as kind
            on kind.kind = found.kind
        where found.division_code = of_division
            and found.fiscal_year = in_year
            and found.disclosure_id = of_disclosure
    ),

    place as materialized (
        select form_no, row_no, column_no, form_id, row_key, source_row
        from filed.cell
        where division_code = of_division
            and fiscal_year = in_year
            and disclosure_id = of_disclosure
    ),

    printed_row as (
        select form_id, row_key, min(source_row) as source_row
        from place
        group by form_id, row_key
    ),

    differing as (
        select
            cell.*,
            cell.row_key || ' ' || cell.row_label as row_name,
            place.source_row as cell_source_row,
            place.column_no as cell_column_no,
            printed_row.source_row as row_source_row
        from internal.comparison_exception as cell
        left join place
            on place.form_no = cell.form_no
            and place.row_no = cell.row_no
            and place.column_no = cell.column_no
        left join printed_row
            on printed_row.form_id = cell.form_id
            and printed_row.row_key = cell.row_key
        where cell.division_code = of_division
            and cell.fiscal_year = in_year
            and cell.disclosure_id = of_disclosure
            and cell.status = 'differs'
    ),

    -- A finding is about the cell itself, its row, or its whole form. A row is matched by its place in the file, or by name
    -- if the form does not print it or the fault has several rows. The place of a blank cell is unknown; it is matched by
    -- its figures.
    named as (
        select
            cell.exception_no,
            string_agg(finding.fault, '；' order by finding.finding_no) as fault,
            min(finding.proposed) as proposed,
            min(finding.source_row) as source_row,
            array_agg(finding.finding_no) as finding_nos
        from differing as cell
        inner join finding
            on finding.form_id = cell.form_id
            and finding.is_fault
        where (
            finding.is_of_whole_form
            or finding.source_row in (cell.cell_source_row, cell.row_source_row)
            or (
                cell.row_source_row is null
                and finding.values ->> 'row' in (cell.row_label, cell.row_key, cell.row_name)
            )
            or cell.row_name in (finding.values ->> 'other_row', finding.values ->> 'right')
            or finding.values ->> 'other_row' = cell.row_label
            or finding.values -> 'rows' ?| array[cell.row_label, cell.row_name]
        )
        and (finding.column_no is null or finding.column_no = cell.cell_column_no)
        and (not finding.values ? 'proposed' or abs(finding.proposed - cell.rebuilt) <= cell.tolerance)
        group by cell.exception_no
    )

    select
        template.title,
        cell.form_id,
        cell.row_key,
        coalesce(cell.row_label, cell.row_key),
        cell.column_key,
        coalesce(cell.column_label, cell.column_key),
        cell.filed,
        cell.filed_text,
        cell.rebuilt,
        cell.rebuilt_text,
        named.proposed,
        cell.difference,
        cell.support,
        named.fault,
        coalesce(named.finding_nos, '{}'),
        coalesce(cell.cell_source_row, cell.row_source_row, named.source_row),
        cell.cell_column_no::integer
    from differing as cell
    inner join meta.form_template as template
        on template.form_id = cell.form_id
    left join named
        on named.exception_no = cell.exception_no
    where not exists (
        select
        from finding
        where (finding.kind = 'foreign_form' and finding.form_id = cell.form_id)
            or (finding.kind = 'stale_form' and finding.form_id = cell.form_id and cell.support is null)
            or (finding.kind in ('several_explanations', 'perhaps_rounded', 'remainder') and named.fault is null)
            or (
                finding.kind = 'contradiction'
                and named.fault is null
                and cell.support is distinct from 'other_form'
            )
    )
    order by template.form_order, cell.exception_no
$$
