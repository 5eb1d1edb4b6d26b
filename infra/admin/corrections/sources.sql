-- name: find
select s.id, s.provider, s.name, s.gateway, s.paused_at
from platform.webhook_sources s
where s.name = %(name)s::text and (%(provider)s::text is null or s.provider = %(provider)s::text)
order by s.provider;

-- name: names
select s.name from platform.webhook_sources s order by s.name limit 50;

-- name: read
select s.id, s.provider, s.name, s.gateway, s.bot_id, b.name as bot, s.field_map, s.admin_chat_id, s.timezone, s.language,
       s.link_template, s.collapse_seconds, s.signing_secret_sealed, s.paused_at, s.redact
from platform.webhook_sources s
left join platform.bots b on b.id = s.bot_id
where s.id = %(source)s::bigint
for update of s;

-- name: write
update platform.webhook_sources
set gateway = %(gateway)s::text, bot_id = %(bot_id)s::bigint, field_map = %(field_map)s::jsonb,
    admin_chat_id = %(admin_chat_id)s::bigint, timezone = %(timezone)s::text, language = %(language)s::text,
    link_template = %(link_template)s::text, collapse_seconds = %(collapse_seconds)s::int,
    signing_secret_sealed = %(signing_secret_sealed)s::bytea
where id = %(id)s::bigint;

-- name: redact
-- From now on; with a path that is new, also what was redacted without it.
update platform.webhook_sources
set redact = %(redact)s::jsonb,
    answers_redacted = case when redact @> %(redact)s::jsonb then answers_redacted else 0 end,
    account_events_redacted = case when redact @> %(redact)s::jsonb then account_events_redacted else 0 end,
    inbox_redacted = case when redact @> %(redact)s::jsonb then inbox_redacted else 0 end
where id = %(source)s::bigint;

-- name: newest
-- How many of the newest payloads of a source the paths change.
select count(*) as payloads, count(*) filter (where platform.redacted(n.raw_payload, %(redact)s::jsonb) <> n.raw_payload) as changed
from ((select e.raw_payload from getcourse.webhook_events e
       where e.source_id = %(source)s::bigint and e.raw_payload is not null order by e.created_at desc limit %(most)s::int)
      union all
      (select a.raw_payload from getcourse.account_events a
       where a.source_id = %(source)s::bigint limit %(most)s::int)) n;

-- name: pause
update platform.webhook_sources set paused_at = clock_timestamp() where id = %(source)s::bigint and paused_at is null;

-- name: resume
update platform.webhook_sources set paused_at = null where id = %(source)s::bigint and paused_at is not null;

-- name: uses
-- What there is of a source: a desk, events, deliveries that nobody decided about, deliveries that were dismissed.
select (select c.name from support.clients c where c.source_id = %(source)s::bigint) as desk,
       (select count(*) from getcourse.webhook_events e where e.source_id = %(source)s::bigint)
       + (select count(*) from getcourse.account_events a where a.source_id = %(source)s::bigint) as events,
       count(*) filter (where i.dismissed_at is null) as open, count(i.dismissed_at) as dismissed
from platform.inbox i
where i.source_id = %(source)s::bigint;

-- name: delete_dismissed
delete from platform.inbox where source_id = %(source)s::bigint and dismissed_at is not null;

-- name: delete
delete from platform.webhook_sources where id = %(source)s::bigint;
