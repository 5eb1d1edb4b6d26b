-- name: claim
-- Up to `most` lanes of one bot that are due, each with its head marked `sending` under a new attempt id, and a
-- permit of the bot's shared rate (GCRA) for each. The mark is committed before anybody sends a byte.
--   * A lane that another dispatcher holds is skipped; a lane whose lease ran out is taken over (`taken_over`), and the
--     attempt that nobody finished is written down as lost.
--   * The head is the oldest by created_at: ordered by id alone the planner may walk the primary key through
--     everything that was ever sent.
--   * The statement sees the outbox as of its start: a head that was finished since is skipped by the update's
--     recheck of its state, and its lane stays free.
with bot as materialized (
    select b.id, b.rate_per_second as rate, b.private_pace, b.group_pace,
           greatest(l.tat, clock_timestamp() - make_interval(secs => b.burst / b.rate_per_second), l.paused_until) as base
    from platform.bot_limits l
    join platform.bots b on b.id = l.bot_id
    where l.bot_id = %(bot)s::bigint and b.status = 'active'
    for update of l
), allowance as (
    select floor(extract(epoch from clock_timestamp() + make_interval(secs => %(most_wait)s::float8) - base) * rate) as permits
    from bot
), picked as materialized (
    select bot_id, lane
    from platform.lanes
    where bot_id = %(bot)s::bigint and head_due is not null
      and greatest(head_due, next_at, leased_until) <= clock_timestamp()
    order by greatest(head_due, next_at, leased_until)
    limit greatest(0, least(%(most)s::int, coalesce((select permits from allowance), 0)))
    for update skip locked
), heads as (
    select p.bot_id, p.lane, h.id, h.state = 'sending' as taken_over, h.maybe_duplicate as doubted,
           h.attempt_id as former_attempt, h.send_started_at as former_start,
           row_number() over (order by h.created_at, h.id) as place
    from picked p
    cross join lateral (
        select o.id, o.created_at, o.state, o.maybe_duplicate, o.attempt_id, o.send_started_at
        from platform.outbox o
        where o.bot_id = p.bot_id and o.lane = p.lane and o.state in ('queued', 'sending')
        order by o.created_at, o.id
        limit 1) h
), begun as (
    update platform.outbox o
    set state = 'sending', attempt = o.attempt + 1, attempt_id = gen_random_uuid(),
        send_started_at = clock_timestamp(), maybe_duplicate = o.maybe_duplicate or h.taken_over
    from heads h
    where o.id = h.id and o.state in ('queued', 'sending') and o.due_at <= clock_timestamp()
    returning o.id, o.attempt_id, o.attempt, o.bot_id, o.lane, o.chat_id, o.kind, o.method, o.payload, o.policy,
              o.correlation_id, o.send_started_at, coalesce(o.expires_at < clock_timestamp(), false) as expired,
              h.taken_over, h.doubted, h.former_attempt, h.former_start, h.place
), lost as (
    insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, outcome)
    select former_attempt, id, former_start, 'lost' from begun where taken_over
    on conflict (attempt_id) do nothing
), leased as (
    update platform.lanes l
    set lease = b.attempt_id, leased_until = clock_timestamp() + make_interval(secs => %(lease)s::float8)
    from begun b
    where l.bot_id = b.bot_id and l.lane = b.lane
), spent as (
    update platform.bot_limits l
    set tat = bot.base + make_interval(secs => (select count(*) from begun) / bot.rate)
    from bot
    where l.bot_id = bot.id and exists (select from begun)
)
select b.id, b.attempt_id, b.attempt, b.bot_id, b.lane, b.chat_id, b.kind, b.method, b.payload, b.policy,
       b.correlation_id, b.send_started_at, b.expired, b.taken_over, b.doubted,
       extract(epoch from case when b.chat_id < 0 then bot.group_pace else bot.private_pace end)::float8 as pace,
       greatest(0, extract(epoch from bot.base - clock_timestamp()) + (b.place - 1) / bot.rate)::float8 as wait
from begun b, bot
order by b.place;

-- name: lock_lanes
-- First the lanes, always in the same order: whoever enqueues into one of them has to wait or has committed.
select from platform.lanes l
join unnest(%(bots)s::bigint[], %(lanes)s::text[]) as wanted (bot_id, lane)
    on wanted.bot_id = l.bot_id and wanted.lane = l.lane
order by l.bot_id, l.lane
for update of l;

