-- 判定一个单位某年某阶段的公开哪些现行，并比对新成为现行的
-- Decide which revisions of a unit's disclosure of a year and stage are current, and compare those that become so; all
-- revisions, and whether they are current. The later date of publication wins; if dates do not decide, the one loaded to
-- supersede the others; if nothing decides, all stay current.
create or replace function budget.settle_revisions(division text, year smallint, unit text, of_stage text)
returns table (disclosure_id bigint, revision smallint, is_current boolean)
language plpgsql
as $$
#variable_conflict use_column
declare
    changed bigint[];
begin
    with standing as (
        select disclosure_id, published_on, supersede_rank
        from budget.disclosure
        where division_code = division and fiscal_year = year and reporting_unit_code = unit and stage = of_stage
            and withdrawn_at is null
    ),

    latest as (
        select disclosure_id, supersede_rank
        from standing
        where published_on is null or published_on = (select max(published_on) from standing)
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
    select disclosure_id, revision, is_current
    from budget.disclosure
    where division_code = division and fiscal_year = year and reporting_unit_code = unit and stage = of_stage
    order by revision;
end
$$
