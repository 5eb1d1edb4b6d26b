-- Whoever looks for what is due asks only the bots that have lanes waiting, not every bot there is.

-- Each bot and priority of which some lane waits, of all bots or of one: a step through the index lanes_due for each of them,
-- from the first of one to the first of the next, however many lanes lie between.
create function platform.waiting_priorities(only_bot bigint) returns table (bot_id bigint, priority smallint)
language sql stable rows 100 set search_path = pg_catalog, pg_temp as $$
    with recursive waiting as (
        select * from (
            select l.bot_id, l.priority
            from platform.lanes l
            where l.head_due is not null and l.bot_id >= coalesce(only_bot, 0)
            order by l.bot_id, l.priority
            limit 1) first
        where first.bot_id = coalesce(only_bot, first.bot_id)
        union all
        select next.bot_id, next.priority
        from waiting w
        cross join lateral (
            select l.bot_id, l.priority
            from platform.lanes l
            where l.head_due is not null and (l.bot_id, l.priority) > (w.bot_id, w.priority)
            order by l.bot_id, l.priority
            limit 1) next
        where next.bot_id = coalesce(only_bot, next.bot_id)
    )
    select w.bot_id, w.priority from waiting w
$$;
revoke execute on function platform.waiting_priorities(bigint) from public;
grant execute on function platform.waiting_priorities(bigint) to fn_dispatch_notifications;

-- The lane that has been due for longest, of active bots, and since when; no row where none is due. What waits for its chat's
-- pace, or for a pause of its chat or bot, is not due. Of each bot's lanes the first hundred of each priority: those behind
-- them wait for less.
create function platform.longest_overdue() returns table (bot_id bigint, lane text, due timestamptz)
language sql stable rows 1 set search_path = pg_catalog, pg_temp as $$
    select first.bot_id, first.lane, first.due
    from platform.waiting_priorities(null) w
    join platform.bots b on b.id = w.bot_id and b.status = 'active'
    join platform.bot_limits m on m.bot_id = b.id and m.paused_until <= (select clock_timestamp())
    cross join lateral (
        select l.bot_id, l.lane, greatest(l.head_due, l.next_at, l.leased_until, case when l.paced then p.next_at end,
                                          p.paused_until, m.paused_until) as due
        from platform.lanes l
        join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
        where l.bot_id = b.id and l.priority = w.priority and l.head_due is not null
          and greatest(l.head_due, l.next_at, l.leased_until) <= (select clock_timestamp())
          and greatest(case when l.paced then p.next_at end, p.paused_until) <= (select clock_timestamp())
        order by greatest(l.head_due, l.next_at, l.leased_until)
        limit 100) first
    order by first.due
    limit 1
$$;
revoke execute on function platform.longest_overdue() from public;
grant execute on function platform.longest_overdue() to fn_dispatch_notifications;

create or replace function platform.health(out revision text, out waiting_seconds float8, out missed text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select (select v.version_num from public.carillon_version v),
           coalesce((select extract(epoch from clock_timestamp() - o.due)::float8 from platform.longest_overdue() o), 0),
           coalesce((
               select array_agg(r.function order by r.function)
               from platform.job_runs r
               where r.started_at < clock_timestamp() - make_interval(secs => 3 * r.period_seconds)), '{}')
$$;
