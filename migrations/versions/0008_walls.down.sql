do $$
declare
    one record;
    name text;
begin
    for one in
        select c.oid::regclass as name, p.polname
        from pg_policy p join pg_class c on c.oid = p.polrelid
        where p.polname in ('viewers', 'keepers', 'bots')
          and (c.relnamespace = 'dashboard'::regnamespace
               or c.relnamespace = 'public'::regnamespace and dashboard.ours(c.relname))
    loop
        execute format('drop policy %I on %s', one.polname, one.name);
    end loop;
    for one in
        select c.oid::regclass as name, c.relnamespace = 'public'::regnamespace as is_the_bots
        from pg_class c
        where c.relkind = 'r' and (c.relnamespace = 'dashboard'::regnamespace
              or c.relnamespace = 'public'::regnamespace and dashboard.ours(c.relname))
    loop
        execute format('alter table %s no force row level security', one.name);
        execute format('alter table %s disable row level security', one.name);
        if one.is_the_bots then
            execute format('revoke all on %s from authenticated', one.name);
        end if;
    end loop;
    for name in
        select i.name
        from (values ('clients_v2', 'idx_clients_tenant'), ('conversation_sessions_v2', 'idx_sessions_started'),
                     ('conversation_sessions_v2', 'idx_sessions_tenant_status_date'),
                     ('conversation_sessions_v2', 'idx_sessions_booking_created'),
                     ('recent_history_v2', 'idx_history_session_created'),
                     ('wishlist_v2', 'idx_wishlist_tenant_pending')) as i (of, name)
        where dashboard.ours(i.of)
    loop
        execute format('drop index public.%I', name);
    end loop;
end $$;

drop function dashboard.ours(text), dashboard.managed_tenant(), dashboard.seen_tenant(),
    dashboard.sees_all(), dashboard.viewers_tenant(), dashboard.app_role(), dashboard.claims();
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
