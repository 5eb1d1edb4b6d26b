-- name: source
select id from platform.webhook_sources where name = %(name)s::text;

-- name: reopen
-- Set-based. notifications.message_hash stays unique, so no notification is sent twice.
with again as (
    select e.id, e.processed
    from getcourse.webhook_events e
    where e.created_at >= %(since)s::timestamptz
      and (%(source)s::text is null or e.source_id = (
          select s.id from platform.webhook_sources s
          where s.provider = 'getcourse' and s.name = %(source)s::text))
    order by e.id
    for update
), reopened as (
    update getcourse.webhook_events e
    set processed = false, processed_at = null,
        next_attempt_at = clock_timestamp() - make_interval(secs => coalesce(  -- they were gathered when they came
            (select s.collapse_seconds from platform.webhook_sources s where s.id = e.source_id), 0))
    from again
    where e.id = again.id
)
select count(*) filter (where processed) as processed, count(*) filter (where not processed) as waiting from again;

-- name: inbox
select i.id, i.source_id, s.provider, s.name as source, s.field_map, s.timezone, s.gateway, i.content_type, i.query,
       i.body, i.correlation_id, i.received_at
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where i.id = any(%(ids)s::bigint[])
order by i.id;

-- name: delete_parsed
delete from platform.inbox where id = any(%(ids)s::bigint[]);
