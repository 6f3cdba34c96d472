-- 数据字典：本库每张表、每个视图及其各栏的说明
-- The data dictionary: every table and view of the warehouse, then its columns, with their comments
create view meta.dictionary as
select
    relation.relnamespace::regnamespace::text as schema_name,
    relation.relname::text as relation_name,
    case relation.relkind when 'v' then 'view' else 'table' end as relation_kind,
    entry.position,
    entry.column_name,
    entry.data_type,
    entry.comment
from pg_catalog.pg_class as relation
cross join lateral (
    select
        0 as position,
        null::text as column_name,
        null::text as data_type,
        pg_catalog.obj_description(relation.oid, 'pg_class') as comment
    union all
    select
        attribute.attnum,
        attribute.attname::text,
        pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
        pg_catalog.col_description(attribute.attrelid, attribute.attnum)
    from pg_catalog.pg_attribute as attribute
    where attribute.attrelid = relation.oid
        and attribute.attnum > 0
        and not attribute.attisdropped
) as entry
where relation.relkind in ('r', 'p', 'v')
    and not relation.relispartition
    and relation.relnamespace::regnamespace::text in (
        'budget', 'filed', 'report', 'report_zh', 'district', 'mart', 'mart_zh', 'internal', 'rule', 'meta'
    )
