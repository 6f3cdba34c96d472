-- 判定一个单位某年某阶段的公开哪些现行，并比对新成为现行的
-- Decide which revisions of a unit's disclosure of a year and stage are current, and compare those that become so; all
-- revisions with what they hold. One with less than half of the forms or figures of the fullest is a part and does not
-- count unless it supersedes. Of the others the later date of publication wins; if dates do not decide, the one loaded to
-- supersede the others; if nothing decides, all stay current. is_part is null if a revision is withdrawn.
create or replace function budget.settle_revisions(division text, year smallint, unit text, of_stage text)
returns table (
    disclosure_id bigint,
    is_current boolean,
    revision smallint,
    known_form_count smallint,
    figure_count integer,
    is_part boolean
)
language plpgsql
as $$
#variable_conflict use_column
declare
    changed bigint[];
begin
    with standing as (
        select
            disclosure_id,
            published_on,
            supersede_rank,
            supersede_rank = 0
            and (
                2 * known_form_count < max(known_form_count) over ()
                or 2 * figure_count < max(figure_count) over ()
            ) as is_part
        from budget.disclosure
        where division_code = division and fiscal_year = year and reporting_unit_code = unit and stage = of_stage
            and withdrawn_at is null
    ),

    latest as (
        select disclosure_id, supersede_rank
        from standing
        where not is_part
            and (published_on is null or published_on = (select max(published_on) from standing where not is_part))
    ),

    wanted as (
        select disclosure_id
        from latest
        where supersede_rank = (select max(supersede_rank) from latest)
    ),

    switched as (
        update budget.disclosure
        set is_current = not is_current
        where division_code = division and fiscal_year = year and reporting_unit_code = unit and stage = of_stage
            and is_current <> (disclosure_id in (select wanted.disclosure_id from wanted))
        returning disclosure_id
    )

    select array_agg(disclosure_id)
    into changed
    from switched;

    if changed is not null then
        perform report.store_comparison(division, changed);
    end if;

    return query
    select
        disclosure_id,
        is_current,
        revision,
        known_form_count,
        figure_count,
        case
            when withdrawn_at is null then
                supersede_rank = 0
                and (
                    2 * known_form_count < max(known_form_count) filter (where withdrawn_at is null) over ()
                    or 2 * figure_count < max(figure_count) filter (where withdrawn_at is null) over ()
                )
        end
    from budget.disclosure
    where division_code = division and fiscal_year = year and reporting_unit_code = unit and stage = of_stage
    order by revision;
end
$$
