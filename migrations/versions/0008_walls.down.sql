drop view dashboard.v_wishlist_pending, dashboard.v_top_services_corrected, dashboard.v_top_services,
    dashboard.v_conversion_funnel_corrected, dashboard.v_conversion_funnel, dashboard.v_tenants;
drop function dashboard.session_amounts();

do $$
declare
    one record;
begin
    for one in
        select c.oid::regclass as name, p.polname
        from pg_policy p join pg_class c on c.oid = p.polrelid
        where p.polname in ('viewers', 'keepers', 'bots') and c.relnamespace in ('dashboard'::regnamespace, 'public'::regnamespace)
    loop
        execute format('drop policy %I on %s', one.polname, one.name);
    end loop;
    for one in
        select c.oid::regclass as name
        from pg_class c
        where c.relkind = 'r' and (c.relnamespace = 'dashboard'::regnamespace
              or obj_description(c.oid, 'pg_class') = 'carillon: 0006_bot_tables')
    loop
        execute format('alter table %s no force row level security', one.name);
        execute format('alter table %s disable row level security', one.name);
    end loop;
    if dashboard.ours('conversation_sessions_v2') then
        drop index public.idx_clients_tenant, public.idx_sessions_started, public.idx_sessions_tenant_status_date,
            public.idx_history_session_created, public.idx_wishlist_tenant_pending;
        revoke all on public.tenants_v2, public.clients_v2, public.conversation_sessions_v2, public.recent_history_v2,
            public.active_sessions_v2, public.wishlist_v2, public.user_ltm_v2 from authenticated;
        revoke usage on schema public from authenticated;
    end if;
end $$;

drop function dashboard.ours(text), dashboard.manages(uuid), dashboard.sees(uuid), dashboard.viewers_tenant(), dashboard.app_role(),
    dashboard.claims();
-- Supabase's roles have rights elsewhere: only ours are taken back.
revoke all on all tables in schema dashboard from authenticated, service_role;
revoke usage on schema dashboard from authenticated, service_role;
drop owned by dashboard_reader, dashboard_keeper, salon_bot;
do $$
begin
    drop role dashboard_keeper;
exception when dependent_objects_still_exist then
    null;  -- another database of this cluster still uses it
end $$;
