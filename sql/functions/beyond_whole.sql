-- 所属单位的公开中，支出有一半以上不可能包含在部门公开里的（按功能科目逐项比较）
-- Of documents of units, each beside that of its department: those that spend more than half of their money beyond what
-- the department's document spends, subject by subject. Such a department's document holds the lead unit's own money, and
-- calls itself that of the department. Subjects are cut at the last level that every line of both tells, down to none at
-- all: then their totals are compared. Half, because one wrong figure must not part a unit from its department.
create or replace function internal.beyond_whole(division text, year integer, parts bigint[], wholes bigint[])
returns setof bigint language sql stable
begin atomic
    with pair as (
        select distinct part_id, whole_id
        from unnest(parts, wholes) as beside (part_id, whole_id)
    ),

    spent as materialized (
        select disclosure_id, coalesce(functional_code, '') as functional_code, amount
        from budget.amount
        where division_code = division
            and fiscal_year = year
            and disclosure_id = any (parts || wholes)
            and statement = 'expenditure'
            and not is_rounding
    ),

    told as (
        select disclosure_id, min(length(functional_code)) as depth
        from spent
        group by disclosure_id
    ),

    compared as (
        select
            pair.part_id,
            pair.whole_id,
            left(spent.functional_code, least(part.depth, whole.depth)) as subject,
            coalesce(sum(spent.amount) filter (where spent.disclosure_id = pair.part_id), 0) as part_amount,
            coalesce(sum(spent.amount) filter (where spent.disclosure_id = pair.whole_id), 0) as whole_amount
        from pair
        inner join told as part
            on part.disclosure_id = pair.part_id
        inner join told as whole
            on whole.disclosure_id = pair.whole_id
        inner join spent
            on spent.disclosure_id in (pair.part_id, pair.whole_id)
        group by 1, 2, 3
    )

    select part_id
    from compared
    group by part_id, whole_id
    having sum(greatest(part_amount - whole_amount, 0)) > sum(part_amount) / 2;
end
