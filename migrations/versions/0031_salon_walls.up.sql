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

do $$
declare
    found record;
begin
    for found in
        select p.polrelid::regclass as name, t.tenant, t.whose, t.optional
        from (values
            ('dashboard.users', 'tenant_id', 'managed', true), ('dashboard.audits', 'tenant_id', 'managed', true),
            ('dashboard.alerts', 'tenant_id', 'seen', true), ('dashboard.tenant_settings', 'tenant_id', 'managed', false),
            ('dashboard.metrics_dailies', 'tenant_id', 'seen', false), ('dashboard.conversations', 'tenant_id', 'seen', false),
            ('dashboard.bookings', 'tenant_id', 'seen', false), ('public.tenants_v2', 'id', 'seen', false),
            ('public.clients_v2', 'tenant_id', 'seen', false), ('public.conversation_sessions_v2', 'tenant_id', 'seen', false),
            ('public.recent_history_v2', 'tenant_id', 'seen', false), ('public.active_sessions_v2', 'tenant_id', 'seen', false),
            ('public.wishlist_v2', 'tenant_id', 'seen', false), ('public.user_ltm_v2', 'tenant_id', 'seen', false))
            as t (name, tenant, whose, optional)
        join pg_policy p on p.polrelid = to_regclass(t.name) and p.polname = 'viewers'
        where t.name like 'dashboard.%' or dashboard.ours(split_part(t.name, '.', 2))
    loop
        -- What is of no tenant is super_admin's; both conditions are the index's.
        execute format(
            'alter policy viewers on %s using (%I between (select dashboard.first_%s()) and (select dashboard.last_%3$s())%s)',
            found.name, found.tenant, found.whose,
            case when found.optional then format(' or (%I is null and (select dashboard.sees_all()))', found.tenant) end);
    end loop;
end $$;

grant create on schema dashboard to dashboard_keeper, dashboard_reader;
set local role dashboard_keeper;
create or replace function dashboard.session_amounts() returns table (id bigint, amount numeric)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.id, s.booking_amount from public.conversation_sessions_v2 s
    where s.booking_amount is not null
      and s.tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed())
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
    indexed text := '(\1 between (select dashboard.first_seen()) and (select dashboard.last_seen()))';
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
        if changed ~ 'sees_all' then
            raise exception 'the condition of % is not the one that migrations gave it', found.name;
        end if;
        if found.owner = 'dashboard_reader' then
            set local role dashboard_reader;
        end if;
        execute format('create or replace view %s with (%s) as %s', found.name, found.options, changed);
        reset role;
    end loop;
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
