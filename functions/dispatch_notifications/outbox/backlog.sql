-- name: find_wrong_lanes
-- The safety net: lanes whose head is not what their rows say, after a hand-made change for instance. Some hundred of those
-- that have rows, by name, and some hundred of those that have a head, by due time, from where the last look ended on: what a
-- look costs does not grow with what waits. A null position: there was no more.
with recursive filled as (
    select * from (
        select o.bot_id, o.lane, o.due_at
        from platform.outbox o
        where o.state in ('queued', 'sending') and (o.bot_id, o.lane) > (%(bot)s::bigint, %(lane)s::text)
        order by o.bot_id, o.lane, o.created_at, o.id
        limit 1) first
    union all
    select n.bot_id, n.lane, n.due_at
    from filled f
    cross join lateral (
        select o.bot_id, o.lane, o.due_at
        from platform.outbox o
        where o.state in ('queued', 'sending') and (o.bot_id, o.lane) > (f.bot_id, f.lane)
        order by o.bot_id, o.lane, o.created_at, o.id
        limit 1) n
), with_rows as materialized (
    select row_number() over () as place, * from (select * from filled limit %(most)s::int) f
), with_head as materialized (
    select row_number() over () as place, *
    from (
        select l.bot_id, l.lane, l.head_due, l.priority, greatest(l.head_due, l.next_at, l.leased_until) as due
        from platform.lanes l
        where l.head_due is not null and (l.bot_id, l.priority, greatest(l.head_due, l.next_at, l.leased_until))
              > (%(head_bot)s::bigint, %(head_priority)s::smallint, %(head_due)s::timestamptz)
        order by l.bot_id, l.priority, greatest(l.head_due, l.next_at, l.leased_until)
        limit %(most)s::int) h
), wrong as (
    select r.bot_id, r.lane
    from with_rows r
    join platform.lanes l on l.bot_id = r.bot_id and l.lane = r.lane
    where l.head_due is distinct from r.due_at
    union
    select h.bot_id, h.lane
    from with_head h
    where not exists (
        select from platform.outbox o
        where o.bot_id = h.bot_id and o.lane = h.lane and o.state in ('queued', 'sending'))
)
select (select coalesce(json_agg(w), '[]') from wrong w) as wrong,
       (select row_to_json(p) from (
            select bot_id as bot, lane from with_rows where place = %(most)s::int) p) as rows_until,
       (select row_to_json(p) from (
            select bot_id as head_bot, priority as head_priority, due as head_due
            from with_head where place = %(most)s::int) p) as heads_until;

-- name: lock_wrong_lanes
-- Those of some lanes that are free, and wrong still.
select l.bot_id, l.lane
from unnest(%(bots)s::bigint[], %(lanes)s::text[]) as w (bot_id, lane)
join platform.lanes l on l.bot_id = w.bot_id and l.lane = w.lane
where l.leased_until <= (select clock_timestamp()) and l.head_due is distinct from (
    select o.due_at from platform.outbox o
    where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
    order by o.created_at, o.id limit 1)
for update of l skip locked;

-- name: next_due_in
-- Seconds until the next lane is due, as far as one is `within` so many; null when there is none. Of each bot's lanes the first
-- hundred of each priority: what comes behind them is not sooner, but for lanes whose chat may be written to before theirs.
select extract(epoch from min(greatest(first.due, m.paused_until)) - clock_timestamp())::float8 as seconds
from platform.waiting_priorities(%(bot)s::bigint) w
join platform.bots b on b.id = w.bot_id and b.status = 'active'
join platform.bot_limits m on m.bot_id = b.id
cross join lateral (
    select greatest(l.head_due, l.next_at, l.leased_until, case when l.paced then p.next_at end, p.paused_until) as due
    from platform.lanes l
    join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
    where l.bot_id = b.id and l.priority = w.priority and l.head_due is not null
      and greatest(l.head_due, l.next_at, l.leased_until)
          <= (select clock_timestamp() + make_interval(secs => %(within)s::float8))
    order by greatest(l.head_due, l.next_at, l.leased_until)
    limit 100) first;

-- name: remaining
-- Counted as far as `most` of each.
select (select count(*) from (
            select from platform.outbox where state in ('queued', 'sending') limit %(most)s::int) messages)
     + (select count(*) from (
            select from getcourse.webhook_events where not processed limit %(most)s::int) events)
     + (select count(*) from (
            select from courses.broadcasts b
            join courses.broadcast_recipients r on r.broadcast_id = b.id and r.status = 'queued' and r.outbox_id is null
            where b.is_open and b.paused_at is null
            limit %(most)s::int) recipients) as remaining;

-- name: overdue
-- Seconds that the oldest due message of an active bot waits already, and the age of the oldest transaction (both
-- null when there is none): a long one elsewhere keeps dead rows, and so makes every claim slower.
select (select extract(epoch from clock_timestamp() - o.due)::float8 from platform.longest_overdue() o) as overdue_seconds,
       (select extract(epoch from clock_timestamp() - min(xact_start))::float8
        from pg_catalog.pg_stat_activity
        where datname = current_database() and backend_type = 'client backend') as transaction_seconds;
