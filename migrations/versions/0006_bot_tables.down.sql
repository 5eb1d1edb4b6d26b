-- The bot's tables stay, unless we made them.
do $$
declare
    one text;
begin
    foreach one in array array['user_ltm_v2', 'wishlist_v2', 'active_sessions_v2', 'recent_history_v2',
                               'conversation_sessions_v2', 'clients_v2', 'tenants_v2'] loop
        if obj_description(to_regclass('public.' || one), 'pg_class') = 'carillon: 0006_bot_tables' then
            execute format('drop table public.%I', one);
        end if;
    end loop;
    if obj_description(to_regprocedure('auth.jwt()'), 'pg_proc') = 'carillon: 0006_bot_tables' then
        drop function auth.jwt();
    end if;
    if obj_description(to_regnamespace('auth'), 'pg_namespace') = 'carillon: 0006_bot_tables'
       and not exists (select from pg_class where relnamespace = to_regnamespace('auth'))
       and not exists (select from pg_proc where pronamespace = to_regnamespace('auth')) then
        drop schema auth;
    end if;
end $$;

-- Roles belong to the whole cluster; Supabase's own are never dropped.
drop owned by dashboard_reader, salon_bot;
do $$
declare
    one text;
begin
    foreach one in array array['dashboard_reader', 'salon_bot'] loop
        begin
            execute format('drop role %I', one);
        exception when dependent_objects_still_exist then
            null;  -- another database of this cluster still uses it
        end;
    end loop;
end $$;
