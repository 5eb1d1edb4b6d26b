-- name: redact_answers
-- The next answers by id, as far as they are older than the term: `walked` of them, of which `changed` had something to
-- redact. Where no source wants that, none is walked. The bytes that came have in them what the payload has.
with walk as materialized (
    select e.id, e.source_id, e.created_at < now() - make_interval(days => %(days)s::int) as is_due
    from getcourse.webhook_events e
    where e.id > (select min(s.answers_redacted) from platform.webhook_sources s where s.redact <> '{}')
    order by e.id
    limit %(batch)s::int
), until as (
    select coalesce(min(id) filter (where not is_due) - 1, max(id)) as id from walk
), found as materialized (
    select e.id, e.raw_payload, e.raw_body is not null as has_body, platform.redacted(e.raw_payload, s.redact) as payload
    from walk w
    join platform.webhook_sources s on s.id = w.source_id and s.redact <> '{}'
    join getcourse.webhook_events e on e.id = w.id
    where w.id <= (select id from until) and e.raw_payload is not null
), due as materialized (
    select id, payload from found where has_body or payload <> raw_payload
), redacted as (
    update getcourse.webhook_events e set raw_payload = d.payload, raw_body = null
    from due d
    where e.id = d.id and e.raw_payload is not null and not %(dry_run)s::boolean
), noted as (
    update platform.webhook_sources s set answers_redacted = until.id
    from until
    where s.redact <> '{}' and s.answers_redacted < until.id and not %(dry_run)s::boolean
)
select (select count(*) from walk w where w.is_due) as walked, (select count(*) from due) as changed;

-- name: redact_account_events
-- The same.
with walk as materialized (
    select a.id, a.source_id, a.created_at < now() - make_interval(days => %(days)s::int) as is_due
    from getcourse.account_events a
    where a.id > (select min(s.account_events_redacted) from platform.webhook_sources s where s.redact <> '{}')
    order by a.id
    limit %(batch)s::int
), until as (
    select coalesce(min(id) filter (where not is_due) - 1, max(id)) as id from walk
), due as materialized (
    select f.id, f.payload
    from (select a.id, a.raw_payload, platform.redacted(a.raw_payload, s.redact) as payload
          from walk w
          join platform.webhook_sources s on s.id = w.source_id and s.redact <> '{}'
          join getcourse.account_events a on a.id = w.id
          where w.id <= (select id from until)) f
    where f.payload <> f.raw_payload
), redacted as (
    update getcourse.account_events a set raw_payload = d.payload
    from due d
    where a.id = d.id and not %(dry_run)s::boolean
), noted as (
    update platform.webhook_sources s set account_events_redacted = until.id
    from until
    where s.redact <> '{}' and s.account_events_redacted < until.id and not %(dry_run)s::boolean
)
select (select count(*) from walk w where w.is_due) as walked, (select count(*) from due) as changed;
