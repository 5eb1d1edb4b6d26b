-- System 2 (source 2): what belongs to others and may be here already: Supabase's roles and auth.jwt(), and the tables of
-- the bot, public.*_v2. Each is made only where it is absent, and then says so in its comment. No role of ours may write
-- the bot's tables. `active_sessions_v2` has the columns that its purpose needs: the document only names it.

-- Supabase's things, where they are absent -----------------------------------------------------------

do $$
declare
    wanted text;
begin
    foreach wanted in array array['anon', 'authenticated', 'service_role', 'dashboard_reader', 'salon_bot'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception when duplicate_object or unique_violation then
            null;  -- roles belong to the whole cluster
        end;
    end loop;
end $$;

do $$
begin
    if to_regnamespace('auth') is null then
        create schema auth;
        comment on schema auth is 'carillon: 0006_bot_tables';
        grant usage on schema auth to authenticated;
    end if;
    if to_regprocedure('auth.jwt()') is null then
        execute $f$
            create function auth.jwt() returns jsonb language sql stable set search_path = pg_catalog, pg_temp as $b$
                select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
                                nullif(current_setting('request.jwt.claims', true), ''))::jsonb
            $b$
        $f$;
        execute $f$ comment on function auth.jwt() is 'carillon: 0006_bot_tables' $f$;
    end if;
end $$;


-- The bot's tables, where they are absent --------------------------------------------------------------

do $$
declare
    one record;
    counter regclass;
begin
    for one in
        select * from (values
            ('tenants_v2', $t$
                id uuid primary key default gen_random_uuid(),
                name text not null,
                slug text unique,
                is_active boolean not null default true,
                metadata jsonb not null default '{}',
                created_at timestamptz not null default now(),
                updated_at timestamptz not null default now() $t$),
            ('clients_v2', $t$
                id uuid primary key default gen_random_uuid(),
                tenant_id uuid not null references public.tenants_v2,
                telegram_chat_id bigint,
                whatsapp_id text,
                phone text,
                yclients_client_id bigint,
                full_name text,
                meta jsonb not null default '{}',
                created_at timestamptz not null default now(),
                updated_at timestamptz not null default now() $t$),
            ('conversation_sessions_v2', $t$
                id bigserial primary key,
                session_id uuid not null,
                tenant_id uuid not null references public.tenants_v2,
                user_id uuid not null references public.clients_v2,
                channel text not null,
                started_at timestamptz not null,
                ended_at timestamptz,
                duration_sec integer,
                final_status text not null,
                final_intent text,
                final_summary text,
                booking_id text,
                booking_source text,
                booking_status text,
                booking_datetime timestamptz,
                booking_amount numeric,
                booking_currency text,
                messages_count integer,
                agent_messages_count integer,
                user_messages_count integer,
                meta jsonb not null default '{}',
                summary text,
                created_at timestamptz not null default now() $t$),
            ('recent_history_v2', $t$
                id bigserial primary key,
                tenant_id uuid not null references public.tenants_v2,
                user_id uuid not null references public.clients_v2,
                session_id uuid,
                role text not null,
                channel text not null default 'unknown',
                message text not null,
                meta jsonb not null default '{}',
                created_at timestamptz not null default now() $t$),
            ('active_sessions_v2', $t$
                session_id uuid primary key default gen_random_uuid(),
                tenant_id uuid not null references public.tenants_v2,
                user_id uuid not null references public.clients_v2,
                channel text not null default 'unknown',
                started_at timestamptz not null default now(),
                last_message_at timestamptz not null default now(),
                meta jsonb not null default '{}' $t$),
            ('wishlist_v2', $t$
                id bigserial primary key,
                tenant_id uuid not null references public.tenants_v2,
                user_id uuid not null references public.clients_v2,
                item_type text not null,
                item_id text not null,
                source text,
                comment text,
                status text not null default 'pending',
                meta jsonb not null default '{}',
                created_at timestamptz not null default now(),
                updated_at timestamptz not null default now(),
                processed_at timestamptz $t$),
            ('user_ltm_v2', $t$
                id bigserial primary key,
                tenant_id uuid not null references public.tenants_v2,
                user_id uuid not null references public.clients_v2,
                preferred_staff_id text,
                preferred_service_id text,
                preferred_time text,
                language text,
                allow_notifications boolean not null default true,
                ltm_data jsonb not null default '{}',
                created_at timestamptz not null default now(),
                updated_at timestamptz not null default now(),
                unique (tenant_id, user_id) $t$)) as wanted (name, columns)
    loop
        if to_regclass('public.' || one.name) is null then
            execute format('create table public.%I (%s)', one.name, one.columns);
            execute format('comment on table public.%I is %L', one.name, 'carillon: 0006_bot_tables');
            -- Supabase gives them all rights to every new table (default privileges), and TRUNCATE asks no policy.
            execute format('revoke all on public.%I from public, anon, authenticated', one.name);
            for counter in
                select c.oid from pg_depend d join pg_class c on c.oid = d.objid
                where d.classid = 'pg_class'::regclass and d.refobjid = to_regclass('public.' || one.name) and c.relkind = 'S'
            loop
                execute format('revoke all on sequence %s from public, anon, authenticated', counter);
            end loop;
        end if;
    end loop;
end $$;
