-- name: sessions_page
select s.id, s.start_date as day, s.start_time as at, s.cancelled_at is not null as is_ended,
       concat_ws(' · ', coalesce(s.title, t.title, s.topic_code), m.title, c.name) as name
from courses.sessions s
left join courses.topics t on t.code = s.topic_code
left join courses.streams m on m.id = s.stream_id
left join courses.cohorts c on c.id = s.cohort_id
order by s.start_date desc, s.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: sessions_find
select to_jsonb(s) as record from courses.sessions s where s.id = %(id)s::bigint;

-- name: sessions_add
insert into courses.sessions (start_date, end_date, start_time, topic_code, title, annotation, stream_id, cohort_id)
select r.start_date, r.end_date, r.start_time, r.topic_code, r.title, r.annotation, r.stream_id, r.cohort_id
from jsonb_populate_record(null::courses.sessions, %(values)s::jsonb) r
returning id;

-- name: sessions_change
-- What `values` does not name stays as it is in the row, whoever has changed it since.
update courses.sessions s
set (start_date, end_date, start_time, topic_code, title, annotation, stream_id, cohort_id, cancelled_at) = (
    select r.start_date, r.end_date, r.start_time, r.topic_code, r.title, r.annotation, r.stream_id, r.cohort_id, r.cancelled_at
    from jsonb_populate_record(s, %(values)s::jsonb) r)
where s.id = %(id)s::bigint
returning s.id;

-- name: days_page
select d.id, d.date as day, null::time as at, false as is_ended, concat_ws(' · ', coalesce(t.title, t.code), m.title) as name
from courses.session_days d
left join courses.topics t on t.id = d.topic_id
left join courses.streams m on m.id = d.stream_id
order by d.date desc, d.stream_id desc
offset %(offset)s::int limit %(most)s::int;

-- name: days_find
select to_jsonb(d) as record from courses.session_days d where d.id = %(id)s::bigint;

-- name: days_add
insert into courses.session_days (date, stream_id, topic_id)
select r.date, r.stream_id, r.topic_id
from jsonb_populate_record(null::courses.session_days, %(values)s::jsonb) r
on conflict (date, stream_id) do nothing
returning id;

-- name: days_change
update courses.session_days d
set (date, stream_id, topic_id) = (
    select r.date, r.stream_id, r.topic_id from jsonb_populate_record(d, %(values)s::jsonb) r)
where d.id = %(id)s::bigint and not exists (
    select from jsonb_populate_record(d, %(values)s::jsonb) r
    join courses.session_days o on o.date = r.date and o.stream_id is not distinct from r.stream_id and o.id <> d.id)
returning d.id;

-- name: days_remove
delete from courses.session_days where id = %(id)s::bigint;

-- name: topics_page
select t.id, null::date as day, null::time as at, false as is_ended, concat_ws(' ', t.code, t.title) as name
from courses.topics t
order by t.code, t.id
offset %(offset)s::int limit %(most)s::int;

-- name: topics_find
select to_jsonb(t) as record from courses.topics t where t.id = %(id)s::bigint;

-- name: topics_add
insert into courses.topics (code, title, annotation)
select r.code, r.title, r.annotation
from jsonb_populate_record(null::courses.topics, %(values)s::jsonb) r
on conflict (code) do nothing
returning id;

-- name: topics_change
-- Sessions of a topic follow its code.
update courses.topics t
set (code, title, annotation) = (
    select r.code, r.title, r.annotation from jsonb_populate_record(t, %(values)s::jsonb) r)
where t.id = %(id)s::bigint and not exists (
    select from jsonb_populate_record(t, %(values)s::jsonb) r
    join courses.topics o on o.code = r.code and o.id <> t.id)
returning t.id;

-- name: events_page
select e.id, e.start_date as day, e.start_time as at, e.cancelled_at is not null as is_ended, e.title as name
from courses.events e
order by e.start_date desc, e.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: events_find
select to_jsonb(e) as record from courses.events e where e.id = %(id)s::bigint;

-- name: events_add
insert into courses.events (title, start_date, end_date, start_time, note)
select r.title, r.start_date, r.end_date, r.start_time, r.note
from jsonb_populate_record(null::courses.events, %(values)s::jsonb) r
returning id;

-- name: events_change
update courses.events e
set (title, start_date, end_date, start_time, note, cancelled_at) = (
    select r.title, r.start_date, r.end_date, r.start_time, r.note, r.cancelled_at
    from jsonb_populate_record(e, %(values)s::jsonb) r)
where e.id = %(id)s::bigint
returning e.id;

-- name: healing_page
select h.id, h.date as day, h.time_start as at, h.cancelled_at is not null as is_ended, h.note as name
from courses.healing_sessions h
order by h.date desc, h.time_start desc, h.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: healing_find
select to_jsonb(h) as record from courses.healing_sessions h where h.id = %(id)s::bigint;

