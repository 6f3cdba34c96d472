-- 判定若干单位某年某阶段的公开哪些现行，并比对新成为现行的
-- Make those revisions of the disclosures of some units (each with its stage) of a year current that
-- internal.revision_standing says, and compare what becomes so, all at once. Returns all of their revisions with what
-- they hold.
create or replace function budget.settle_revisions(division text, year smallint, units text[], stages text[])
returns table (
    reporting_unit_code text,
    stage text,
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
    unit text;
    of_stage text;
    switched bigint[];
    changed bigint[];
begin
    -- one by one, so that the revisions of a unit are looked up and not weighed with those of the whole year
    for unit, of_stage in select * from unnest(units, stages) loop
        with done as (
            update budget.disclosure
            set is_current = is_to_be_current
            from internal.revision_standing as standing
            where disclosure.division_code = division and disclosure.disclosure_id = standing.disclosure_id
                and standing.division_code = division and standing.fiscal_year = year
                and standing.reporting_unit_code = unit and standing.stage = of_stage
                and standing.is_current <> standing.is_to_be_current
            returning disclosure.disclosure_id
        )

        select array_agg(disclosure_id)
        into switched
        from done;

        changed := changed || switched;

        return query
        select reporting_unit_code, stage, disclosure_id, is_current, revision, known_form_count, figure_count, is_part
        from internal.revision_standing
        where division_code = division and fiscal_year = year and reporting_unit_code = unit and stage = of_stage
        order by revision;
    end loop;

    if changed is not null then
        perform report.store_comparison(division, changed);
    end if;
end
$$
