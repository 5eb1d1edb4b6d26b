-- A viewer of one salon among a thousand reads that salon's rows, and a run with nothing to do reads hardly any.

-- Walls ---------------------------------------------------------------------------------------------------

-- The tenants whose rows the viewer sees, from the first to the last: all, one, or none (null). A range is a condition of an
-- index; "sees all or is of the tenant" is none, and read everybody's rows. No table is asked who there is: what belongs to
-- a tenant that has left is seen by super_admin as before.
create function dashboard.first_seen() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when dashboard.sees_all() then '00000000-0000-0000-0000-000000000000' else dashboard.seen_tenant() end
$$;
create function dashboard.last_seen() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when dashboard.sees_all() then 'ffffffff-ffff-ffff-ffff-ffffffffffff' else dashboard.seen_tenant() end
$$;
create function dashboard.first_managed() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when dashboard.sees_all() then '00000000-0000-0000-0000-000000000000' else dashboard.managed_tenant() end
$$;
create function dashboard.last_managed() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when dashboard.sees_all() then 'ffffffff-ffff-ffff-ffff-ffffffffffff' else dashboard.managed_tenant() end
$$;

-- What is of no tenant is super_admin's. Two conditions of one index are a bitmap: it reads the pages of one salon, and where
-- somebody sees all, a table from its beginning to its end.
do $$
declare
    found record;
begin
    for found in
        select p.polrelid::regclass as name,
               case when c.relname = 'tenants_v2' then 'id' else 'tenant_id' end as tenant,
               case when c.relname in ('users', 'tenant_settings', 'audits') then 'managed' else 'seen' end as whose
        from pg_policy p
        join pg_class c on c.oid = p.polrelid
        where p.polname = 'viewers'
          and (c.relnamespace = 'dashboard'::regnamespace
               or c.relnamespace = 'public'::regnamespace and dashboard.ours(c.relname))
    loop
        execute format(
            'alter policy viewers on %1$s using ('
            '%2$I between (select dashboard.first_%3$s()) and (select dashboard.last_%3$s()) '
            'or (%2$I is null and (select dashboard.sees_all())))', found.name, found.tenant, found.whose);
    end loop;
end $$;

grant create on schema dashboard to dashboard_keeper, dashboard_reader;
set local role dashboard_keeper;
-- So many rows that they are hashed, and not gone through again for each session.
create or replace function dashboard.session_amounts() returns table (id bigint, amount numeric)
language sql stable security definer rows 100000 set search_path = pg_catalog, pg_temp as $$
    select s.id, s.booking_amount from public.conversation_sessions_v2 s
    where s.booking_amount is not null
      and (s.tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed())
           or (s.tenant_id is null and (select dashboard.sees_all())))
$$;
create or replace function dashboard.tenant_zones() returns table (tenant_id uuid, timezone text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, dashboard.known_zone(s.timezone) from dashboard.tenant_settings s
    where s.tenant_id between (select dashboard.first_seen()) and (select dashboard.last_seen())
$$;
reset role;

-- The views have their own condition, which alone stands between tenants where the bot's tables are somebody else's. Each
-- has the same one, and is as it was but for that.
do $$
declare
    found record;
    condition text := '\(\( SELECT dashboard\.sees_all\(\) AS sees_all\) OR \(([a-z_0-9.]+) = '
                      '\( SELECT dashboard\.seen_tenant\(\) AS seen_tenant\)\)\)';
    indexed text := '(\1 between (select dashboard.first_seen()) and (select dashboard.last_seen()) '
                    'or (\1 is null and (select dashboard.sees_all())))';
    changed text;
begin
    for found in
        select c.oid, c.oid::regclass as name, array_to_string(c.reloptions, ', ') as options,
               pg_get_userbyid(c.relowner) as owner
        from pg_class c
        where c.relnamespace = 'dashboard'::regnamespace and c.relkind = 'v'
          and pg_get_viewdef(c.oid) ~ 'sees_all'
        order by c.oid
    loop
        changed := regexp_replace(pg_get_viewdef(found.oid), condition, indexed, 'g');
        -- So that the index of everybody's bookings by time is not read beside the tenant's.
        changed := replace(changed, '(s.booking_id IS NOT NULL)', '((s.booking_id is null) is not true)');
        if changed ~ condition or changed !~ 'first_seen' then
            raise exception 'the condition of % is not the one that migrations gave it', found.name;
        end if;
        if found.owner = 'dashboard_reader' then
            set local role dashboard_reader;
        end if;
        execute format('create or replace view %s with (%s) as %s', found.name, found.options, changed);
        reset role;
    end loop;
end $$;

-- The newest sessions: all of them by their time, or one tenant's, and never one tenant's by the time of all.
do $$
declare
    columns text := 'id, session_id, tenant_id, user_id, channel, started_at, ended_at, duration_sec, final_status, '
                    'final_intent, final_summary, booking_id, booking_source, booking_status, booking_datetime, '
                    'messages_count, agent_messages_count, user_messages_count, meta, summary, created_at';
    options text := (select array_to_string(c.reloptions, ', ') from pg_class c where c.oid = 'dashboard.v_sessions'::regclass);
begin
    if pg_get_userbyid((select c.relowner from pg_class c where c.oid = 'dashboard.v_sessions'::regclass)) = 'dashboard_reader' then
        set local role dashboard_reader;
    end if;
    execute format(
        'create or replace view dashboard.v_sessions with (%1$s) as '
        'select %2$s from public.conversation_sessions_v2 where (select dashboard.sees_all()) union all '
        'select %2$s from public.conversation_sessions_v2 where tenant_id = (select dashboard.seen_tenant())', options, columns);
    reset role;
end $$;
revoke create on schema dashboard from dashboard_keeper, dashboard_reader;


-- The bot's messages --------------------------------------------------------------------------------------

-- What a viewer reads of one salon, only where the table is ours (which is why it stands here): the bot waits while it is
-- made. Where it is somebody else's, doctor proposes it to its owner.
do $$
begin
    if dashboard.ours('recent_history_v2') then
        create index idx_history_tenant_created on public.recent_history_v2 (tenant_id, created_at);
    end if;
end $$;


-- Sessions that become bookings ---------------------------------------------------------------------------

-- A run takes them in by batches; one that ended before the last batch says where the next one goes on. Null: it came to
-- the end.
alter table platform.job_runs add column position jsonb;
