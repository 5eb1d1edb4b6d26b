-- name: newest_open
-- Of each source the newest for each reason, and of them the newest.
select i.id
from platform.v_open_reasons r
join platform.webhook_sources s on s.id = r.source_id
cross join lateral (
    select i.id
    from platform.inbox i
    where i.source_id = r.source_id and i.reason = r.reason and i.dismissed_at is null
      and (%(before)s::bigint is null or i.id < %(before)s::bigint)
    order by i.id desc
    limit %(limit)s::int) i
where %(source)s::text is null or s.name = %(source)s::text
order by i.id desc
limit %(limit)s::int;

-- name: newest_dismissed
select i.id
from platform.webhook_sources s
cross join lateral (
    select i.id
    from platform.inbox i
    where i.source_id = s.id and i.dismissed_at is not null
      and (%(before)s::bigint is null or i.id < %(before)s::bigint)
    order by i.id desc
    limit %(limit)s::int) i
where %(source)s::text is null or s.name = %(source)s::text
order by i.id desc
limit %(limit)s::int;

-- name: list
select i.id, s.provider, s.name as source, i.reason, i.content_type, octet_length(i.query) + octet_length(i.body) as bytes,
       i.received_at, i.correlation_id, i.dismissed_at, i.dismissed_because,
       extract(epoch from clock_timestamp() - i.received_at)::float8 as age_seconds
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where i.id = any(%(ids)s::bigint[])
order by i.id desc;

-- name: show
select i.id, s.provider, s.name as source, i.reason, i.content_type, i.received_at, i.correlation_id, i.dismissed_at,
       i.dismissed_because, i.query, i.body
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where i.id = %(id)s::bigint;

-- name: source
select from platform.webhook_sources s where s.name = %(source)s::text;

-- name: open_reasons
select r.source_id, r.reason
from platform.v_open_reasons r
join platform.webhook_sources s on s.id = r.source_id
where s.name = %(source)s::text;

-- name: open_page
select i.id
from platform.inbox i
where i.source_id = %(source)s::bigint and i.reason = %(reason)s::text and i.dismissed_at is null and i.id > %(after)s::bigint
order by i.id
limit %(limit)s::int;

-- name: open_since
-- A page of what nobody dismissed, in the order of inbox_settled.
select i.id, i.received_at
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where (coalesce(i.dismissed_at, i.received_at), i.id) > (%(since)s::timestamptz, %(after)s::bigint)
  and i.dismissed_at is null
  and (%(source)s::text is null or s.name = %(source)s::text)
order by coalesce(i.dismissed_at, i.received_at), i.id
limit %(limit)s::int;

-- name: existing
select i.id from platform.inbox i where i.id = any(%(ids)s::bigint[]);

-- name: dismiss
update platform.inbox
set dismissed_at = clock_timestamp(), dismissed_because = %(because)s::text
where id = any(%(ids)s::bigint[]) and dismissed_at is null;
