-- 版次之间的变化：同一单位、年度的前后两个版次逐格比较（撤回的版次不计）
-- What changed from one revision of a disclosure to the next, cell by cell; withdrawn ones are passed over. The order
-- is that of publication, then of deliberate replacement, then of loading, and the current one comes last.
-- Cells are the same by form and keys of row and column; cells without keys (headings, notes, unknown forms) by what
-- they say, so that another wording is a cell removed and one added. White space, the width of characters, commas
-- and the money unit of a form do not count.
create view report.revision_change as
select
    later.division_code,
    later.fiscal_year,
    later.reporting_unit_code,
    later.stage,
    later.disclosure_id,
    later.revision,
    earlier.disclosure_id as earlier_disclosure_id,
    earlier.revision as earlier_revision,
    changed.form_id,
    changed.report_no,
    changed.row_key,
    changed.row_label,
    changed.column_key,
    changed.column_label,
    changed.change,
    changed.earlier_text,
    changed.later_text,
    changed.earlier_amount,
    changed.later_amount,
    changed.difference
from budget.disclosure as later
cross join lateral (
    select
        disclosure.disclosure_id,
        disclosure.revision
    from budget.disclosure as disclosure
    where disclosure.division_code = later.division_code
        and disclosure.fiscal_year = later.fiscal_year
        and disclosure.reporting_unit_code = later.reporting_unit_code
        and disclosure.stage = later.stage
        and disclosure.withdrawn_at is null
        and (
            disclosure.is_current,
            coalesce(disclosure.published_on, '-infinity'),
            disclosure.supersede_rank,
            disclosure.revision
        ) < (
            later.is_current,
            coalesce(later.published_on, '-infinity'),
            later.supersede_rank,
            later.revision
        )
    order by
        disclosure.is_current desc,
        coalesce(disclosure.published_on, '-infinity') desc,
        disclosure.supersede_rank desc,
        disclosure.revision desc
    limit 1
) as earlier
cross join lateral (
    with printed as (
        select
            cell.disclosure_id = later.disclosure_id as is_later,
            cell.form_no,
            cell.row_no,
            cell.column_no,
            cell.form_id,
            cell.report_no,
            cell.row_key,
            cell.row_label,
            cell.column_key,
            cell.column_label,
            cell.cell_text,
            cell.amount,
            content.word,
            -- what a cell is known by
            concat(
                coalesce(cell.form_id, form.title), chr(31), content.row_name, chr(31), content.heading, chr(31),
                case when cell.row_key is null or content.heading is null then content.word end
            ) as identity
        from filed.cell as cell
        inner join filed.form as form
            on form.disclosure_id = cell.disclosure_id
            and form.division_code = cell.division_code
            and form.fiscal_year = cell.fiscal_year
            and form.form_no = cell.form_no
            -- once more for the forms, else all of the year are read
            and form.disclosure_id in (earlier.disclosure_id, later.disclosure_id)
        cross join lateral (
            -- figures and codes need no look, which takes longer than all else here
            select
                case
                    when ltrim(cell.cell_text, '0123456789.-') = '' then cell.cell_text
                    else regexp_replace(normalize(cell.cell_text, NFKC), '\s+', '', 'g')
                end as word,
                case
                    when octet_length(cell.row_key) > char_length(cell.row_key) then normalize(cell.row_key, NFKC)
                    else cell.row_key
                end as row_name,
                coalesce(cell.column_key, cell.column_label) as heading
        ) as content
        where cell.disclosure_id in (earlier.disclosure_id, later.disclosure_id)
            and cell.division_code = later.division_code
            and cell.fiscal_year = later.fiscal_year
    ),

    -- several cells may be known by the same
    numbered as materialized (
        select
            is_later, form_id, report_no, row_key, row_label, column_key, column_label, cell_text, amount, word, identity,
            row_number() over (partition by is_later, identity order by form_no, row_no, column_no) as repetition
        from printed
    ),

    before as (
        select form_id, report_no, row_key, row_label, column_key, column_label, cell_text, amount, word, identity, repetition
        from numbered
        where not is_later
    ),

    after as (
        select form_id, report_no, row_key, row_label, column_key, column_label, cell_text, amount, word, identity, repetition
        from numbered
        where is_later
    )

    select
        coalesce(after.form_id, before.form_id) as form_id,
        coalesce(after.report_no, before.report_no) as report_no,
        coalesce(after.row_key, before.row_key) as row_key,
        coalesce(after.row_label, before.row_label) as row_label,
        coalesce(after.column_key, before.column_key) as column_key,
        coalesce(after.column_label, before.column_label) as column_label,
        case
            when before.identity is null then 'added'
            when after.identity is null then 'removed'
            else 'changed'
        end as change,
        before.cell_text as earlier_text,
        after.cell_text as later_text,
        before.amount as earlier_amount,
        after.amount as later_amount,
        case
            when before.amount is not null or after.amount is not null
                then coalesce(after.amount, 0) - coalesce(before.amount, 0)
        end as difference
    from before
    full join after
        on after.identity = before.identity
        and after.repetition = before.repetition
    where before.identity is null
        or after.identity is null
        or before.amount <> after.amount
        or ((before.amount is null or after.amount is null) and before.word <> after.word)
) as changed
where later.withdrawn_at is null
