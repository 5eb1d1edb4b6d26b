-- name: lock_wrong_lanes
-- The safety net: free lanes whose head is not what their rows say, after a hand-made change for instance. Only a lane
-- that has a head or a row can be wrong: the many idle ones are not read.
select l.bot_id, l.lane
from (
    select bot_id, lane from platform.lanes where head_due is not null
    union
    select bot_id, lane from platform.outbox where state in ('queued', 'sending')) busy
join platform.lanes l on l.bot_id = busy.bot_id and l.lane = busy.lane
where l.leased_until <= clock_timestamp() and l.head_due is distinct from (
    select o.due_at from platform.outbox o
    where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1)
for update of l skip locked;

-- name: next_due_in
-- Seconds until the next lane or the next group of answers is due; null when there is none. Of each bot's lanes the first
-- hundred of each priority: what comes behind them is not sooner, but for lanes whose chat may be written to before theirs.
select extract(epoch from least(
    (select min(greatest(first.due, b.paused_until))
     from platform.bots o
     join platform.bot_limits b on b.bot_id = o.id
     cross join (values (0), (1), (2)) as of_three (priority)
     cross join lateral (
         select greatest(l.head_due, l.next_at, l.leased_until, case when l.paced then p.next_at end, p.paused_until) as due
         from platform.lanes l
         join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
         where l.bot_id = o.id and l.priority = of_three.priority and l.head_due is not null
         order by greatest(l.head_due, l.next_at, l.leased_until)
         limit 100) first
     where o.status = 'active' and (%(bot)s::bigint is null or o.id = %(bot)s::bigint)),
    (select min(greatest(e.next_attempt_at, e.created_at + make_interval(secs => coalesce(s.collapse_seconds, 0))))
     from getcourse.webhook_events e
     left join platform.webhook_sources s on s.id = e.source_id
     where not e.processed)
) - clock_timestamp())::float8 as seconds;

-- name: remaining
select (select count(*) from platform.outbox where state in ('queued', 'sending'))
     + (select count(*) from getcourse.webhook_events where not processed) as remaining;

-- name: overdue
-- Seconds that the oldest due message of an active bot waits already, and the age of the oldest transaction (both
-- null when there is none). What waits for its chat's pace, or for a pause of its chat or bot, is not due. A long
-- transaction elsewhere keeps dead rows, and so makes every claim slower.
select (select extract(epoch from clock_timestamp() - min(greatest(
                   l.head_due, l.next_at, l.leased_until, case when l.paced then p.next_at end, p.paused_until,
                   m.paused_until)))::float8
        from platform.lanes l
        join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
        join platform.bots b on b.id = l.bot_id and b.status = 'active'
        join platform.bot_limits m on m.bot_id = l.bot_id
        where l.head_due is not null
          and greatest(l.head_due, l.next_at, l.leased_until) <= clock_timestamp()) as overdue_seconds,
       (select extract(epoch from clock_timestamp() - min(xact_start))::float8
        from pg_catalog.pg_stat_activity
        where datname = current_database() and backend_type = 'client backend') as transaction_seconds;
