-- 把问题的措辞与其数值合成一句话
-- Fill the places of a wording, {code}, with values; a list is joined. A place {text_zh} without a value shows that of
-- {text}, another one stays as it is. The wording is cut at its places first, so that braces in a value mean nothing.
-- Null if there is no wording.
create or replace function meta.finding_message(wording text, filled_with jsonb, language text) returns text
language plpgsql immutable strict parallel safe
as $$
declare
    pieces text[] := string_to_array(replace(wording, '}', '{'), '{'); -- words, place, words, place, words
    message text := pieces[1];
    value text;
begin
    for number in 2 .. cardinality(pieces) - 1 by 2 loop
        value := coalesce(
            filled_with ->> pieces[number],
            filled_with ->> regexp_replace(pieces[number], '_zh$', ''),
            '{' || pieces[number] || '}'
        );
        if jsonb_typeof(filled_with -> pieces[number]) = 'array' then
            value := array_to_string(
                array(select jsonb_array_elements_text(filled_with -> pieces[number])),
                case language when 'zh' then '、' else ', ' end
            );
        end if;
        message := message || value || pieces[number + 1];
    end loop;
    return message;
end
$$
