alter table platform.job_runs drop column position;

grant create on schema dashboard to dashboard_keeper, dashboard_reader;
set local role dashboard_keeper;
create or replace function dashboard.session_amounts() returns table (id bigint, amount numeric)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.id, s.booking_amount from public.conversation_sessions_v2 s
    where s.booking_amount is not null
      and ((select dashboard.sees_all()) or s.tenant_id = (select dashboard.managed_tenant()))
$$;
create or replace function dashboard.tenant_zones() returns table (tenant_id uuid, timezone text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, dashboard.known_zone(s.timezone) from dashboard.tenant_settings s
    where (select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant())
$$;
reset role;

do $$
declare
    found record;
    indexed text := '\(\(\(([a-z_0-9.]+) >= \( SELECT dashboard\.first_seen\(\) AS first_seen\)\) AND '
                    '\([a-z_0-9.]+ <= \( SELECT dashboard\.last_seen\(\) AS last_seen\)\)\) OR '
                    '\(\([a-z_0-9.]+ IS NULL\) AND \( SELECT dashboard\.sees_all\(\) AS sees_all\)\)\)';
    sessions text := 'SELECT id, session_id, tenant_id, user_id, channel, started_at, ended_at, duration_sec, final_status, '
                     'final_intent, final_summary, booking_id, booking_source, booking_status, booking_datetime, '
                     'messages_count, agent_messages_count, user_messages_count, meta, summary, created_at '
                     'FROM public.conversation_sessions_v2 '
                     'WHERE (select dashboard.sees_all()) or tenant_id = (select dashboard.seen_tenant())';
    condition text := '((select dashboard.sees_all()) or \1 = (select dashboard.seen_tenant()))';
begin
    if dashboard.ours('recent_history_v2') then
        drop index public.idx_history_tenant_created;
    end if;
    for found in
        select p.polrelid::regclass as name,
               case when p.polrelid = to_regclass('public.tenants_v2') then 'id' else 'tenant_id' end as tenant,
               case when p.polrelid in ('dashboard.users'::regclass, 'dashboard.audits'::regclass,
                                        'dashboard.tenant_settings'::regclass) then 'managed' else 'seen' end as whose
        from pg_policy p
        where p.polname = 'viewers' and pg_get_expr(p.polqual, p.polrelid) ~ 'dashboard\.first_'
    loop
        execute format(
            'alter policy viewers on %s using ((select dashboard.sees_all()) or %I = (select dashboard.%s_tenant()))',
            found.name, found.tenant, found.whose);
    end loop;
    for found in
        select c.oid, c.oid::regclass as name, array_to_string(c.reloptions, ', ') as options,
               pg_get_userbyid(c.relowner) as owner
        from pg_class c
        where c.relnamespace = 'dashboard'::regnamespace and c.relkind = 'v'
          and (pg_get_viewdef(c.oid) ~ 'first_seen' or c.relname = 'v_sessions')
        order by c.oid
    loop
        if found.owner = 'dashboard_reader' then
            set local role dashboard_reader;
        end if;
        execute format('create or replace view %s with (%s) as %s', found.name, found.options,
                       case when found.oid = 'dashboard.v_sessions'::regclass then sessions
                            else replace(regexp_replace(pg_get_viewdef(found.oid), indexed, condition, 'g'),
                                         '((s.booking_id IS NULL) IS NOT TRUE)', '(s.booking_id IS NOT NULL)') end);
        reset role;
    end loop;
end $$;
revoke create on schema dashboard from dashboard_keeper, dashboard_reader;
drop function dashboard.first_seen(), dashboard.last_seen(), dashboard.first_managed(), dashboard.last_managed();
