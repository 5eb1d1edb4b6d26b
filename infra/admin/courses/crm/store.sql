-- name: lock
-- One import at a time.
select pg_advisory_xact_lock(hashtext('carillon.courses.import'));

-- name: school
select k.timezone, now() as now from courses.school k;

-- name: users
select u.id, u.telegram_id, u.nickname from courses.users u;

-- name: topics
select p.id, p.code from courses.topics p where p.code is not null;

-- name: claims
-- What there may be once.
select c.name, null::bigint as number, null::date as date, 'cohorts.name' as what from courses.cohorts c
union all
select null, p.user_id, null, 'participants.user_id' from courses.participants p
union all
select null, f.user_id, null, 'user_flags.user_id' from courses.user_flags f
union all
select distinct null, c.telegram_id, null::date, 'consents.telegram_id' from courses.consents c where c.purpose = 'processing'
union all
select null, d.stream_id, d.date, 'session_days.date' from courses.session_days d;

-- name: taken
select i.taken::text as taken from courses.imports i where i.source_table = %(table)s::text;

-- name: take
insert into courses.imports as i (source_table, taken) values (%(table)s::text, %(taken)s::int8multirange)
on conflict (source_table) do update set taken = i.taken + excluded.taken;

-- name: rejected
-- Rows that were rejected before.
select distinct r.source_row from courses.import_rejections r
where r.source_table = %(table)s::text and r.reason not like 'mended: %%';

-- name: reject
insert into courses.import_rejections (source_table, source_row, row_hash, reason, content)
select %(table)s::text, r.source_row, decode(r.row_hash, 'hex'), r.reason, r.content
from jsonb_to_recordset(%(rows)s::jsonb) as r (source_row text, row_hash text, reason text, content jsonb)
on conflict (source_table, source_row, row_hash) do update set reason = excluded.reason, content = excluded.content, rejected_at = now();

-- name: unreject
-- What was rejected by an earlier import and is taken now.
delete from courses.import_rejections r
where r.source_table = %(table)s::text and r.source_row = any(%(rows)s::text[]) and r.reason not like 'mended: %%'
  and r.rejected_at < now();

-- name: unknown_texts
-- What a crm.db calls a consent: its words are not in it.
insert into courses.consent_texts (purpose, version, text_ru, text_en)
values ('processing', 0, 'Согласие из прежней базы: его текста в ней нет', 'A consent of the former database, which does not hold its text')
on conflict do nothing;
