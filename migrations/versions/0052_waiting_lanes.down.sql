create or replace function platform.health(out revision text, out waiting_seconds float8, out missed text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select (select v.version_num from public.carillon_version v),
           coalesce((
               select extract(epoch from clock_timestamp() - min(first.due))::float8
               from platform.bots b
               join platform.bot_limits m on m.bot_id = b.id and m.paused_until <= (select clock_timestamp())
               cross join (values (0), (1), (2)) as of_three (priority)
               cross join lateral (
                   select greatest(l.head_due, l.next_at, l.leased_until, case when l.paced then p.next_at end,
                                   p.paused_until, m.paused_until) as due
                   from platform.lanes l
                   join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
                   where l.bot_id = b.id and l.priority = of_three.priority and l.head_due is not null
                     and greatest(l.head_due, l.next_at, l.leased_until) <= (select clock_timestamp())
                     and greatest(case when l.paced then p.next_at end, p.paused_until) <= (select clock_timestamp())
                   order by greatest(l.head_due, l.next_at, l.leased_until)
                   limit 100) first
               where b.status = 'active'), 0),
           coalesce((
               select array_agg(r.function order by r.function)
               from platform.job_runs r
               where r.started_at < clock_timestamp() - make_interval(secs => 3 * r.period_seconds)), '{}')
$$;

drop function platform.longest_overdue();
drop function platform.waiting_priorities(bigint);
