-- 按年度整理科目：某年度的每个科目一行，带名称和上级
-- The subjects of a year, kept in budget.subject_of_year: the program calls this for a year that is new, and an upgrade
-- for all years, since codes may have changed. A code that a year's list does not have yet, or no longer, keeps the name
-- of the nearest year that has it.
create or replace function budget.settle_subjects(year integer) returns void language plpgsql as $$
begin
    delete from budget.subject_of_year where fiscal_year = year;

    insert into budget.subject_of_year (
        fiscal_year, scheme, code, subject_name, class_code, class_name, group_code, group_name
    )
    with named as (
        select distinct on (scheme, code)
            scheme,
            code,
            subject_name,
            case when scheme = 'fund' then left(code, 2) else left(code, 3) end as class_code,
            case when scheme = 'functional' and length(code) >= 5 then left(code, 5) end as group_code
        from budget.subject
        order by scheme, code, greatest(first_year - year, year - last_year, 0)
    )

    select
        year,
        named.scheme,
        named.code,
        named.subject_name,
        named.class_code,
        class.subject_name,
        named.group_code,
        functional_group.subject_name
    from named
    left join named as class
        on class.scheme = named.scheme
        and class.code = named.class_code
    left join named as functional_group
        on functional_group.scheme = named.scheme
        and functional_group.code = named.group_code;
end
$$
