-- System 2: what viewers read of the salons (source 2, section 7). Departures from the source document:
--   * Views are security_invoker; those of the document with wrong sums have corrected ones beside them (…_corrected).
--   * Money is not a column that viewers have: session_amounts() tells it to those who manage.

create function dashboard.session_amounts() returns table (id bigint, amount numeric)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.id, s.booking_amount from public.conversation_sessions_v2 s
    where s.booking_amount is not null
      and ((select dashboard.sees_all()) or s.tenant_id = (select dashboard.managed_tenant()))
$$;

-- A zone that Postgres does not know would break the days of every tenant: the usual one stands in for it.
create function dashboard.known_zone(zone text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    perform now() at time zone zone;
    return zone;
exception when invalid_parameter_value then
    return 'Asia/Almaty';
end $$;

-- Staff see no settings, but their days are the tenant's all the same.
create function dashboard.tenant_zones() returns table (tenant_id uuid, timezone text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, dashboard.known_zone(s.timezone) from dashboard.tenant_settings s
    where (select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant())
$$;

-- A salon's group that became a supergroup is followed.
create function dashboard.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update dashboard.tenant_settings set chat_id = new.new_chat_id where chat_id = new.old_chat_id;
    return new;
end $$;
revoke execute on function dashboard.follow_moved_chat() from public;
create trigger chat_moves_salon after insert on platform.chat_moves
    for each row execute function dashboard.follow_moved_chat();

-- Whoever is to own something here must be allowed to make it, for as long as this takes.
grant create on schema dashboard to dashboard_keeper, dashboard_reader;
alter function dashboard.session_amounts() owner to dashboard_keeper;
alter function dashboard.tenant_zones() owner to dashboard_keeper;
alter function dashboard.follow_moved_chat() owner to dashboard_keeper;

-- Views. Where the bot's tables are ours, with the viewer's own rights and under the policies; else with dashboard_reader's,
-- and only their own conditions stand between tenants.
do $$
declare
    ours boolean := (select bool_and(dashboard.ours(b.name)) from unnest(array[
        'tenants_v2', 'clients_v2', 'conversation_sessions_v2', 'recent_history_v2', 'wishlist_v2', 'user_ltm_v2']) as b (name));
    how text := case when ours then 'security_invoker = true' else 'security_barrier = true' end;
    one record;
begin
    -- The bot's tables as viewers may read them, whosever they are: without money, and without columns that we do not know.
    for one in
        select * from (values
            ('v_clients', 'clients_v2', 'id, tenant_id, telegram_chat_id, whatsapp_id, phone, yclients_client_id, full_name, meta,
                created_at, updated_at'),
            ('v_sessions', 'conversation_sessions_v2', 'id, session_id, tenant_id, user_id, channel, started_at, ended_at,
                duration_sec, final_status, final_intent, final_summary, booking_id, booking_source, booking_status,
                booking_datetime, messages_count, agent_messages_count, user_messages_count, meta, summary, created_at'),
            ('v_history', 'recent_history_v2', 'id, tenant_id, user_id, session_id, role, channel, message, meta, created_at'),
            ('v_wishlist', 'wishlist_v2', 'id, tenant_id, user_id, item_type, item_id, source, comment, status, meta, created_at,
                updated_at, processed_at'),
            ('v_memories', 'user_ltm_v2', 'id, tenant_id, user_id, preferred_staff_id, preferred_service_id, preferred_time,
                language, allow_notifications, ltm_data, created_at, updated_at')) as t (name, of, columns)
    loop
        execute format('create view dashboard.%I with (%s) as select %s from public.%I '
                       'where (select dashboard.sees_all()) or tenant_id = (select dashboard.seen_tenant())',
                       one.name, how, one.columns, one.of);
    end loop;
    execute format($v$
        create view dashboard.v_tenants with (%s) as
        select t.id as tenant_id, t.name, t.slug, t.is_active, coalesce(z.timezone, 'Asia/Almaty') as timezone
        from public.tenants_v2 t
        left join dashboard.tenant_zones() z on z.tenant_id = t.id
        where (select dashboard.sees_all()) or t.id = (select dashboard.seen_tenant()) $v$, how);
    -- As the document has it. `completed` counts whoever has no drop-off stage, whatever became of them, and days are those
    -- of the session's time zone: v_conversion_funnel_corrected is what you want.
    execute format($v$
        create view dashboard.v_conversion_funnel with (%s) as
        select tenant_id, date(started_at) as day, count(*) as total_sessions,
               count(*) filter (where meta ->> 'drop_off_stage' is null or final_status = 'done') as completed,
               count(*) filter (where meta ->> 'drop_off_stage' = 'service_selection') as dropped_at_service,
               count(*) filter (where meta ->> 'drop_off_stage' = 'staff_selection') as dropped_at_staff,
               count(*) filter (where meta ->> 'drop_off_stage' = 'date_selection') as dropped_at_date,
               count(*) filter (where meta ->> 'drop_off_stage' = 'time_selection') as dropped_at_time
        from public.conversation_sessions_v2
        where final_status is not null
          and ((select dashboard.sees_all()) or tenant_id = (select dashboard.seen_tenant()))
        group by tenant_id, date(started_at) $v$, how);
    execute format($v$
        create view dashboard.v_conversion_funnel_corrected with (%s) as
        select s.tenant_id, (s.started_at at time zone t.timezone)::date as day, count(*) as total_sessions,
               count(*) filter (where s.final_status = 'done') as completed,
               count(*) filter (where s.final_status = 'escalated') as escalated,
               count(*) filter (where s.final_status in ('dropped', 'abandoned', 'auto_closed')) as dropped,
               count(*) filter (where (s.final_status in ('done', 'escalated', 'dropped', 'abandoned', 'auto_closed')) is not true) as other,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'service_selection') as dropped_at_service,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'staff_selection') as dropped_at_staff,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'date_selection') as dropped_at_date,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'time_selection') as dropped_at_time
        from public.conversation_sessions_v2 s
        join dashboard.v_tenants t on t.tenant_id = s.tenant_id
        where (select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant())
        group by s.tenant_id, (s.started_at at time zone t.timezone)::date $v$, how);
    -- As the document has it: a booking of three services counts its money three times. Staff see no money.
    execute format($v$
        create view dashboard.v_top_services with (%s) as
        select s.tenant_id, date(s.started_at) as day, service_name, count(*) as booking_count,
               sum(a.amount) as total_revenue
        from public.conversation_sessions_v2 s
        cross join jsonb_array_elements_text(
            case jsonb_typeof(s.meta -> 'services_mentioned') when 'array' then s.meta -> 'services_mentioned' end) as service_name
        left join dashboard.session_amounts() a on a.id = s.id
        where s.booking_id is not null
          and ((select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant()))
        group by s.tenant_id, date(s.started_at), service_name
        order by booking_count desc $v$, how);
    -- Each service gets its share of a booking's money, so that the column adds up to what came in (but for bookings that
    -- mention no service).
    execute format($v$
        create view dashboard.v_top_services_corrected with (%s) as
        select s.tenant_id, (s.started_at at time zone t.timezone)::date as day, n.service_name, count(*) as booking_count,
               round(sum(a.amount / n.services), 2) as total_revenue
        from public.conversation_sessions_v2 s
        join dashboard.v_tenants t on t.tenant_id = s.tenant_id
        cross join lateral (
            select distinct e.service_name, count(*) over () as services
            from (select distinct j.service_name from jsonb_array_elements_text(
                case jsonb_typeof(s.meta -> 'services_mentioned') when 'array' then s.meta -> 'services_mentioned' end)
                as j (service_name)) e) n
        left join dashboard.session_amounts() a on a.id = s.id
        where s.booking_id is not null
          and ((select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant()))
        group by s.tenant_id, (s.started_at at time zone t.timezone)::date, n.service_name $v$, how);
    execute format($v$
        create view dashboard.v_wishlist_pending with (%s) as
        select w.id, w.tenant_id, w.user_id, w.item_type, w.item_id, w.comment, w.meta ->> 'service_title' as service_title,
               w.meta ->> 'staff_name' as staff_name, w.meta ->> 'preferred_date' as preferred_date, w.created_at
        from public.wishlist_v2 w
        where w.status = 'pending'
          and ((select dashboard.sees_all()) or w.tenant_id = (select dashboard.seen_tenant())) $v$, how);
    for one in
        select c.relname as name from pg_class c where c.relnamespace = 'dashboard'::regnamespace and c.relkind = 'v'
    loop
        execute format('grant select on dashboard.%I to authenticated', one.name);
        if not ours then
            execute format('alter view dashboard.%I owner to dashboard_reader', one.name);
        end if;
    end loop;
end $$;
revoke create on schema dashboard from dashboard_keeper, dashboard_reader;
revoke execute on function dashboard.session_amounts(), dashboard.tenant_zones() from public;
grant execute on function dashboard.session_amounts(), dashboard.tenant_zones() to authenticated, dashboard_reader;