-- name: healing_add
insert into courses.healing_sessions (date, time_start, note, capacity)
select r.date, r.time_start, r.note, r.capacity
from jsonb_populate_record(null::courses.healing_sessions, %(values)s::jsonb) r
returning id;

-- name: healing_change
update courses.healing_sessions h
set (date, time_start, note, capacity, cancelled_at) = (
    select r.date, r.time_start, r.note, r.capacity, r.cancelled_at from jsonb_populate_record(h, %(values)s::jsonb) r)
where h.id = %(id)s::bigint
returning h.id;

-- name: materials_page
select m.id, null::date as day, null::time as at, m.withdrawn_at is not null as is_ended, m.title as name
from courses.materials m
order by m.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: materials_find
select to_jsonb(m) || jsonb_build_object('files', to_jsonb(nullif(array_remove(m.tg_file_id || m.further_file_ids, null), '{}'))) as record
from courses.materials m
where m.id = %(id)s::bigint;

-- name: materials_add
insert into courses.materials (title, body, tg_file_id, further_file_ids, created_by)
select r.title, r.body, f.ids[1], f.ids[2:], %(by)s::bigint
from jsonb_populate_record(null::courses.materials, %(values)s::jsonb) r
cross join lateral (
    select array(select jsonb_array_elements_text(nullif(%(values)s::jsonb -> 'files', 'null')))) as f (ids)
returning id;

-- name: materials_change
-- Of what type another file is, nobody says.
update courses.materials m
set (title, body, tg_file_id, further_file_ids, mime, withdrawn_at) = (
    select r.title, r.body, f.ids[1], f.ids[2:], case when f.ids[1] = m.tg_file_id then m.mime end, r.withdrawn_at
    from jsonb_populate_record(m, %(values)s::jsonb) r
    cross join lateral (
        select case when %(values)s::jsonb ? 'files'
                    then array(select jsonb_array_elements_text(nullif(%(values)s::jsonb -> 'files', 'null')))
                    else m.tg_file_id || m.further_file_ids end) as f (ids))
where m.id = %(id)s::bigint
returning m.id;

-- name: assignments_page
select a.id, a.due_date as day, null::time as at, a.withdrawn_at is not null as is_ended, a.title as name
from courses.assignments a
order by a.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: assignments_find
select to_jsonb(a) || jsonb_build_object('files', to_jsonb(nullif(array_remove(m.tg_file_id || m.further_file_ids, null), '{}'))) as record
from courses.assignments a
left join courses.materials m on m.id = a.material_id
where a.id = %(id)s::bigint;

-- name: assignments_add
-- The files of an assignment are a material of its own.
with material as (
    insert into courses.materials (title, tg_file_id, further_file_ids, created_by)
    select v.values ->> 'title', f.ids[1], f.ids[2:], %(by)s::bigint
    from (select %(values)s::jsonb as values) v
    cross join lateral (
        select array(select jsonb_array_elements_text(nullif(v.values -> 'files', 'null')))) as f (ids)
    where f.ids <> '{}'
    returning id
)
insert into courses.assignments (title, body, due_date, material_id, created_by)
select r.title, r.body, r.due_date, (select id from material), %(by)s::bigint
from jsonb_populate_record(null::courses.assignments, %(values)s::jsonb) r
returning id;

-- name: assignments_change
with material as (
    insert into courses.materials (title, tg_file_id, further_file_ids, created_by)
    select coalesce(v.values ->> 'title', a.title), f.ids[1], f.ids[2:], %(by)s::bigint
    from (select %(values)s::jsonb as values) v
    join courses.assignments a on a.id = %(id)s::bigint
    cross join lateral (
        select array(select jsonb_array_elements_text(nullif(v.values -> 'files', 'null')))) as f (ids)
    where f.ids <> '{}'
    returning id
)
update courses.assignments a
set (title, body, due_date, material_id, withdrawn_at) = (
    select r.title, r.body, r.due_date,
           case when %(values)s::jsonb ? 'files' then (select id from material) else r.material_id end, r.withdrawn_at
    from jsonb_populate_record(a, %(values)s::jsonb) r)
where a.id = %(id)s::bigint
returning a.id;

-- name: choices_stream_id
select s.id, to_jsonb(s.id) as value, s.title as name from courses.streams s order by s.title, s.id;

-- name: choices_cohort_id
select c.id, to_jsonb(c.id) as value, c.name from courses.cohorts c order by c.name, c.id;

-- name: choices_topic_id
select t.id, to_jsonb(t.id) as value, concat_ws(' ', t.code, t.title) as name from courses.topics t order by t.code, t.id;

-- name: choices_topic_code
select t.id, to_jsonb(t.code) as value, concat_ws(' ', t.code, t.title) as name
from courses.topics t
where t.code is not null
order by t.code, t.id;
