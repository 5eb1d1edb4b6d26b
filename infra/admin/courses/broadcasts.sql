-- name: list
select b.id, b.created_at, b.title, coalesce(a.full_name, a.username) as author, b.audience::text as audience,
       coalesce(c.name, s.title, b.role::text) as of,
       case when b.status = 'pending' and b.confirmed_at is null then 'draft'
            when b.withdrawn_at is not null then 'withdrawn'
            when b.cancelled_at is not null then 'cancelled'
            when b.paused_at is not null and b.status in ('pending', 'sending') then 'paused'
            else b.status::text end as state,
       b.scheduled_at, b.started_at, b.sent_at,
       (b.stats_json ->> 'queued')::int as queued, (b.stats_json ->> 'sent')::int as sent,
       (b.stats_json ->> 'failed')::int as failed, (b.stats_json ->> 'skipped')::int as skipped
from courses.broadcasts b
left join courses.users a on a.id = b.created_by
left join courses.cohorts c on c.id = b.cohort_id
left join courses.streams s on s.id = b.stream_id
where %(id)s::bigint is null or b.id = %(id)s::bigint
order by b.id desc
limit %(most)s::int;

-- name: reasons
-- Why not everybody has it, the most frequent first.
select r.status::text as status, r.error, count(*) as people
from courses.broadcast_recipients r
where r.broadcast_id = %(id)s::bigint and r.status in ('failed', 'skipped')
group by r.status, r.error
order by count(*) desc, r.status, r.error;
