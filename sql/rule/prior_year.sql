-- 上年数：上年预算数等栏与该年度该阶段的公开一致
-- Columns of other years and stages (上年预算数, 预算数 beside 决算数) against the disclosure that they speak of, if that is
-- loaded: against the same cell of the same form, or, for a total, against the total of another form that means the same
-- (meta.form_selection). A unit is matched by its code, or by its name, since final accounts print no codes: of a
-- department and its unit of one name the one that agrees, since either may be meant.
create view rule.prior_year as
with told as (
    select
        prior.division_code,
        prior.fiscal_year,
        prior.disclosure_id,
        prior.reporting_unit_code,
        prior.stage,
        prior.form_id,
        prior.row_key,
        prior.row_label,
        prior.column_key,
        prior.column_label,
        prior.of_year,
        prior.of_stage,
        prior.amount as figure,
        regexp_replace(prior.column_key, '_budget$', '') as figure_key,
        disclosure.reporting_unit_name
    from report.prior_figure as prior
    inner join budget.disclosure as disclosure
        on disclosure.disclosure_id = prior.disclosure_id
        and disclosure.division_code = prior.division_code
        and disclosure.fiscal_year = prior.fiscal_year
    where prior.amount is not null
),

earlier_cell as (
    -- the cells that may print the same: of the same form first
    select
        told.disclosure_id,
        told.form_id,
        told.row_key,
        told.column_key,
        told.figure_key,
        told.division_code,
        told.fiscal_year,
        told.reporting_unit_code,
        told.stage,
        told.row_label,
        told.column_label,
        told.of_year,
        told.of_stage,
        told.figure,
        told.reporting_unit_name,
        source.form_id as from_form_id,
        source.row_key as from_row_key,
        source.column_key as from_column_key,
        source.position
    from told
    cross join lateral (
        select told.form_id, told.row_key, told.figure_key as column_key, 0 as position

        union all

        select that.form_id, template.total_key, that.column_key, template.form_order
        from meta.form_selection as this
        inner join meta.form_selection as that
            on that.selection = this.selection
            and that.functional_code is not distinct from this.functional_code
            and that.department_economic_code is not distinct from this.department_economic_code
            and that.government_economic_code is not distinct from this.government_economic_code
            and that.line_key is null
            and that.form_id <> this.form_id
        inner join meta.form_template as template
            on template.form_id = that.form_id
        where told.row_key = 'total'
            and this.form_id = told.form_id
            and this.column_key = told.figure_key
            and this.line_key is null
    ) as source (form_id, row_key, column_key, position)
),

compared as (
    select distinct on (
        earlier_cell.disclosure_id, earlier_cell.form_id, earlier_cell.row_key, earlier_cell.column_key,
        earlier_cell.of_year, earlier_cell.of_stage, earlier_cell.division_code, earlier_cell.fiscal_year
    )
        earlier_cell.division_code,
        earlier_cell.fiscal_year,
        earlier_cell.disclosure_id,
        earlier_cell.reporting_unit_code,
        earlier_cell.stage,
        earlier_cell.form_id,
        earlier_cell.row_key,
        earlier_cell.row_label,
        earlier_cell.column_key,
        earlier_cell.column_label,
        earlier_cell.of_year,
        earlier_cell.of_stage,
        earlier_cell.figure,
        printed.amount as expected
    from earlier_cell
    inner join budget.disclosure as earlier
        on earlier.division_code = earlier_cell.division_code
        and earlier.fiscal_year = earlier_cell.of_year
        and earlier.stage = earlier_cell.of_stage
        and (
            earlier.reporting_unit_code = earlier_cell.reporting_unit_code
            or earlier.reporting_unit_name = earlier_cell.reporting_unit_name
        )
    cross join lateral (
        select
        from budget.counted_disclosure as counted
        where counted.disclosure_id = earlier.disclosure_id
            and counted.division_code = earlier.division_code
            and counted.fiscal_year = earlier.fiscal_year
        -- looked up: joined, all disclosures of the division would be read for each
        offset 0
    ) as counted
    cross join lateral (
        select sum(cell.amount) as amount
        from filed.form as form
        inner join filed.cell as cell
            on cell.disclosure_id = form.disclosure_id
            and cell.division_code = form.division_code
            and cell.fiscal_year = form.fiscal_year
            -- by its number the form is found in the index of cells
            and cell.form_no = form.form_no
        where form.disclosure_id = earlier.disclosure_id
            and form.division_code = earlier.division_code
            and form.fiscal_year = earlier.fiscal_year
            and form.form_id = earlier_cell.from_form_id
            and cell.row_key = earlier_cell.from_row_key
            and cell.column_key = earlier_cell.from_column_key
    ) as printed
    where printed.amount is not null
    order by
        earlier_cell.disclosure_id, earlier_cell.form_id, earlier_cell.row_key, earlier_cell.column_key,
        earlier_cell.of_year, earlier_cell.of_stage, earlier_cell.division_code, earlier_cell.fiscal_year,
        earlier_cell.position, printed.amount <> earlier_cell.figure,
        earlier.reporting_unit_code <> earlier_cell.reporting_unit_code, earlier.disclosure_id
)

select
    'prior_year' as rule,
    compared.division_code,
    compared.fiscal_year,
    compared.disclosure_id,
    compared.reporting_unit_code,
    compared.stage,
    compared.form_id,
    compared.row_key,
    compared.row_label,
    concat(compared.column_key, '@', compared.of_year, ':', compared.of_stage) as column_key,
    -- the figure that it is beside, and its year
    concat_ws(' ', form_column.column_label, compared.column_label) as column_label,
    compared.figure,
    compared.expected,
    null::text as figure_text,
    null::text as expected_text,
    concat(compared.of_year, ' ', compared.of_stage) as compared_with,
    compared.figure - compared.expected as difference,
    0::numeric as tolerance,
    compared.figure = compared.expected as passed
from compared
left join meta.form_column as form_column
    on form_column.form_id = compared.form_id
    and form_column.column_key = compared.column_key
