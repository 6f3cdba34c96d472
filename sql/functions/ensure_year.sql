-- 为新的年度建立分区，整理该年度的科目
-- A new year needs no manual step: the loader calls this before it writes.
create or replace function meta.ensure_year(year integer) returns void language plpgsql as $$
declare
    parent text;
    child text;
begin
    foreach parent in array array['filed.cell', 'budget.amount', 'internal.stored_fact', 'internal.stored_spending'] loop
        child := parent || '_' || year;
        if to_regclass(child) is null then
            perform pg_advisory_xact_lock(hashtext('meta.ensure_year'));
            execute format('create table if not exists %s partition of %s for values in (%s)', child, parent, year);
        end if;
    end loop;
    if not exists (select from budget.subject_of_year where fiscal_year = year) then
        perform pg_advisory_xact_lock(hashtext('meta.ensure_year'));
        if not exists (select from budget.subject_of_year where fiscal_year = year) then
            perform budget.settle_subjects(year);
        end if;
    end if;
end
$$
