-- name: add
-- A known bot (same name, same account) gets its new token and is put back to work.
insert into platform.bots as b (name, system, channel, telegram_id, address, alert_chat_id, username, token_sealed)
values (%(name)s::text, %(system)s::text, %(channel)s::text, %(telegram_id)s::bigint, %(address)s::text,
        %(alerts)s::bigint, %(username)s::text, %(sealed)s::bytea)
on conflict (name) do update
    set token_sealed = excluded.token_sealed, username = coalesce(excluded.username, b.username),
        alert_chat_id = coalesce(excluded.alert_chat_id, b.alert_chat_id),
        status = case b.status when 'auth_failed' then 'active' else b.status end
    where b.system = excluded.system and b.channel = excluded.channel
      and b.telegram_id is not distinct from excluded.telegram_id and b.address is not distinct from excluded.address
returning (xmax = 0) as added;

-- name: same
-- Whether the account of a new bot has a name already.
select name, system
from platform.bots
where telegram_id = %(telegram_id)s::bigint and name <> %(name)s::text;

-- name: list
select b.name, b.system, b.channel, b.telegram_id, b.address, b.username, b.status, b.rate_per_second,
       b.alert_chat_id, b.created_at,
       (select count(*) from platform.outbox o where o.bot_id = b.id and o.state in ('queued', 'sending')) as waiting
from platform.bots b
order by b.id;

-- name: with_tokens
select id, name, system, channel, address, username, status, webhook_version, token_sealed
from platform.bots
where %(name)s::text is null or name = %(name)s::text
order by id;

-- name: mark_working
update platform.bots
set username = coalesce(%(username)s::text, username),
    status = case status when 'auth_failed' then 'active' else status end
where id = %(bot)s::bigint
  and (status = 'auth_failed' or username is distinct from coalesce(%(username)s::text, username));

-- name: pause
-- Also one that was refused: nobody puts it back to work meanwhile.
update platform.bots
set status = 'paused'
where status <> 'paused' and (%(name)s::text is null or name = %(name)s::text)
returning name;

-- name: resume
update platform.bots
set status = 'active'
where status = 'paused' and (%(name)s::text is null or name = %(name)s::text)
returning name;
