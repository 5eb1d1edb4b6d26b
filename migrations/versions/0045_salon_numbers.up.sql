-- The numbers of the salon owner's pages.
-- squawk-ignore-file require-concurrent-index-creation

-- The dialogs of days (each from `begins` to `ends`, sorted, the first one is day 1), as the digest counts them: a session
-- that was archived twice counts once, with its booking. Without `set`, so that the planner sees through it and computes what
-- somebody asks for alone.
create function dashboard.dialogs(of_tenant uuid, begins timestamptz[], ends timestamptz[])
returns table (day_number int, id bigint, session_id uuid, user_id uuid, channel text, started_at timestamptz, status text,
               ending text, step text, booking_id text, services text[], messages int, summary text)
language sql stable rows 1000 as $$
    select distinct on (s.day_number, s.session_id) s.*
    from (select width_bucket(v.started_at, begins) as day_number, v.id, v.session_id, v.user_id, v.channel, v.started_at,
                 v.final_status,
                 case when v.final_status in ('done', 'escalated') then v.final_status
                      when v.final_status in ('dropped', 'abandoned', 'auto_closed') then 'lost' else 'other' end,
                 case when v.final_status = 'done' then null
                      when v.meta ->> 'drop_off_stage' in ('service_selection', 'staff_selection', 'date_selection', 'time_selection')
                      then v.meta ->> 'drop_off_stage' else 'unknown' end,
                 v.booking_id,
                 array(select distinct btrim(j.name)
                       from jsonb_array_elements_text(
                           case jsonb_typeof(v.meta -> 'services_mentioned') when 'array' then v.meta -> 'services_mentioned' end)
                           as j (name)
                       where btrim(j.name) <> ''),
                 v.messages_count, coalesce(v.final_summary, v.summary)
          from dashboard.v_sessions v
          where v.tenant_id = of_tenant and v.started_at >= begins[1] and v.started_at < ends[cardinality(ends)]) s
    where s.started_at < ends[s.day_number]
    order by s.day_number, s.session_id, s.booking_id is null, s.id desc
$$;

-- What the response of a day is the average of, so that a month's is known without its messages; null: counted before this.
alter table dashboard.metrics_dailies add answers int, add waited_ms numeric;

-- What the salon has done about its waiting list. The list itself is the bot's, and nobody else writes it.
create table dashboard.wishlist_marks (
    tenant_id uuid not null references public.tenants_v2,
    wishlist_id bigint not null,
    done_at timestamptz not null default now(),
    done_by bigint references dashboard.users on delete set null,
    primary key (tenant_id, wishlist_id)
);
create index wishlist_marks_user on dashboard.wishlist_marks (done_by);
create index wishlist_marks_done on dashboard.wishlist_marks (tenant_id, done_at);
alter table dashboard.wishlist_marks enable row level security;
alter table dashboard.wishlist_marks force row level security;
create policy keepers on dashboard.wishlist_marks to dashboard_keeper, fn_daily_metrics_digest using (true) with check (true);
create policy backup on dashboard.wishlist_marks for select to carillon_backup using (true);
create policy viewers on dashboard.wishlist_marks for select to authenticated using (
    tenant_id between (select dashboard.first_seen()) and (select dashboard.last_seen()));
create policy pages on dashboard.wishlist_marks to fn_salon_pages
    using (tenant_id between (select dashboard.first_seen()) and (select dashboard.last_seen()))
    with check (tenant_id between (select dashboard.first_seen()) and (select dashboard.last_seen()));

-- A salon's money in a time, for those who manage it.
grant create on schema dashboard to dashboard_keeper;
set local role dashboard_keeper;
create function dashboard.session_money(of_tenant uuid, since timestamptz, until timestamptz)
returns table (id bigint, amount numeric, currency text)
language sql stable security definer rows 1000 set search_path = pg_catalog, pg_temp as $$
    select s.id, s.booking_amount, s.booking_currency from public.conversation_sessions_v2 s
    where s.tenant_id = of_tenant and s.started_at >= since and s.started_at < until
      and (s.booking_amount is not null or s.booking_currency is not null)
      and s.tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed())
$$;
revoke execute on function dashboard.session_money(uuid, timestamptz, timestamptz) from public;
grant execute on function dashboard.session_money(uuid, timestamptz, timestamptz) to authenticated;
reset role;
revoke create on schema dashboard from dashboard_keeper;


-- Rights ------------------------------------------------------------------------------------------------------

grant select on dashboard.wishlist_marks to authenticated, carillon_backup;
grant select, insert, update, delete on dashboard.wishlist_marks to dashboard_keeper;
grant select (tenant_id, wishlist_id) on dashboard.wishlist_marks to fn_daily_metrics_digest;
-- "Not confirmed" is what was asked for and not found: the digest says it, and so do the pages.
grant select (attempts) on dashboard.bookings to authenticated;
grant select (tenant_id, wishlist_id), insert (tenant_id, wishlist_id, done_by), delete on dashboard.wishlist_marks to fn_salon_pages;
