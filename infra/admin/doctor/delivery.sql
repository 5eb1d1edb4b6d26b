-- name: overdue
-- The lane that has been due for longest, of bots that may send, and the message at its head.
select b.name as bot, extract(epoch from clock_timestamp() - first.due)::float8 as age, head.id, head.kind, head.error_class
from platform.longest_overdue() first
join platform.bots b on b.id = first.bot_id
left join lateral (
    select o.id, o.kind, o.error_class from platform.outbox o
    where o.bot_id = first.bot_id and o.lane = first.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1) head on true;

-- name: pauses
-- Who has to rest for a while yet: whole bots, and chats. An address of WhatsApp is a phone number.
select b.name as bot, null as chat, m.paused_until as until,
       (select count(*) from platform.outbox o where o.bot_id = b.id and o.state in ('queued', 'sending')) as messages
from platform.bot_limits m
join platform.bots b on b.id = m.bot_id
where m.paused_until > (select clock_timestamp()) + interval '1 minute'
union all
select b.name, case when p.lane ~ '^-?[0-9]+$' then 'chat ' || p.lane else 'a chat' end, p.paused_until,
       (select count(*)
        from platform.lanes l
        join platform.outbox o on o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
        where l.bot_id = p.bot_id and coalesce(l.chat, l.lane) = p.lane)
from platform.lanes p
join platform.bots b on b.id = p.bot_id
where p.paused_until > '-infinity' and p.paused_until > (select clock_timestamp()) + interval '1 minute'
order by until desc
limit 20;

-- name: dead_letters
select o.state, o.error_class, count(*) as messages
from platform.outbox o
where o.state in ('dead', 'unknown') and o.finished_at >= (select clock_timestamp()) - interval '24 hours'
group by o.state, o.error_class
order by count(*) desc, o.state, o.error_class;

-- name: stopped
select b.name as bot, b.status, count(*) as messages
from platform.bots b
join platform.outbox o on o.bot_id = b.id and o.state in ('queued', 'sending')
where b.status <> 'active'
group by b.id
order by b.id;

-- name: groups
-- What waits because of a group's state (the class of a message in the queue), under the name of the desk whose group it
-- is.
select b.name as bot, o.error_class as state, count(*) as messages,
       extract(epoch from clock_timestamp() - min(o.created_at))::float8 as age,
       coalesce((select min(d.name)
                 from support.client_settings s
                 join support.clients d on d.id = s.client_id
                 where s.telegram_bot_id = o.bot_id and s.telegram_chat_id = o.chat_id::text), o.chat_id::text) as name
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.state in ('queued', 'sending') and o.error_class = any(%(states)s::text[])
group by b.name, o.bot_id, o.chat_id, o.error_class
order by min(o.created_at);

-- name: blocked_chats
select count(*) as chats from platform.lanes where blocked_at is not null;

-- name: transaction
-- The oldest of this database. Nothing is known of other users' without pg_read_all_stats.
select pid, usename, extract(epoch from clock_timestamp() - xact_start)::float8 as age
from pg_catalog.pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
order by xact_start
limit 1;
