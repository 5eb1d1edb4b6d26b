-- name: totals
select state, count(*) as messages from platform.outbox group by state;

-- name: latest
-- What is under way first, then the newest.
select o.id, b.name as bot, o.kind, o.lane, o.state, o.created_at, o.due_at, o.finished_at, o.error_class, o.error_text,
       o.maybe_duplicate, o.correlation_id, coalesce(o.payload ->> 'text', o.payload ->> 'caption', '') as text,
       (select count(*) from platform.outbox_attempts a where a.outbox_id = o.id) as attempts
from platform.outbox o
join platform.bots b on b.id = o.bot_id
order by (o.state in ('queued', 'sending')) desc, o.id desc
limit 40;

-- name: lanes
-- Those that wait, are being served, or rest.
select b.name as bot, l.lane, l.head_due, l.blocked_class,
       case when isfinite(greatest(l.next_at, l.paused_until)) then greatest(l.next_at, l.paused_until) end as next_at,
       case when isfinite(l.leased_until) then l.leased_until end as leased_until
from platform.lanes l
join platform.bots b on b.id = l.bot_id
where l.head_due is not null or l.blocked_at is not null
   or greatest(l.next_at, l.paused_until, l.leased_until) > (select clock_timestamp())
order by l.head_due nulls last
limit 40;

-- name: rates
-- `waits`: seconds until the bot may send again; its rate after Telegram has slowed it down.
select b.name as bot, b.channel, b.status, coalesce(l.slowed_rate, b.rate_per_second) as per_second,
       greatest(0, extract(epoch from greatest(l.paused_until, '2000-01-01') - clock_timestamp()))::float as waits
from platform.bots b
left join platform.bot_limits l on l.bot_id = b.id
order by b.name;

-- name: runs
select function, started_at, finished_at, report from platform.job_runs order by started_at desc;

-- name: of_message
-- The row of a message that the sandbox shows: a private chat is the bot's own, a group's number is everybody's.
select o.id
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where (b.telegram_id = %(bot)s::bigint and o.chat_id = %(chat)s::bigint and o.message_id = %(message)s::bigint)
   or o.external_id = %(external)s::text
order by o.id desc
limit 1;
