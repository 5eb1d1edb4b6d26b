-- name: list
select i.id, s.provider, s.name as source, i.reason, i.content_type, octet_length(i.query) + octet_length(i.body) as bytes,
       i.received_at, i.correlation_id, i.dismissed_at, i.dismissed_because,
       extract(epoch from clock_timestamp() - i.received_at)::float8 as age_seconds
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where (%(source)s::text is null or s.name = %(source)s::text)
  and (%(before)s::bigint is null or i.id < %(before)s::bigint)
  and (%(dismissed)s::boolean or i.dismissed_at is null)
order by i.id desc
limit %(limit)s::int;

-- name: show
select i.id, s.provider, s.name as source, i.reason, i.content_type, i.received_at, i.correlation_id, i.dismissed_at,
       i.dismissed_because, i.query, i.body
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where i.id = %(id)s::bigint;

-- name: source
select from platform.webhook_sources s where s.name = %(source)s::text;

-- name: of_source
select i.id
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id
where s.name = %(source)s::text and i.dismissed_at is null
order by i.id;

-- name: kept_while_paused
select i.id
from platform.inbox i
where i.source_id = %(source)s::bigint and i.reason = %(reason)s::text and i.dismissed_at is null
order by i.id;

-- name: existing
select i.id from platform.inbox i where i.id = any(%(ids)s::bigint[]);

-- name: dismiss
update platform.inbox
set dismissed_at = clock_timestamp(), dismissed_because = %(because)s::text
where id = any(%(ids)s::bigint[]) and dismissed_at is null;
