-- 源文件的一行在第几页：只有按页编号行的格式（PDF、OFD、图片）才有
-- The page of a row. Readers of pages number rows by the page: 12016 is row 16 of page 12. medium is the format of the
-- document, or the place of a grid, which is called by its format there; null in others, and if there is no row.
-- loader/documents/printed_row.py says the same.
create or replace function meta.page_of(medium text, source_row integer) returns integer
language sql immutable parallel safe
return case when medium in ('pdf', 'ofd', 'image') and source_row >= 1000 then source_row / 1000 end;