-- name: finish
-- Only the attempt that is still the row's own may finish it; a zombie changes nothing but leaves its evidence.
with done as (
    select d.*
    from jsonb_to_recordset(%(decisions)s::jsonb) as d (
        id bigint, attempt_id uuid, started_at timestamptz, outcome text, http_status int, retry_after float8,
        state text, delay float8, burnt boolean, doubted boolean, message_id bigint, error_class text)
), noted as (
    insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, outcome, http_status, retry_after)
    select attempt_id, id, started_at, outcome, http_status, retry_after from done
    on conflict (attempt_id) do nothing
)
update platform.outbox o
set state = d.state,
    due_at = case when d.state = 'queued' then clock_timestamp() + make_interval(secs => d.delay) else o.due_at end,
    finished_at = case when d.state <> 'queued' then clock_timestamp() end,
    attempt = o.attempt - case when d.burnt then 0 else 1 end,
    maybe_duplicate = o.maybe_duplicate or d.doubted,
    message_id = d.message_id, error_class = d.error_class, error_code = d.http_status
from done d
where o.id = d.id and o.attempt_id = d.attempt_id and o.state = 'sending'
returning o.id, o.kind, o.state, o.message_id, o.finished_at;

-- name: free_lanes
-- A second statement, with a fresh view of the rows: the next head, the pause, and the lease given back.
update platform.lanes l
set head_due = (
        select o.due_at from platform.outbox o
        where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
        order by o.created_at, o.id limit 1),
    next_at = clock_timestamp() + make_interval(secs => d.pause),
    lease = null, leased_until = '-infinity'
from jsonb_to_recordset(%(decisions)s::jsonb) as d (bot_id bigint, lane text, attempt_id uuid, pause float8)
where l.bot_id = d.bot_id and l.lane = d.lane and l.lease = d.attempt_id;

-- name: pause_bots
-- Three chats refused within ten seconds: Telegram means the bot, not the chats. The longest wait counts.
update platform.bot_limits l
set paused_until = greatest(l.paused_until, refused.until)
from (
    select o.bot_id, max(a.ended_at + make_interval(secs => a.retry_after)) as until
    from platform.outbox_attempts a
    join platform.outbox o on o.id = a.outbox_id
    where a.outcome = 'rate_limited' and a.ended_at > clock_timestamp() - interval '10 seconds'
      and o.bot_id = any(%(bots)s::bigint[])
    group by o.bot_id
    having count(distinct o.lane) >= 3) refused
where l.bot_id = refused.bot_id;

-- name: lock_wrong_lanes
-- The safety net: free lanes whose head is not what their rows say, after a hand-made change for instance.
select l.bot_id, l.lane
from platform.lanes l
where l.leased_until <= clock_timestamp() and l.head_due is distinct from (
    select o.due_at from platform.outbox o
    where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1)
for update skip locked;

-- name: set_heads
update platform.lanes l
set head_due = (
    select o.due_at from platform.outbox o
    where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1)
from unnest(%(bots)s::bigint[], %(lanes)s::text[]) as wrong (bot_id, lane)
where l.bot_id = wrong.bot_id and l.lane = wrong.lane;

-- name: next_due_in
-- Seconds until the next lane or the next group of answers is due; null when there is none.
select extract(epoch from least(
    (select min(greatest(l.head_due, l.next_at, l.leased_until, b.paused_until))
     from platform.lanes l
     join platform.bot_limits b on b.bot_id = l.bot_id
     join platform.bots o on o.id = l.bot_id and o.status = 'active'
     where l.head_due is not null),
    (select min(greatest(e.next_attempt_at, e.created_at + make_interval(secs => coalesce(s.collapse_seconds, 0))))
     from getcourse.webhook_events e
     left join platform.webhook_sources s on s.id = e.source_id
     where not e.processed)
) - clock_timestamp())::float8 as seconds;

-- name: remaining
select (select count(*) from platform.outbox where state in ('queued', 'sending'))
     + (select count(*) from getcourse.webhook_events where not processed) as remaining;

-- name: write_back_getcourse
update getcourse.notifications n
set status = case d.state when 'sent' then 'sent' when 'unknown' then 'unknown'
                          when 'cancelled' then 'cancelled' else 'failed' end,
    sent_at = case when d.state = 'sent' then d.finished_at end,
    telegram_message_id = d.message_id::text
from unnest(%(ids)s::bigint[], %(states)s::text[], %(message_ids)s::bigint[], %(finished)s::timestamptz[])
    as d (outbox_id, state, message_id, finished_at)
where n.outbox_id = d.outbox_id;
