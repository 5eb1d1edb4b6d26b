-- name: page
-- An administrator looks after all of them, whoever else after their own.
select b.id, b.title, b.status::text as status, b.confirmed_at is null as is_draft, b.paused_at is not null as is_paused,
       b.cancelled_at is not null as is_cancelled, (b.stats_json ->> 'sent')::int as sent
from courses.broadcasts b
where %(is_admin)s::boolean or b.created_by = %(user_id)s::bigint
order by b.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: find
select b.id, b.title, b.body, b.new_body, array_remove(b.attachment_file_id || b.further_file_ids, null) as files, b.audience::text as audience,
       coalesce(c.name, s.title, b.role::text) as place, b.scheduled_at, b.status::text as status,
       b.confirmed_at is null and b.status = 'pending' as is_draft, b.paused_at is not null as is_paused,
       b.cancelled_at is not null as is_cancelled, b.withdrawn_at is not null as is_withdrawn, b.revision,
       b.stats_json as stats, coalesce(a.full_name, '') as author,
       b.started_at is not null and b.withdrawn_at is null and (b.stats_json ->> 'sent')::int > 0
           and b.started_at > (select clock_timestamp()) - make_interval(hours => %(hours)s::int) as is_editable,
       (select count(*) from courses.broadcast_recipients r where r.broadcast_id = b.id and r.error = 'unknown') as unknown
from courses.broadcasts b
left join courses.cohorts c on c.id = b.cohort_id
left join courses.streams s on s.id = b.stream_id
left join courses.users a on a.id = b.created_by
where b.id = %(id)s::bigint and (%(is_admin)s::boolean or b.created_by = %(user_id)s::bigint);

-- name: audience
-- How many would get it now, and how many would not for which reason.
select coalesce(jsonb_object_agg(coalesce(n.obstacle, ''), n.people), '{}') as people
from (
    select a.obstacle, count(*) as people
    from courses.v_audiences a
    where a.broadcast_id = %(id)s::bigint
    group by a.obstacle) n;

-- name: rate
-- Messages a second that broadcasts may take: half of what the bot may send.
select b.rate_per_second::float8 / 2 as rate from platform.bots b where b.id = %(bot_id)s::bigint;

-- name: create
-- Everybody has one draft at most: whoever begins anew goes on with it.
insert into courses.broadcasts (title, body, attachment_file_id, attachment_mime, audience, created_by)
values (%(title)s::text, %(body)s::text, %(file_id)s::text, %(mime)s::text, 'all', %(user_id)s::bigint)
on conflict (created_by) where status = 'pending' and confirmed_at is null do update
set title = excluded.title, body = excluded.body, attachment_file_id = excluded.attachment_file_id,
    further_file_ids = '{}', attachment_mime = excluded.attachment_mime, revision = courses.broadcasts.revision + 1
returning id;

-- name: set_content
update courses.broadcasts
set title = %(title)s::text, body = %(body)s::text, attachment_file_id = %(file_id)s::text,
    further_file_ids = '{}', attachment_mime = %(mime)s::text, revision = revision + 1
where id = %(id)s::bigint and status = 'pending' and confirmed_at is null;

-- name: add_file
update courses.broadcasts
set further_file_ids = further_file_ids || %(file)s::text, revision = revision + 1
where id = %(id)s::bigint and status = 'pending' and confirmed_at is null and attachment_file_id is not null
  and cardinality(further_file_ids) < %(most)s::int;

-- name: set_audience
update courses.broadcasts
set audience = %(audience)s::text::courses.audience, revision = revision + 1,
    cohort_id = case when %(audience)s::text = 'cohort' then %(of)s::bigint end,
    stream_id = case when %(audience)s::text = 'stream' then %(of)s::bigint end,
    role = %(role)s::text::courses.role
where id = %(id)s::bigint and status = 'pending' and confirmed_at is null
  and case %(audience)s::text when 'cohort' then exists (select from courses.cohorts c where c.id = %(of)s::bigint)
                              when 'stream' then exists (select from courses.streams s where s.id = %(of)s::bigint)
                              else true end;

-- name: set_time
update courses.broadcasts
set scheduled_at = %(at)s::timestamptz, revision = revision + 1
where id = %(id)s::bigint and status = 'pending' and confirmed_at is null;

-- name: confirm
-- Only what whoever confirms has seen.
update courses.broadcasts
set confirmed_at = clock_timestamp(), message = %(message)s::jsonb, is_open = true
where id = %(id)s::bigint and status = 'pending' and confirmed_at is null and revision = %(revision)s::int
  and coalesce(scheduled_at > (select clock_timestamp()), true);

-- name: delete_draft
delete from courses.broadcasts where id = %(id)s::bigint and status = 'pending' and confirmed_at is null;

-- name: set_new_body
update courses.broadcasts
set new_body = %(body)s::text
where id = %(id)s::bigint and confirmed_at is not null and withdrawn_at is null;

-- name: replace
-- Whoever has the older text gets an edit; whoever waits gets the new one at once.
update courses.broadcasts
set body = new_body, new_body = null, message = %(message)s::jsonb, revision = revision + 1, is_open = true
where id = %(id)s::bigint and confirmed_at is not null and new_body is not null and withdrawn_at is null
  and revision = %(revision)s::int;

-- name: withdraw
update courses.broadcasts
set withdrawn_at = clock_timestamp(), is_open = true,
    cancelled_at = case when status = 'sending' then coalesce(cancelled_at, clock_timestamp()) else cancelled_at end
where id = %(id)s::bigint and started_at is not null and withdrawn_at is null;

-- name: cohorts
select c.id, c.name from courses.cohorts c order by c.name, c.id offset %(offset)s::int limit %(most)s::int;

-- name: streams
select s.id, s.title as name from courses.streams s order by s.title, s.id offset %(offset)s::int limit %(most)s::int;
