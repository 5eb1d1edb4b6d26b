-- name: text
select t.version, t.text_ru, t.text_en
from courses.consent_texts t
where t.purpose = %(purpose)s::text::courses.consent_purpose and t.version > 0
order by t.version desc
limit 1;

-- name: replace
-- What was agreed to before ends with the answer to a newer text.
update courses.consents
set withdrawn_at = greatest(clock_timestamp(), given_at)
where telegram_id = %(telegram_id)s::bigint and purpose = %(purpose)s::text::courses.consent_purpose
  and withdrawn_at is null;

-- name: note
-- A no is a consent that was withdrawn in the instant in which it was given: it says which words somebody has read.
insert into courses.consents (telegram_id, purpose, version, given_at, withdrawn_at)
select %(telegram_id)s::bigint, %(purpose)s::text::courses.consent_purpose, %(version)s::int, n.now,
       case when not %(is_given)s::boolean then n.now end
from (select clock_timestamp() as now) n;
