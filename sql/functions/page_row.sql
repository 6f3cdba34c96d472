-- 源文件的一行是其页的第几行；不分页的格式即文件的行号
-- The number of a row within its page, or of the document if rows are not numbered by the page; see meta.page_of.
create or replace function meta.page_row(medium text, source_row integer) returns integer
language sql immutable parallel safe
return case when meta.page_of(medium, source_row) is null then source_row else source_row % 1000 end;
