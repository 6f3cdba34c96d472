-- 纵向合计：合计行等于其下各行之和（固定行次按报表格式，编码行按上下级科目、单位与部门）
-- Down: a row of a sum against the rows printed directly beneath it, column by column. Fixed lines add up the parts that
-- their form declares (meta.form_line.parts); a row of codes adds up those rows whose nearest printed row above it is.
-- Only if a row beneath is printed; a blank is zero. If every figure in a sum agrees with the ledger, what the ledger
-- has beyond the rows is expected, too: forms have no line for some money. A sum that its rows do not make up is left
-- alone if its column has a figure in a row that the form does not know: it may be a part of the sum.
create view rule.down_sum as
with printed_row as not materialized (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        cell.form_no,
        cell.form_id,
        cell.row_key
    from rule.printed_cell as cell
    group by
        cell.disclosure_id, cell.form_no, cell.row_key, cell.division_code, cell.fiscal_year, cell.reporting_unit_code,
        cell.form_id
),

code_row as (
    -- a row of codes, cut into its unit and what stands beneath
    select
        printed_row.division_code,
        printed_row.fiscal_year,
        printed_row.disclosure_id,
        printed_row.reporting_unit_code,
        printed_row.form_no,
        printed_row.form_id,
        printed_row.row_key,
        template.total_key,
        template.subject in ('functional', 'department_economic', 'government_economic') as has_levels,
        case
            when template.is_by_unit and printed_row.row_key <> template.total_key
                then split_part(printed_row.row_key, '/', 1)
        end as unit_code,
        case when template.is_by_unit then split_part(printed_row.row_key, '/', 1) || '/' else '' end as prefix,
        case
            when printed_row.row_key = template.total_key then ''
            when template.is_by_unit then substr(printed_row.row_key, length(split_part(printed_row.row_key, '/', 1)) + 2)
            else printed_row.row_key
        end as subject_code
    from printed_row
    inner join meta.form_template as template
        on template.form_id = printed_row.form_id
        and template.layout <> 'department_sheet'
        -- forms of fixed lines have none
        and template.total_key is not null
),

above as (
    -- the rows that may stand above it, the nearest first, and itself before them
    select
        code_row.division_code,
        code_row.fiscal_year,
        code_row.disclosure_id,
        code_row.reporting_unit_code,
        code_row.form_no,
        code_row.form_id,
        code_row.row_key,
        candidate.row_key as whole_key,
        candidate.distance,
        bool_or(candidate.distance = 1) over (
            partition by
                code_row.disclosure_id, code_row.form_no, candidate.row_key, code_row.division_code,
                code_row.fiscal_year, code_row.reporting_unit_code, code_row.form_id
        ) as is_printed
    from code_row
    left join filed.unit as unit
        on unit.disclosure_id = code_row.disclosure_id
        and unit.division_code = code_row.division_code
        and unit.fiscal_year = code_row.fiscal_year
        and unit.unit_code = code_row.unit_code
    cross join lateral unnest(array[
        code_row.row_key,
        case
            when code_row.has_levels and length(code_row.subject_code) >= 7
                then code_row.prefix || left(code_row.subject_code, 5)
        end,
        case
            when code_row.has_levels and length(code_row.subject_code) >= 5
                then code_row.prefix || left(code_row.subject_code, 3)
        end,
        -- what a form prints beneath the codes (goods, projects)
        case
            when not code_row.has_levels
                then code_row.prefix || regexp_replace(code_row.subject_code, '/[^/]*$', '')
        end,
        case when code_row.unit_code is null then split_part(code_row.subject_code, '/', 1) end,
        case when code_row.subject_code <> '' then code_row.unit_code end,
        coalesce(unit.department_code, left(code_row.unit_code, 3)),
        code_row.total_key
    ]) with ordinality as candidate (row_key, distance)
    where candidate.row_key <> code_row.row_key
        or candidate.distance = 1
),

nearest as (
    select
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        form_no,
        form_id,
        row_key,
        whole_key,
        distance,
        -- itself is the first
        row_number() over (
            partition by
                disclosure_id, form_no, row_key, division_code, fiscal_year, reporting_unit_code, form_id
            order by distance
        ) as position
    from above
    where is_printed
),

member as (
    -- every sum with its rows, itself among them
    select
        division_code,
        fiscal_year,
        disclosure_id,
        reporting_unit_code,
        form_no,
        form_id,
        null as list_key,
        whole_key,
        row_key
    from nearest
    where position <= 2

    union all

    select
        printed_row.division_code,
        printed_row.fiscal_year,
        printed_row.disclosure_id,
        printed_row.reporting_unit_code,
        printed_row.form_no,
        printed_row.form_id,
        line.list_key,
        line.row_key,
        printed_row.row_key
    from printed_row
    inner join meta.form_line as line
        on line.form_id = printed_row.form_id
        and line.parts <> '{}'
        and (printed_row.row_key = line.row_key or printed_row.row_key = any (line.parts))
),

