-- name: note
-- Whoever writes to the bot has opened the chat.
insert into platform.starts (bot_id, chat_id)
values (%(bot_id)s::bigint, %(chat_id)s::bigint)
on conflict (bot_id, chat_id) do nothing;

-- name: note_answer
-- No row: it was answered a moment ago.
insert into platform.starts as s (bot_id, chat_id, answered_at)
values (%(bot_id)s::bigint, %(chat_id)s::bigint, clock_timestamp())
on conflict (bot_id, chat_id) do update
set answered_at = excluded.answered_at
where s.answered_at is null or s.answered_at < excluded.answered_at - %(pause)s::interval
returning bot_id;

-- name: roles
-- Who this person is to those for whom the bot works.
with of_bot as (select b.id, b.system, b.alert_chat_id from platform.bots b where b.id = %(bot_id)s::bigint)
select 'mentor' as role, concat_ws(' ', v.first_name, v.last_name) as name
from of_bot b
join getcourse.mentor_versions v
    on v.telegram_id = %(chat_id)s::bigint and tstzrange(v.valid_from, v.valid_to) @> (select clock_timestamp())
where b.system = 'getcourse'
union
select 'school', null
from of_bot b
join platform.webhook_sources s on s.admin_chat_id = %(chat_id)s::bigint
where b.system = 'getcourse' and coalesce(s.bot_id, b.id) = b.id
union
select 'alerts', null from of_bot b where b.alert_chat_id = %(chat_id)s::bigint
union
select 'owner', c.name
from of_bot b
join support.client_settings s
    on s.telegram_bot_id = b.id and lower(ltrim(s.owner_telegram_id, '@')) = lower(nullif(%(username)s::text, ''))
join support.clients c on c.id = s.client_id
where b.system = 'support'
union
select case b.system when 'salon' then 'salon_staff' else 'manager' end, null
from of_bot b
join platform.members m on m.bot_id = b.id and m.telegram_id = %(chat_id)s::bigint and m.chat_id <> m.telegram_id
where b.system in ('support', 'salon')
union
select 'salon', null
from of_bot b
join dashboard.tenant_settings t on t.bot_id = b.id and t.chat_id = %(chat_id)s::bigint
where b.system = 'salon';

-- name: unreached
-- What did not reach this person for want of a Start. Telegram refused it, so no copy of it exists anywhere.
select o.id, o.bot_id, o.lane, o.expires_at > clock_timestamp() as is_fresh
from platform.outbox o
where o.bot_id = %(bot_id)s::bigint and o.chat_id = %(chat_id)s::bigint
  and o.state = 'dead' and o.error_class in ('blocked', 'chat_not_found')
order by o.id
limit 200;

-- name: lock_lanes
-- First the lanes, in the order in which everybody locks them. What housekeeping took away is made anew.
insert into platform.lanes as l (bot_id, lane, chat)
select distinct on (w.lane) %(bot_id)s::bigint, w.lane, nullif((%(chat_id)s::bigint)::text, w.lane)
from unnest(%(lanes)s::text[] || (%(chat_id)s::bigint)::text) as w (lane)
order by w.lane
on conflict (bot_id, lane) do update set chat = excluded.chat, blocked_at = null, blocked_class = null;

-- name: send_again
with woken as (
    update platform.outbox o
    set state = 'queued', attempt = 0, redrives = o.redrives + 1, due_at = clock_timestamp(), finished_at = null,
        error_class = null, error_code = null, error_text = null
    where o.id = any(%(ids)s::bigint[]) and o.state = 'dead'
    returning o.id, o.bot_id, o.lane
), waiting as (
    update getcourse.notifications n
    set status = 'pending', sent_at = null
    from woken w
    where n.outbox_id = w.id
)
select id, bot_id, lane from woken;

-- name: alert_route
-- Where those who look after the bot are told.
select b.name, b.alert_chat_id
from platform.bots b
where b.id = %(bot_id)s::bigint and b.alert_chat_id is not null and b.alert_chat_id <> %(chat_id)s::bigint;
