-- 与某单元格有关的单元格：由相同的台账行相加，或单独列示其中一行
-- Filed cells that speak for or against a cell: those that add up the same lines of the ledger (same_sum), and those
-- that print one of its lines alone (line). own_form cells prove less than cells of other forms.
create or replace function report.cells_beside(
    of_division text, of_year smallint, of_disclosure bigint, of_form text, of_row text, of_column text
)
returns table (
    relation text,
    form_id text,
    row_key text,
    row_label text,
    column_key text,
    column_label text,
    source_row integer,
    column_no smallint,
    filed numeric,
    rebuilt numeric,
    tolerance numeric,
    is_own_form boolean
)
language plpgsql stable
set plan_cache_mode = force_generic_plan set jit = off
as $$
#variable_conflict use_column
begin
    return query
    with content as materialized (
        select form_id, row_key, column_key, array_agg(line_no order by line_no) as line_nos, sum(amount) as amount
        from report.counted_line
        where disclosure_id = of_disclosure
            and division_code = of_division
            and fiscal_year = of_year
        group by form_id, row_key, column_key
    ),

    asked as (
        select line_nos
        from content
        where form_id = of_form
            and row_key = of_row
            and column_key = of_column
    ),

    related as (
        select
            case when content.line_nos = asked.line_nos then 'same_sum' else 'line' end as relation,
            content.form_id,
            content.row_key,
            content.column_key,
            content.amount
        from content
        cross join asked
        where (content.line_nos = asked.line_nos or content.line_nos[1] = any (asked.line_nos))
            and (content.line_nos = asked.line_nos or cardinality(content.line_nos) = 1)
            and (content.form_id, content.row_key, content.column_key) <> (of_form, of_row, of_column)
    )

    select
        related.relation,
        related.form_id,
        related.row_key,
        cell.row_label,
        related.column_key,
        cell.column_label,
        cell.source_row,
        cell.column_no,
        cell.amount,
        related.amount,
        case
            when cell.form_no = any (disclosure.coarse_forms) then greatest(cell.part_count, 1) * cell.half_place
            when disclosure.is_rounded is not false and cell.part_count > 0
                then (cell.part_count + 1) * cell.half_place
            else 0
        end,
        related.form_id = of_form
    from related
    inner join budget.disclosure as disclosure
        on disclosure.disclosure_id = of_disclosure
        and disclosure.division_code = of_division
    inner join filed.cell as cell
        on cell.disclosure_id = of_disclosure
        and cell.division_code = of_division
        and cell.fiscal_year = of_year
        and cell.form_id = related.form_id
        and cell.row_key = related.row_key
        and cell.column_key = related.column_key
        and cell.amount is not null
    inner join meta.form_template as form
        on form.form_id = related.form_id
    order by related.relation desc, related.form_id = of_form, form.form_order, cell.row_no, cell.column_no;
end
$$
