-- 源文件的一行怎样称呼：第12页第16行，不分页的文件为第16行
-- A row of a document in words, in zh or en: "page 12, row 16", or "row 16" if rows are not numbered by the page; see
-- meta.page_of and meta.page_row. loader/documents/printed_row.py says the same. Null if there is no row.
create or replace function meta.printed_row(medium text, source_row integer, language text) returns text
language sql immutable parallel safe
return case language
    when 'zh' then coalesce('第' || meta.page_of(medium, source_row) || '页', '')
        || '第' || meta.page_row(medium, source_row) || '行'
    else coalesce('page ' || meta.page_of(medium, source_row) || ', ', '')
        || 'row ' || meta.page_row(medium, source_row)
end;
