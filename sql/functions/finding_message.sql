-- 把问题的措辞与其数值合成一句话
-- Fill the places of a wording, {code}, with values; a place without a value stays as it is, a list is joined. The
-- wording is cut at its places first, so that braces in a value mean nothing.
create or replace function meta.finding_message(wording text, filled_with jsonb, language text) returns text
language sql immutable parallel safe
as $$
    select string_agg(
        cut.piece[1] || coalesce(
            case jsonb_typeof(filled_with -> cut.piece[2])
                when 'array' then (
                    select
                        coalesce(string_agg(entry, case language when 'zh' then '、' else ', ' end order by number), '')
                    from jsonb_array_elements_text(filled_with -> cut.piece[2]) with ordinality as list (entry, number)
                )
                else filled_with ->> cut.piece[2]
            end,
            '{' || nullif(cut.piece[2], '') || '}',
            ''
        ),
        '' order by cut.number
    )
    -- {} at the end is the place behind the last words
    from regexp_matches(wording || '{}', '([^{]*)\{(\w*)\}', 'g') with ordinality as cut (piece, number)
$$
