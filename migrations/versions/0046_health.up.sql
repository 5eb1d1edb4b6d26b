-- Every function answers /health with the same few facts about the whole, whatever else its role may read.

-- Null: no run of this release has ended yet. The table has a row for each scheduled function.
alter table platform.job_runs add column period_seconds integer;
comment on column platform.job_runs.period_seconds is 'how often the function is to be called';

-- `waiting_seconds` is for how long the oldest due message of an active bot waits, as dispatch_notifications counts it (its
-- outbox/backlog.sql: overdue); 0 where none is due. `missed` are functions that were not called for three periods.
create function platform.health(out revision text, out waiting_seconds float8, out missed text[])
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
revoke execute on function platform.health() from public;

grant usage on schema platform to fn_agent_reply, fn_learning_api;
grant execute on function platform.health() to
    fn_agent_reply, fn_answer_conversations, fn_daily_metrics_digest, fn_dispatch_notifications,
    fn_handover_reminder_sweep, fn_housekeeping, fn_ingest_webhook, fn_learning_api, fn_remind_deadlines,
    fn_remind_participants, fn_salon_pages, fn_serve_media, fn_telegram_webhook, fn_verify_bookings;