whole as (
    -- those of which a part is printed
    select
        division_code, fiscal_year, disclosure_id, reporting_unit_code, form_no, form_id, list_key, whole_key, row_key,
        bool_or(row_key = whole_key) over form_sum and bool_or(row_key <> whole_key) over form_sum as is_complete
    from member
    window form_sum as (
        partition by
            disclosure_id, form_no, list_key, whole_key, division_code, fiscal_year, reporting_unit_code, form_id
    )
),

compared as (
    select
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.reporting_unit_code,
        cell.stage,
        cell.form_id,
        whole.whole_key as row_key,
        min(cell.row_label) filter (where cell.row_key = whole.whole_key) as row_label,
        form_column.column_key,
        form_column.column_label,
        coalesce(sum(cell.amount) filter (where cell.row_key = whole.whole_key), 0) as figure,
        coalesce(sum(cell.amount) filter (where cell.row_key <> whole.whole_key), 0) as summed,
        -- of memo columns the ledger says nothing: the rows are all that there is
        bool_or(cell.is_disputed) or form_column.role = 'memo' as is_by_rows,
        case when cell.is_rounded is false then 0 else sum(cell.half_place) end as tolerance
    from whole
    inner join rule.summed_cell as cell
        on cell.disclosure_id = whole.disclosure_id
        and cell.division_code = whole.division_code
        and cell.fiscal_year = whole.fiscal_year
        and cell.reporting_unit_code = whole.reporting_unit_code
        and cell.form_no = whole.form_no
        and cell.row_key = whole.row_key
    inner join meta.form_column as form_column
        on form_column.form_id = cell.form_id
        and form_column.column_key = cell.column_key
        and form_column.role in ('money', 'memo')
        and (whole.list_key is null or form_column.list_key = whole.list_key)
    where whole.is_complete
    group by
        cell.division_code, cell.fiscal_year, cell.disclosure_id, cell.reporting_unit_code, cell.stage, cell.form_id,
        cell.is_rounded, whole.whole_key, form_column.column_key, form_column.column_label, form_column.role
    having count(cell.amount) filter (where form_column.role = 'money' or cell.row_key = whole.whole_key) > 0
        -- a memo column need not say anything of a row or of its parts
        and (form_column.role = 'money' or count(cell.amount) filter (where cell.row_key <> whole.whole_key) > 0)
),

-- the columns in which a row without a meaning has a figure
unknown_money as (
    select distinct
        cell.division_code,
        cell.fiscal_year,
        cell.disclosure_id,
        cell.form_id,
        known.column_key
    from meta.finding as finding
    inner join filed.cell as cell
        on cell.disclosure_id = finding.disclosure_id
        and cell.division_code = finding.division_code
        and cell.fiscal_year = finding.fiscal_year
        and cell.form_no = finding.form_no
        and cell.source_row = finding.source_row
    inner join filed.cell as known
        on known.disclosure_id = cell.disclosure_id
        and known.division_code = cell.division_code
        and known.fiscal_year = cell.fiscal_year
        and known.form_no = cell.form_no
        and known.column_no = cell.column_no
    where finding.kind = 'unknown_row'
        and cell.row_key is null
        and cell.cell_text ~ '[1-9]'
),

judged as (
    select
        division_code, fiscal_year, disclosure_id, reporting_unit_code, stage, form_id, row_key, row_label, column_key,
        column_label, figure, tolerance,
        case when is_by_rows then summed else greatest(figure, summed) end as expected
    from compared
    where figure = summed
        or not exists (
            select
            from unknown_money
            where unknown_money.disclosure_id = compared.disclosure_id
                and unknown_money.division_code = compared.division_code
                and unknown_money.fiscal_year = compared.fiscal_year
                and unknown_money.form_id = compared.form_id
                and unknown_money.column_key = compared.column_key
        )
)

select
    'down_sum' as rule,
    division_code,
    fiscal_year,
    disclosure_id,
    reporting_unit_code,
    stage,
    form_id,
    row_key,
    row_label,
    column_key,
    column_label,
    figure,
    expected,
    null::text as figure_text,
    null::text as expected_text,
    null::text as compared_with,
    figure - expected as difference,
    tolerance,
    abs(figure - expected) <= tolerance as passed
from judged
