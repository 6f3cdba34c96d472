-- 每份公开应否为现行：同一单位、年度、阶段的各版次相比
-- Which revisions of a unit's disclosure of a year and stage are to be current. One with less than half of the forms or
-- figures of the fullest is a part and does not count unless it supersedes. Of the others the later date of publication
-- wins; if dates do not decide, the one loaded to supersede the others; if nothing decides, all stay current. A revision
-- that is withdrawn is not current; is_part is null then.
create view internal.revision_standing as
with weighed as (
    select
        division_code,
        fiscal_year,
        reporting_unit_code,
        stage,
        disclosure_id,
        revision,
        known_form_count,
        figure_count,
        is_current,
        published_on,
        supersede_rank,
        case
            when withdrawn_at is null then
                supersede_rank = 0
                and (
                    2 * known_form_count < max(known_form_count) filter (where withdrawn_at is null) over own
                    or 2 * figure_count < max(figure_count) filter (where withdrawn_at is null) over own
                )
        end as is_part
    from budget.disclosure
    window own as (partition by division_code, fiscal_year, reporting_unit_code, stage)
),

dated as (
    select
        division_code,
        fiscal_year,
        reporting_unit_code,
        stage,
        disclosure_id,
        revision,
        known_form_count,
        figure_count,
        is_current,
        supersede_rank,
        is_part,
        not is_part and (published_on is null or published_on = max(published_on) filter (where not is_part) over own)
            as is_latest
    from weighed
    window own as (partition by division_code, fiscal_year, reporting_unit_code, stage)
)

select
    division_code,
    fiscal_year,
    reporting_unit_code,
    stage,
    disclosure_id,
    revision,
    known_form_count,
    figure_count,
    is_current,
    is_part,
    coalesce(is_latest and supersede_rank = max(supersede_rank) filter (where is_latest) over own, false)
        as is_to_be_current
from dated
window own as (partition by division_code, fiscal_year, reporting_unit_code, stage)
