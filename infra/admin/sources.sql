-- name: add
insert into platform.webhook_sources (provider, name, bot_id, field_map, admin_chat_id, timezone, language,
                                      link_template, collapse_seconds, gateway, signing_secret_sealed)
values (%(provider)s::text, %(name)s::text, %(bot)s::bigint, %(field_map)s::jsonb, %(admin_chat)s::bigint,
        %(timezone)s::text, %(language)s::text, %(link)s::text, %(collapse)s::int,
        %(gateway)s::text, %(signing)s::bytea)
returning id;

-- name: bot
select id, channel from platform.bots where name = %(name)s::text;

-- name: list
-- The newest conversations of a desk know when somebody last wrote to it.
select s.provider, s.name, s.gateway, b.name as bot, s.admin_chat_id, s.timezone, s.language, s.field_map, s.link_template,
       s.collapse_seconds, s.created_at, s.paused_at,
       (select count(*) from platform.source_secrets k
        where k.source_id = s.id and (k.valid_to is null or k.valid_to > (select clock_timestamp()))) as secrets,
       case s.provider
           when 'getcourse' then (select max(e.created_at) from getcourse.webhook_events e where e.source_id = s.id)
           when 'whatsapp' then (
               select max(u.last_active_at)
               from support.clients c
               cross join lateral (
                   select v.user_id from support.conversations v
                   where v.client_id = c.id
                   order by v.last_message_at desc
                   limit 5) v
               join support.users u on u.id = v.user_id
               where c.source_id = s.id)
       end as last_event
from platform.webhook_sources s
left join platform.bots b on b.id = s.bot_id
order by s.id;

-- name: slots
-- A source's secrets, the most dispensable first: expired, then oldest. One row without a slot when it has none.
select s.id as source_id, s.gateway, k.slot
from platform.webhook_sources s
left join platform.source_secrets k on k.source_id = s.id
where s.provider = %(provider)s::text and s.name = %(name)s::text
order by (k.valid_to <= clock_timestamp()) desc nulls last, k.created_at, k.slot
for update of s;

-- name: retire
update platform.source_secrets
set valid_to = least(valid_to, clock_timestamp() + %(keep)s::interval)
where source_id = %(source)s::bigint;

-- name: store_secret
insert into platform.source_secrets (source_id, slot, secret_hash, created_at)
values (%(source)s::bigint, %(slot)s::smallint, %(hash)s::bytea, clock_timestamp())
on conflict (source_id, slot) do update
    set secret_hash = excluded.secret_hash, created_at = excluded.created_at, valid_to = null;

-- name: store_signing_secret
update platform.webhook_sources set signing_secret_sealed = %(sealed)s::bytea where id = %(source)s::bigint;
