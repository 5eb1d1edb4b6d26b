-- name: queue
-- What waits, by kind: how many of the first ten thousand, and for how long the oldest of them is due.
select w.kind, count(*)::float8 as messages,
       greatest(extract(epoch from clock_timestamp() - min(w.due_at)), 0)::float8 as oldest_seconds
from (
    select o.kind, o.due_at from platform.outbox o where o.state in ('queued', 'sending') limit 10000) w
group by w.kind;

-- name: recent
-- What was enqueued in the last ten minutes, by kind and by what became of it.
select o.kind, o.state, count(*)::float8 as messages
from platform.outbox o
where o.created_at >= now() - interval '10 minutes'
group by o.kind, o.state;

-- name: rate
-- The share of each bot's rate that its sends of the last ten minutes took. The planner knows now(), and how few they are.
with recent as materialized (
    select o.bot_id
    from platform.outbox o
    where o.created_at >= now() - interval '10 minutes' and o.state = 'sent'
)
select b.name as bot,
       ((select count(*) from recent r where r.bot_id = b.id) / (b.rate_per_second * 600))::float8 as used
from platform.bots b
where b.channel = 'telegram';

-- name: runs
select r.function, extract(epoch from clock_timestamp() - r.started_at)::float8 as age_seconds,
       extract(epoch from r.finished_at - r.started_at)::float8 as seconds, r.period_seconds::float8
from platform.job_runs r;

-- name: tokens
-- Of the model, today (UTC, as budgets count).
select 'learning' as system, coalesce(sum(u.tokens), 0)::float8 as tokens
from learning.clients c
join learning.daily_usage u on u.client_id = c.id and u.day = (select (clock_timestamp() at time zone 'utc')::date)
union all
select 'support', coalesce(sum(u.tokens), 0)::float8
from support.clients c
join support.token_usage u on u.client_id = c.id and u.day = (select (clock_timestamp() at time zone 'utc')::date);

-- name: health
select h.waiting_seconds, cardinality(h.missed)::float8 as missed from platform.health() h;
