-- PostgreSQL 18. Made by `python -m tests.migrations.snapshot`; do not edit.

CREATE SCHEMA auth;

COMMENT ON SCHEMA auth IS 'carillon: 0006_bot_tables';

CREATE SCHEMA courses;

CREATE SCHEMA dashboard;

CREATE SCHEMA getcourse;

CREATE SCHEMA learning;

CREATE SCHEMA platform;

CREATE SCHEMA support;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE TYPE courses.attendance_status AS ENUM (
    'present',
    'absent',
    'late'
);

CREATE TYPE courses.audience AS ENUM (
    'all',
    'cohort',
    'stream',
    'role'
);

CREATE TYPE courses.broadcast_status AS ENUM (
    'pending',
    'sending',
    'done',
    'error'
);

CREATE TYPE courses.consent_purpose AS ENUM (
    'processing',
    'mailings'
);

CREATE DOMAIN courses.local_time AS time without time zone;

CREATE TYPE courses.match_state AS ENUM (
    'open',
    'accepted',
    'declined',
    'withdrawn'
);

CREATE TYPE courses.recipient_status AS ENUM (
    'queued',
    'sent',
    'failed',
    'skipped'
);

CREATE TYPE courses.reminder_kind AS ENUM (
    'session',
    'healing',
    'event',
    'assignment',
    'homework'
);

CREATE TYPE courses.role AS ENUM (
    'user',
    'curator',
    'admin'
);

CREATE TYPE courses.signup_state AS ENUM (
    'signed',
    'waiting',
    'offered',
    'cancelled',
    'expired'
);

CREATE TYPE learning.chat_tab AS ENUM (
    'chat',
    'practice',
    'simulation'
);

CREATE TYPE learning.message_role AS ENUM (
    'user',
    'assistant',
    'tool'
);

CREATE TYPE learning.synopsis_origin AS ENUM (
    'live',
    'snapshot',
    'imported'
);

CREATE TYPE learning.template_scope AS ENUM (
    'global',
    'track',
    'createTrack'
);

CREATE FUNCTION auth.jwt() RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
                select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
                                nullif(current_setting('request.jwt.claims', true), ''))::jsonb
            $$;

COMMENT ON FUNCTION auth.jwt() IS 'carillon: 0006_bot_tables';

CREATE FUNCTION courses.actor() RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ select nullif(current_setting('courses.actor', true), '')::bigint $$;

CREATE FUNCTION courses.check_capacity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    places int;
begin
    if tg_op = 'UPDATE' and old.state in ('signed', 'offered') then
        return new;
    end if;
    select h.capacity into places from courses.healing_sessions h where h.id = new.healing_session_id for update;
    if (select count(*) from courses.healing_signups s
        where s.healing_session_id = new.healing_session_id and s.state in ('signed', 'offered')) >= places then
        raise exception 'no place is left' using errcode = 'check_violation';
    end if;
    return new;
end $$;

CREATE FUNCTION courses.count_recipients() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    changed jsonb;
begin
    if tg_op = 'INSERT' then
        select jsonb_agg(c) into changed
        from (select broadcast_id, status, count(*) as n from new_rows group by 1, 2) c;
    elsif tg_op = 'DELETE' then
        select jsonb_agg(c) into changed
        from (select broadcast_id, status, -count(*) as n from old_rows group by 1, 2) c;
    else
        select jsonb_agg(c) into changed
        from (select broadcast_id, status, sum(n) as n
              from (select broadcast_id, status, 1 as n from new_rows union all select broadcast_id, status, -1 from old_rows) u
              group by 1, 2 having sum(n) <> 0) c;
    end if;
    if changed is null then
        return null;
    end if;
    perform from courses.broadcasts b
    where b.id in (select (c ->> 'broadcast_id')::bigint from jsonb_array_elements(changed) c)
    order by b.id
    for no key update;
    update courses.broadcasts b
    set stats_json = b.stats_json || s.stats,
        status = case when b.started_at is null then b.status
                      when (s.stats ->> 'queued')::int > 0 then 'sending'
                      when b.cancelled_at is not null or s.stats @> '{"sent": 0}' and not s.stats @> '{"failed": 0}' then 'error'
                      else 'done' end::courses.broadcast_status,
        sent_at = case when b.started_at is null then b.sent_at
                       when (s.stats ->> 'queued')::int = 0 then coalesce(b.sent_at, clock_timestamp()) end,
        is_open = b.is_open or b.started_at is not null,
        has_progress = b.has_progress or b.started_at is not null
    from (
        select o.id, jsonb_object_agg(k.status, case
                   when o.started_at is null then (
                       select count(*) from courses.broadcast_recipients r
                       where r.broadcast_id = o.id and r.status = k.status)
                   else coalesce((o.stats_json ->> k.status::text)::bigint, 0) + coalesce(d.n, 0) end) as stats
        from courses.broadcasts o
        cross join unnest(enum_range(null::courses.recipient_status)) as k (status)
        left join jsonb_to_recordset(changed) as d (broadcast_id bigint, status courses.recipient_status, n bigint)
            on d.broadcast_id = o.id and d.status = k.status
        where o.id in (select (c ->> 'broadcast_id')::bigint from jsonb_array_elements(changed) c)
        group by o.id) s
    where b.id = s.id;
    return null;
end $$;

CREATE FUNCTION courses.keep_attendance() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' then
        if (new.status, new.minutes_late) is not distinct from (old.status, old.minutes_late) then
            return null;
        end if;
    elsif not exists (select from courses.users u where u.id = old.user_id) then
        return null;  -- whoever is deleted as a person goes with all that is theirs
    end if;
    insert into courses.attendance_history (user_id, session_id, status, minutes_late, noted_at, noted_by, replaced_by)
    values (old.user_id, old.session_id, old.status, old.minutes_late, old.noted_at, old.noted_by,
            case when tg_op = 'UPDATE' then new.noted_by else courses.actor() end);
    return null;
end $$;

CREATE FUNCTION courses.keep_payment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' then
        if new.paid = old.paid then
            return null;
        end if;
    elsif not exists (select from courses.users u where u.id = old.user_id) then
        return null;
    end if;
    insert into courses.payments_history (user_id, session_id, paid, noted_at, noted_by, replaced_by)
    values (old.user_id, old.session_id, old.paid, old.noted_at, old.noted_by,
            case when tg_op = 'UPDATE' then new.noted_by else courses.actor() end);
    return null;
end $$;

CREATE FUNCTION dashboard.app_role() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select r.role
    from (select dashboard.claims() ->> 'app_role' as role) r
    where r.role in ('super_admin', 'admin', 'staff')
$$;

CREATE FUNCTION dashboard.audit_addresses(of_audits bigint[]) RETURNS TABLE(id bigint, ip_address text, user_agent text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select a.id, a.ip_address, a.user_agent
    from dashboard.audits a
    left join dashboard.users u on u.id = a.user_id
    where a.id = any(of_audits)
      and a.tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed())
      and (u.tenant_id = a.tenant_id or (select dashboard.sees_all()))
$$;

CREATE FUNCTION dashboard.bind_chat_move() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if platform.has_chat(new.bot_id, new.chat_id) or exists (
            select from dashboard.tenant_settings s where s.bot_id = new.bot_id and s.chat_id = new.chat_id) then
        return new;
    end if;
    return null;
end $$;

CREATE FUNCTION dashboard.claims() RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    return coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata', '{}');
exception when data_exception then
    return '{}';
end $$;

CREATE FUNCTION dashboard.day_begins(day date, timezone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    select case when ((day::timestamp at time zone timezone) - interval '1 hour') at time zone timezone = day::timestamp
                then (day::timestamp at time zone timezone) - interval '1 hour' else day::timestamp at time zone timezone end
$$;

CREATE FUNCTION dashboard.dialogs(of_tenant uuid, begins timestamp with time zone[], ends timestamp with time zone[]) RETURNS TABLE(day_number integer, id bigint, session_id uuid, user_id uuid, channel text, started_at timestamp with time zone, status text, ending text, step text, booking_id text, services text[], messages integer, summary text)
    LANGUAGE sql STABLE
    AS $$
    select s.day_number, s.id, s.session_id, s.user_id, s.channel, s.started_at, s.final_status,
           case when s.final_status in ('done', 'escalated') then s.final_status
                when s.final_status in ('dropped', 'abandoned', 'auto_closed') then 'lost' else 'other' end,
           case when s.final_status = 'done' then null
                when s.meta ->> 'drop_off_stage' in ('service_selection', 'staff_selection', 'date_selection', 'time_selection')
                then s.meta ->> 'drop_off_stage' else 'unknown' end,
           s.booking_id,
           case when jsonb_typeof(s.meta -> 'services_mentioned') = 'array' then
                array(select distinct btrim(j.name)
                      from jsonb_array_elements_text(s.meta -> 'services_mentioned') as j (name)
                      where btrim(j.name) <> '') else '{}' end,
           s.messages_count, s.summary
    from (select distinct on (v.day_number, v.session_id) v.*
          from (select width_bucket(v.started_at, begins) as day_number, v.id, v.session_id, v.user_id, v.channel, v.started_at,
                       v.final_status, v.booking_id, v.meta, v.messages_count, coalesce(v.final_summary, v.summary) as summary
                from dashboard.v_sessions v
                where v.tenant_id = of_tenant and v.started_at >= begins[1] and v.started_at < ends[cardinality(ends)]) v
          where v.started_at < ends[v.day_number]
          order by v.day_number, v.session_id, v.booking_id is null, v.id desc) s
$$;

CREATE FUNCTION dashboard.first_managed() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case when dashboard.sees_all() then '00000000-0000-0000-0000-000000000000' else dashboard.managed_tenant() end
$$;

CREATE FUNCTION dashboard.first_seen() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case when dashboard.sees_all() then '00000000-0000-0000-0000-000000000000' else dashboard.seen_tenant() end
$$;

CREATE FUNCTION dashboard.follow_moved_chat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    update dashboard.tenant_settings set chat_id = new.new_chat_id
    where bot_id = new.bot_id and chat_id = new.chat_id;
    return new;
end $$;

CREATE FUNCTION dashboard.known_zone(zone text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform now() at time zone zone;
    return zone;
exception when invalid_parameter_value then
    return 'Asia/Almaty';
end $$;

CREATE FUNCTION dashboard.last_managed() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case when dashboard.sees_all() then 'ffffffff-ffff-ffff-ffff-ffffffffffff' else dashboard.managed_tenant() end
$$;

CREATE FUNCTION dashboard.last_seen() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case when dashboard.sees_all() then 'ffffffff-ffff-ffff-ffff-ffffffffffff' else dashboard.seen_tenant() end
$$;

CREATE FUNCTION dashboard.managed_tenant() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case when dashboard.app_role() = 'admin' then dashboard.viewers_tenant() end
$$;

CREATE FUNCTION dashboard.ours(name text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select coalesce(obj_description(to_regclass('public.' || name), 'pg_class') = 'carillon: 0006_bot_tables', false)
$$;

CREATE FUNCTION dashboard.seen_tenant() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select case when dashboard.app_role() in ('admin', 'staff') then dashboard.viewers_tenant() end
$$;

CREATE FUNCTION dashboard.sees_all() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select coalesce(dashboard.app_role() = 'super_admin', false)
$$;

CREATE FUNCTION dashboard.session_amounts() RETURNS TABLE(id bigint, amount numeric)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100000
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.id, s.booking_amount from public.conversation_sessions_v2 s
    where s.booking_amount is not null
      and (s.tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed())
           or (s.tenant_id is null and (select dashboard.sees_all())))
$$;

CREATE FUNCTION dashboard.session_money(of_tenant uuid, since timestamp with time zone, until timestamp with time zone) RETURNS TABLE(id bigint, amount numeric, currency text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.id, s.booking_amount, s.booking_currency from public.conversation_sessions_v2 s
    where s.tenant_id = of_tenant and s.started_at >= since and s.started_at < until
      and (s.booking_amount is not null or s.booking_currency is not null)
      and s.tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed())
$$;

CREATE FUNCTION dashboard.tenant_zones() RETURNS TABLE(tenant_id uuid, timezone text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select s.tenant_id, dashboard.known_zone(s.timezone) from dashboard.tenant_settings s
    where s.tenant_id between (select dashboard.first_seen()) and (select dashboard.last_seen())
$$;

CREATE FUNCTION dashboard.viewers_tenant() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    select case when t.id ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then t.id::uuid end
    from (select dashboard.claims() ->> 'tenant_id' as id) t
$_$;

CREATE FUNCTION dashboard.viewers_user() RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    select case when u.id ~ '^[0-9]{1,18}$' then u.id::bigint end
    from (select dashboard.claims() ->> 'user_id' as id) u
$_$;

CREATE FUNCTION getcourse.assign_person() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
    if new.person_id is null then
        execute format(
            'select person_id from %s where getcourse_id = $1 or lower(email) = lower($2)'
            ' order by (getcourse_id = $1) desc nulls last, valid_from desc limit 1', tg_relid::regclass)
        into new.person_id using new.getcourse_id, new.email;
        new.person_id := coalesce(new.person_id, new.id);
    end if;
    return new;
end $_$;

CREATE FUNCTION getcourse.forever() RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$ select '9999-12-31'::text::timestamptz $$;

CREATE SEQUENCE getcourse.version_ids
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE getcourse.lesson_versions (
    id bigint DEFAULT nextval('getcourse.version_ids'::regclass) NOT NULL,
    getcourse_id character varying(50) NOT NULL,
    training_id character varying(50) NOT NULL,
    module_number integer,
    module_title character varying(500),
    lesson_number integer,
    lesson_title character varying(500) NOT NULL,
    opens_at timestamp with time zone,
    deadline_at timestamp with time zone,
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lesson_versions_check CHECK ((valid_from <= valid_to)),
    CONSTRAINT lesson_versions_check1 CHECK ((opens_at <= deadline_at))
);

CREATE VIEW getcourse.lessons AS
 SELECT id,
    getcourse_id,
    training_id,
    module_number,
    module_title,
    lesson_number,
    lesson_title,
    opens_at,
    deadline_at,
    valid_from,
    COALESCE(valid_to, getcourse.forever()) AS valid_to,
    created_at,
    updated_at
   FROM getcourse.lesson_versions;

CREATE FUNCTION getcourse.lessons_as_of(p_at timestamp with time zone) RETURNS SETOF getcourse.lessons
    LANGUAGE sql STABLE
    AS $$ select * from getcourse.lessons where valid_from <= p_at and p_at < valid_to $$;

CREATE FUNCTION getcourse.map_persons() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    new.student_id := coalesce(
        (select s.person_id from getcourse.student_versions s where s.id = new.student_id), new.student_id);
    new.mentor_id := coalesce(
        (select m.person_id from getcourse.mentor_versions m where m.id = new.mentor_id), new.mentor_id);
    return new;
end $$;

CREATE TABLE getcourse.mapping_versions (
    id bigint DEFAULT nextval('getcourse.version_ids'::regclass) NOT NULL,
    student_id bigint NOT NULL,
    mentor_id bigint NOT NULL,
    training_id character varying(50) NOT NULL,
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT mapping_versions_check CHECK ((valid_from <= valid_to))
);

CREATE VIEW getcourse.mapping AS
 SELECT id,
    student_id,
    mentor_id,
    training_id,
    valid_from,
    COALESCE(valid_to, getcourse.forever()) AS valid_to,
    created_at,
    updated_at
   FROM getcourse.mapping_versions;

CREATE FUNCTION getcourse.mapping_as_of(p_at timestamp with time zone) RETURNS SETOF getcourse.mapping
    LANGUAGE sql STABLE
    AS $$ select * from getcourse.mapping where valid_from <= p_at and p_at < valid_to $$;

CREATE TABLE getcourse.mentor_versions (
    id bigint DEFAULT nextval('getcourse.version_ids'::regclass) NOT NULL,
    person_id bigint NOT NULL,
    getcourse_id character varying(50),
    telegram_id bigint,
    email character varying(255),
    first_name character varying(255),
    last_name character varying(255),
    username character varying(255),
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT mentor_versions_check CHECK ((valid_from <= valid_to)),
    CONSTRAINT mentor_versions_check1 CHECK ((num_nonnulls(getcourse_id, email, telegram_id) > 0))
);

CREATE VIEW getcourse.mentors AS
 SELECT id,
    getcourse_id,
    telegram_id,
    email,
    first_name,
    last_name,
    username,
    valid_from,
    COALESCE(valid_to, getcourse.forever()) AS valid_to,
    created_at,
    updated_at,
    person_id
   FROM getcourse.mentor_versions;

CREATE FUNCTION getcourse.mentors_as_of(p_at timestamp with time zone) RETURNS SETOF getcourse.mentors
    LANGUAGE sql STABLE
    AS $$ select * from getcourse.mentors where valid_from <= p_at and p_at < valid_to $$;

CREATE FUNCTION getcourse.new_version(p_table text, p_id bigint, p_changes jsonb DEFAULT '{}'::jsonb, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    target regclass := case p_table
        when 'mentors' then 'getcourse.mentor_versions' when 'students' then 'getcourse.student_versions'
        when 'trainings' then 'getcourse.training_versions' when 'lessons' then 'getcourse.lesson_versions'
        when 'mapping' then 'getcourse.mapping_versions' end;
    former jsonb;
    new_id bigint := nextval('getcourse.version_ids');
begin
    if target is null then
        raise exception 'no versioned table %; there are mentors, students, trainings, lessons and mapping', p_table;
    end if;
    execute format('update %s v set valid_to = $2 where id = $1 and valid_to is null returning to_jsonb(v)', target)
        into former using p_id, p_at;
    if former is null then
        raise exception 'version % of % is not open', p_id, p_table;
    end if;
    execute format('insert into %1$s select * from jsonb_populate_record(null::%1$s, $1)', target)
        using former || p_changes || jsonb_build_object('id', new_id, 'valid_from', p_at, 'valid_to', null,
                                                        'created_at', now(), 'updated_at', now());
    return new_id;
end $_$;

CREATE FUNCTION getcourse.normal_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$ select translate(coalesce($1, ''), E' \t\r\n\u00a0', '') $_$;

CREATE FUNCTION getcourse.skip_notified() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if exists (
        select from getcourse.notifications n
        where n.webhook_event_id = new.webhook_event_id and n.mentor_id = new.mentor_id and n.type = new.type
    ) then
        return null;
    end if;
    return new;
end $$;

CREATE TABLE getcourse.student_versions (
    id bigint DEFAULT nextval('getcourse.version_ids'::regclass) NOT NULL,
    person_id bigint NOT NULL,
    getcourse_id character varying(50),
    email character varying(255),
    first_name character varying(255),
    last_name character varying(255),
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT student_versions_check CHECK ((valid_from <= valid_to)),
    CONSTRAINT student_versions_check1 CHECK ((num_nonnulls(getcourse_id, email) > 0))
);

CREATE VIEW getcourse.students AS
 SELECT id,
    getcourse_id,
    email,
    first_name,
    last_name,
    valid_from,
    COALESCE(valid_to, getcourse.forever()) AS valid_to,
    created_at,
    updated_at,
    person_id
   FROM getcourse.student_versions;

CREATE FUNCTION getcourse.students_as_of(p_at timestamp with time zone) RETURNS SETOF getcourse.students
    LANGUAGE sql STABLE
    AS $$ select * from getcourse.students where valid_from <= p_at and p_at < valid_to $$;

CREATE TABLE getcourse.training_versions (
    id bigint DEFAULT nextval('getcourse.version_ids'::regclass) NOT NULL,
    getcourse_id character varying(50) NOT NULL,
    title character varying(500) NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT training_versions_check CHECK ((valid_from <= valid_to)),
    CONSTRAINT training_versions_check1 CHECK ((starts_at <= ends_at))
);

CREATE VIEW getcourse.trainings AS
 SELECT id,
    getcourse_id,
    title,
    starts_at,
    ends_at,
    valid_from,
    COALESCE(valid_to, getcourse.forever()) AS valid_to,
    created_at,
    updated_at
   FROM getcourse.training_versions;

CREATE FUNCTION getcourse.trainings_as_of(p_at timestamp with time zone) RETURNS SETOF getcourse.trainings
    LANGUAGE sql STABLE
    AS $$ select * from getcourse.trainings where valid_from <= p_at and p_at < valid_to $$;

CREATE FUNCTION getcourse.wake(p_events bigint[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    update getcourse.webhook_events e
    set next_attempt_at = clock_timestamp() - make_interval(secs => coalesce(
            (select s.collapse_seconds from platform.webhook_sources s where s.id = e.source_id), 0))
    where e.id = any(array(select w.id from getcourse.webhook_events w where w.id = any(p_events) order by w.id for update))
      and case when e.processed then false else e.error_message <> 'restored' end
$$;

CREATE FUNCTION getcourse.wake_after_correction() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    case tg_table_name
        when 'student_versions' then
            perform getcourse.wake_students(array(select distinct c.person_id from changed c));
        when 'mapping_versions' then
            perform getcourse.wake_students(array(select distinct c.student_id from changed c));
        when 'mentor_versions' then
            perform getcourse.wake_students(array(
                select distinct m.student_id
                from changed c
                join getcourse.mapping_versions m on m.mentor_id = c.person_id));
        when 'lesson_versions' then
            perform getcourse.wake(array(
                select e.id
                from (select distinct l.getcourse_id from changed l) c
                join getcourse.webhook_events e on e.answer_lesson_id = c.getcourse_id
                where not e.processed and e.error_message is not null and e.answer_training_id is null));
    end case;
    return null;
end $$;

CREATE FUNCTION getcourse.wake_all() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    perform getcourse.wake(array(
        select e.id from getcourse.webhook_events e where not e.processed and e.error_message is not null));
    return null;
end $$;

CREATE FUNCTION getcourse.wake_students(p_persons bigint[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select getcourse.wake(array(
        select e.id
        from unnest(p_persons) as p (id)
        join getcourse.student_versions v on v.person_id = p.id
        join getcourse.webhook_events e on e.user_id = v.getcourse_id
        where e.processed is not true and e.error_message is not null
        union
        select e.id
        from unnest(p_persons) as p (id)
        join getcourse.student_versions v on v.person_id = p.id
        join getcourse.webhook_events e on lower(e.user_email) = lower(v.email)
        where not e.processed and e.error_message is not null))
$$;

CREATE FUNCTION getcourse.write_version() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    target regclass := tg_argv[0];
    assignments text;
    stored jsonb;
begin
    if tg_op = 'DELETE' then
        execute format('delete from %s where id = $1', target) using old.id;
        return old;
    end if;
    -- Every zone's 9999-12-31 and infinity mean "for ever"; in UTC the earliest of them is on the 30th.
    if new.valid_to >= '9999-12-30 00:00:00+00' then
        new.valid_to := null;
    end if;
    if tg_op = 'INSERT' then
        execute format('insert into %1$s as v select * from jsonb_populate_record(null::%1$s, $1) returning to_jsonb(v)',
                       target) into stored using to_jsonb(new);
        new := jsonb_populate_record(new, stored);  -- with the person id that was found
    else
        select string_agg(format('%1$I = r.%1$I', attname), ', ') into assignments
        from pg_attribute where attrelid = target and attnum > 0 and not attisdropped;
        execute format('update %1$s v set %2$s from jsonb_populate_record(null::%1$s, $1) r where v.id = $2',
                       target, assignments) using to_jsonb(new), old.id;
    end if;
    new.valid_to := coalesce(new.valid_to, getcourse.forever());
    return new;
end $_$;

CREATE FUNCTION learning.number_message() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    update learning.chat_threads set last_seq = last_seq + 1 where id = new.thread_id returning last_seq into new.seq;
    if not found then
        raise foreign_key_violation using message = 'there is no such thread', constraint = 'chat_messages_thread_id_fkey';
    end if;
    return new;
end $$;

CREATE FUNCTION platform.archive_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into platform.archive_queue (table_name, day, lines)
    select tg_table_schema || '.' || tg_table_name, g.day, string_agg(g.line::text, e'\n')
    from (select to_jsonb(d) as line, ((to_jsonb(d) ->> tg_argv[0])::timestamptz at time zone 'UTC')::date as day
          from gone d) g
    group by g.day;
    return null;
end $$;

CREATE FUNCTION platform.archive_emptied() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into platform.archive_queue (table_name, day, lines)
    values (tg_table_schema || '.' || tg_table_name, (old.created_at at time zone 'UTC')::date, to_jsonb(old)::text);
    return null;
end $$;

CREATE FUNCTION platform.check_timezone() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if tg_op = 'UPDATE' and new.timezone = old.timezone then
        return new;
    end if;
    -- The defaults need no search: it opens the files of all zones.
    if new.timezone not in ('Asia/Almaty', 'Europe/Moscow') and not exists (
            select from pg_timezone_names where name = new.timezone) then
        raise exception '% is no time zone', quote_literal(new.timezone)
            using errcode = 'check_violation', hint = 'Write one like Asia/Almaty or Europe/Moscow.';
    end if;
    return new;
end $$;

CREATE FUNCTION platform.follow_moved_chat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    update platform.webhook_sources s set admin_chat_id = new.new_chat_id
    where s.admin_chat_id = new.chat_id and new.bot_id = coalesce(s.bot_id, (
        select min(b.id) from platform.bots b where b.system = s.provider and b.channel = 'telegram'));
    update platform.bots set alert_chat_id = new.new_chat_id where id = new.bot_id and alert_chat_id = new.chat_id;
    delete from platform.topics t
    using platform.topics known
    where t.bot_id = new.bot_id and t.chat_id = new.chat_id and known.bot_id = t.bot_id
      and known.chat_id = new.new_chat_id and (known.key = t.key or known.thread_id = t.thread_id);
    update platform.topics set chat_id = new.new_chat_id where bot_id = new.bot_id and chat_id = new.chat_id;
    return new;
end $$;

CREATE FUNCTION platform.has_chat(of_bot bigint, old_chat bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select exists (select from platform.lanes l
                   where l.bot_id = of_bot and (l.chat = old_chat::text or l.lane = old_chat::text and l.chat is null))
        or exists (select from platform.topics t where t.bot_id = of_bot and t.chat_id = old_chat)
        or exists (select from platform.bots b where b.id = of_bot and b.alert_chat_id = old_chat)
        or exists (
            select from platform.webhook_sources s
            where s.admin_chat_id = old_chat and of_bot = coalesce(s.bot_id, (
                select min(b.id) from platform.bots b where b.system = s.provider and b.channel = 'telegram')))
        or exists (
            select from support.client_settings s
            left join platform.bots a on a.id = s.whatsapp_bot_id
            where s.telegram_bot_id = of_bot and (s.telegram_chat_id = old_chat::text or a.alert_chat_id = old_chat))
$$;

CREATE FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select (select v.version_num from public.carillon_version v),
           coalesce((select extract(epoch from clock_timestamp() - o.due)::float8 from platform.longest_overdue() o), 0),
           coalesce((
               select array_agg(r.function order by r.function)
               from platform.job_runs r
               where r.started_at < clock_timestamp() - make_interval(secs => 3 * r.period_seconds)), '{}')
$$;

CREATE FUNCTION platform.keep_audit() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if tg_op = 'DELETE' and (to_jsonb(old) ->> tg_argv[0])::timestamptz < now() - make_interval(days => tg_argv[1]::int) then
        return old;
    end if;
    raise exception 'rows of %.% are never changed, and stay for their term', tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;

CREATE FUNCTION platform.longest_overdue() RETURNS TABLE(bot_id bigint, lane text, due timestamp with time zone)
    LANGUAGE sql STABLE ROWS 1
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    select first.bot_id, first.lane, first.due
    from platform.waiting_priorities(null) w
    join platform.bots b on b.id = w.bot_id and b.status = 'active'
    join platform.bot_limits m on m.bot_id = b.id and m.paused_until <= (select clock_timestamp())
    cross join lateral (
        select l.bot_id, l.lane, greatest(l.head_due, l.next_at, l.leased_until, case when l.paced then p.next_at end,
                                          p.paused_until, m.paused_until) as due
        from platform.lanes l
        join platform.lanes p on p.bot_id = l.bot_id and p.lane = coalesce(l.chat, l.lane)
        where l.bot_id = b.id and l.priority = w.priority and l.head_due is not null
          and greatest(l.head_due, l.next_at, l.leased_until) <= (select clock_timestamp())
          and greatest(case when l.paced then p.next_at end, p.paused_until) <= (select clock_timestamp())
        order by greatest(l.head_due, l.next_at, l.leased_until)
        limit 100) first
    order by first.due
    limit 1
$$;

CREATE FUNCTION platform.move_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into platform.members (bot_id, chat_id, telegram_id, seen_at)
    select bot_id, new.new_chat_id, telegram_id, seen_at from platform.members
    where bot_id = new.bot_id and chat_id = new.chat_id
    on conflict (bot_id, chat_id, telegram_id) do nothing;
    delete from platform.members where bot_id = new.bot_id and chat_id = new.chat_id;
    return new;
end $$;

CREATE FUNCTION platform.open_bot_limits() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into platform.bot_limits (bot_id) values (new.id);
    return new;
end $$;

CREATE FUNCTION platform.redact_next(table_name text, days integer, batch integer, dry_run boolean, OUT walked bigint, OUT changed bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    -- What is redacted, when it came, up to where its source is done; and whether the bytes that came stand beside it:
    -- they have in them what the payload has.
    place record;
begin
    select * into strict place
    from (values ('getcourse.webhook_events', 'raw_payload', 'created_at', 'answers_redacted', true),
                 ('getcourse.account_events', 'raw_payload', 'created_at', 'account_events_redacted', false),
                 ('platform.inbox', 'body', 'received_at', 'inbox_redacted', false))
        p (name, value, came, mark, has_bytes)
    where p.name = redact_next.table_name;
    execute format($sql$
        with walk as materialized (
            select e.id, e.source_id, e.%3$I < now() - make_interval(days => $1) as is_due
            from %1$s e
            where e.id > (select min(s.%4$I) from platform.webhook_sources s where s.redact <> '{}')
            order by e.id
            limit $2
        ), until as (
            select coalesce(min(id) filter (where not is_due) - 1, max(id)) as id from walk
        ), found as materialized (
            select e.id, e.%2$I as value, platform.redacted(e.%2$I, s.redact) as redacted, %5$s as has_bytes
            from walk w
            join platform.webhook_sources s on s.id = w.source_id and s.redact <> '{}'
            join %1$s e on e.id = w.id
            where w.id <= (select id from until) and e.%2$I is not null
        ), due as materialized (
            select id, redacted from found where has_bytes or redacted <> value
        ), redacted as (
            update %1$s e set %2$I = d.redacted %6$s
            from due d
            where e.id = d.id and e.%2$I is not null and not $3
        ), noted as (
            update platform.webhook_sources s set %4$I = until.id
            from until
            where s.redact <> '{}' and s.%4$I < until.id and not $3
        )
        select (select count(*) from walk w where w.is_due), (select count(*) from due)
        $sql$,
        place.name, place.value, place.came, place.mark,
        case when place.has_bytes then 'e.raw_body is not null' else 'false' end,
        case when place.has_bytes then ', raw_body = null' else '' end)
    into walked, changed
    using days, batch, dry_run;
end $_$;

CREATE FUNCTION platform.redacted(body bytea, paths jsonb) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    value jsonb;
    redacted jsonb;
begin
    value := convert_from(body, 'UTF8')::jsonb;
    redacted := platform.redacted(value, paths);
    return case when redacted = value then body else convert_to(redacted::text, 'UTF8') end;
exception
    when data_exception or program_limit_exceeded then
        return body;
end $$;

CREATE FUNCTION platform.redacted(value jsonb, paths jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    steps jsonb;
begin
    for steps in select p.value from jsonb_each(paths) p order by p.key loop
        value := platform.redacted(value, steps, 0);
    end loop;
    return value;
end $$;

CREATE FUNCTION platform.redacted(value jsonb, steps jsonb, depth integer) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    step jsonb := steps -> 0;
    rest jsonb := steps - 0;
    name text := step #>> '{}';
begin
    if step is null or depth > 40 then
        return '"…"';
    end if;
    if step = '{}' then
        value := platform.redacted(value, rest, depth + 1);
        rest := steps;
    end if;
    if step in ('{}', '[]') and jsonb_typeof(value) = 'array' then
        return coalesce((
            select jsonb_agg(platform.redacted(i.item, rest, depth + 1) order by i.place)
            from jsonb_array_elements(value) with ordinality i (item, place)), value);
    end if;
    if step = '{}' and jsonb_typeof(value) = 'object' then
        return coalesce((
            select jsonb_object_agg(p.key, platform.redacted(p.value, rest, depth + 1)) from jsonb_each(value) p), value);
    end if;
    if jsonb_typeof(step) = 'string' and jsonb_typeof(value) = 'object' and value ? name then
        return jsonb_set(value, array[name], platform.redacted(value -> name, rest, depth + 1));
    end if;
    return value;
end $$;

CREATE FUNCTION platform.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    new.updated_at := now();
    return new;
end $$;

CREATE FUNCTION platform.uuid7() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    AS $$
    select encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
            52, 1), 53, 1),
        'hex')::uuid
$$;

COMMENT ON FUNCTION platform.uuid7() IS 'A time-ordered id (UUID version 7).';

CREATE FUNCTION platform.waiting_priorities(only_bot bigint) RETURNS TABLE(bot_id bigint, priority smallint)
    LANGUAGE sql STABLE ROWS 100
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    with recursive waiting as (
        select * from (
            select l.bot_id, l.priority
            from platform.lanes l
            where l.head_due is not null and l.bot_id >= coalesce(only_bot, 0)
            order by l.bot_id, l.priority
            limit 1) first
        where first.bot_id = coalesce(only_bot, first.bot_id)
        union all
        select next.bot_id, next.priority
        from waiting w
        cross join lateral (
            select l.bot_id, l.priority
            from platform.lanes l
            where l.head_due is not null and (l.bot_id, l.priority) > (w.bot_id, w.priority)
            order by l.bot_id, l.priority
            limit 1) next
        where next.bot_id = coalesce(only_bot, next.bot_id)
    )
    select w.bot_id, w.priority from waiting w
$$;

CREATE FUNCTION support.check_move() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if old.status = new.status
       or (old.status = 'pending' and new.status in ('active', 'bot_handling', 'timeout'))
       or (old.status = 'active' and new.status in ('resolved', 'bot_handling')) then
        return new;
    end if;
    raise exception 'a handover does not go from % to %', old.status, new.status using errcode = 'check_violation';
end $$;

CREATE FUNCTION support.follow_moved_chat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    update support.client_settings set telegram_chat_id = new.new_chat_id::text
    where telegram_bot_id = new.bot_id and telegram_chat_id = new.chat_id::text;
    update platform.bots a set alert_chat_id = new.new_chat_id
    from support.client_settings s
    where s.telegram_bot_id = new.bot_id and a.id = s.whatsapp_bot_id and a.alert_chat_id = new.chat_id;
    return new;
end $$;

CREATE FUNCTION support.remember_address() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into support.addresses (client_id, address, user_id)
    values (new.client_id, new.remote_jid, new.id)
    on conflict (client_id, address) do nothing;
    return new;
end $$;

CREATE TABLE courses.announced_absences (
    session_id bigint NOT NULL,
    user_id bigint NOT NULL,
    reason text,
    announced_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT announced_absences_reason_check CHECK ((reason <> ''::text))
);

CREATE TABLE courses.assignments (
    id bigint NOT NULL,
    title text NOT NULL,
    body text,
    material_id bigint,
    due_date date,
    created_by bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone,
    CONSTRAINT assignments_title_check CHECK ((title <> ''::text))
);

ALTER TABLE courses.assignments ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.assignments_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.attendance (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    session_id bigint NOT NULL,
    status courses.attendance_status NOT NULL,
    minutes_late integer,
    noted_at timestamp with time zone DEFAULT now() NOT NULL,
    noted_by bigint,
    CONSTRAINT attendance_check CHECK (((minutes_late IS NULL) OR (status = 'late'::courses.attendance_status))),
    CONSTRAINT attendance_minutes_late_check CHECK (((minutes_late >= 1) AND (minutes_late <= 600)))
);

CREATE TABLE courses.attendance_history (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    session_id bigint NOT NULL,
    status courses.attendance_status NOT NULL,
    minutes_late integer,
    noted_at timestamp with time zone NOT NULL,
    noted_by bigint,
    replaced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    replaced_by bigint
);

ALTER TABLE courses.attendance_history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME courses.attendance_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE courses.attendance ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.attendance_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.broadcast_recipients (
    broadcast_id bigint NOT NULL,
    user_id bigint NOT NULL,
    status courses.recipient_status DEFAULT 'queued'::courses.recipient_status NOT NULL,
    error text,
    sent_at timestamp with time zone,
    outbox_id bigint,
    enqueued integer DEFAULT 0 NOT NULL,
    revision integer DEFAULT 0 NOT NULL,
    message_id bigint
);

CREATE TABLE courses.broadcasts (
    id bigint NOT NULL,
    title text NOT NULL,
    body text,
    attachment_file_id text,
    attachment_mime text,
    audience courses.audience NOT NULL,
    cohort_id bigint,
    stream_id bigint,
    role courses.role,
    created_by bigint,
    scheduled_at timestamp with time zone,
    sent_at timestamp with time zone,
    status courses.broadcast_status DEFAULT 'pending'::courses.broadcast_status NOT NULL,
    stats_json jsonb DEFAULT '{"sent": 0, "failed": 0, "queued": 0, "skipped": 0}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    started_at timestamp with time zone,
    paused_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    message jsonb,
    revision integer DEFAULT 1 NOT NULL,
    new_body text,
    is_open boolean DEFAULT false NOT NULL,
    has_progress boolean DEFAULT false NOT NULL,
    progress_at timestamp with time zone,
    progress_outbox_id bigint,
    progress_message_id bigint,
    further_file_ids text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT broadcasts_check CHECK (((cohort_id IS NULL) OR (audience = 'cohort'::courses.audience))),
    CONSTRAINT broadcasts_check1 CHECK (((stream_id IS NULL) OR (audience = 'stream'::courses.audience))),
    CONSTRAINT broadcasts_check2 CHECK (((role IS NULL) OR (audience = 'role'::courses.audience))),
    CONSTRAINT broadcasts_confirmed_check CHECK (((confirmed_at IS NULL) OR (message IS NOT NULL))),
    CONSTRAINT broadcasts_further_file_ids_check CHECK ((cardinality(further_file_ids) <= 9)),
    CONSTRAINT broadcasts_message_check CHECK ((jsonb_typeof(message) = 'object'::text)),
    CONSTRAINT broadcasts_stats_json_check CHECK ((jsonb_typeof(stats_json) = 'object'::text)),
    CONSTRAINT broadcasts_title_check CHECK ((title <> ''::text))
)
WITH (fillfactor='50', toast_tuple_target='256');

ALTER TABLE courses.broadcasts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.broadcasts_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.cohorts (
    id bigint NOT NULL,
    name text NOT NULL,
    CONSTRAINT cohorts_name_check CHECK ((name <> ''::text))
);

ALTER TABLE courses.cohorts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.cohorts_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.consent_texts (
    purpose courses.consent_purpose NOT NULL,
    version integer NOT NULL,
    text_ru text NOT NULL,
    text_en text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT consent_texts_text_en_check CHECK ((text_en <> ''::text)),
    CONSTRAINT consent_texts_text_ru_check CHECK ((text_ru <> ''::text)),
    CONSTRAINT consent_texts_version_check CHECK ((version >= 0))
);

CREATE TABLE courses.consents (
    id bigint NOT NULL,
    telegram_id bigint NOT NULL,
    purpose courses.consent_purpose NOT NULL,
    version integer NOT NULL,
    given_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone,
    CONSTRAINT consents_check CHECK ((withdrawn_at >= given_at)),
    CONSTRAINT consents_telegram_id_check CHECK ((telegram_id > 0))
);

ALTER TABLE courses.consents ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME courses.consents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.dialogs (
    telegram_id bigint NOT NULL,
    screen text DEFAULT 'home'::text NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    message_id bigint,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT dialogs_data_check CHECK ((jsonb_typeof(data) = 'object'::text)),
    CONSTRAINT dialogs_telegram_id_check CHECK ((telegram_id > 0))
);

CREATE TABLE courses.events (
    id bigint NOT NULL,
    title text NOT NULL,
    start_date date NOT NULL,
    end_date date,
    start_time courses.local_time,
    note text,
    cancelled_at timestamp with time zone,
    told_date date,
    told_time courses.local_time,
    told_cancelled boolean,
    told_version integer DEFAULT 0 NOT NULL,
    is_untold boolean GENERATED ALWAYS AS ((((told_date IS DISTINCT FROM start_date) OR ((told_time)::time without time zone IS DISTINCT FROM (start_time)::time without time zone)) OR (told_cancelled IS DISTINCT FROM (cancelled_at IS NOT NULL)))) STORED,
    CONSTRAINT events_check CHECK ((end_date >= start_date)),
    CONSTRAINT events_title_check CHECK ((title <> ''::text))
);

ALTER TABLE courses.events ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.events_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.healing_sessions (
    id bigint NOT NULL,
    date date NOT NULL,
    time_start courses.local_time NOT NULL,
    note text,
    cancelled_at timestamp with time zone,
    capacity integer,
    CONSTRAINT healing_sessions_capacity_check CHECK ((capacity >= 0))
);

ALTER TABLE courses.healing_sessions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.healing_sessions_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.healing_signups (
    id bigint NOT NULL,
    healing_session_id bigint NOT NULL,
    user_id bigint NOT NULL,
    state courses.signup_state NOT NULL,
    queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    offer_until timestamp with time zone,
    version integer DEFAULT 0 NOT NULL,
    told_date date,
    told_time courses.local_time,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT healing_signups_check CHECK (((state = 'offered'::courses.signup_state) = (offer_until IS NOT NULL)))
);

ALTER TABLE courses.healing_signups ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME courses.healing_signups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.homework_delivery (
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    user_id bigint NOT NULL,
    link text NOT NULL,
    sent_at timestamp with time zone,
    sent_by bigint,
    error text,
    CONSTRAINT homework_delivery_error_check CHECK ((error <> ''::text)),
    CONSTRAINT homework_delivery_link_check CHECK ((link <> ''::text))
);

ALTER TABLE courses.homework_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.homework_delivery_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.import_rejections (
    source_table text NOT NULL,
    source_row text NOT NULL,
    row_hash bytea NOT NULL,
    reason text NOT NULL,
    content jsonb NOT NULL,
    rejected_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT import_rejections_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT import_rejections_row_hash_check CHECK ((octet_length(row_hash) = 32))
);

CREATE TABLE courses.imports (
    source_table text NOT NULL,
    taken int8multirange DEFAULT '{}'::int8multirange NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE courses.invitations (
    token_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    created_by bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT invitations_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE courses.match_requests (
    id bigint NOT NULL,
    telegram_id bigint NOT NULL,
    username text,
    written text NOT NULL,
    state courses.match_state DEFAULT 'open'::courses.match_state NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    user_id bigint,
    CONSTRAINT match_requests_check CHECK (((state = 'open'::courses.match_state) = (decided_at IS NULL))),
    CONSTRAINT match_requests_telegram_id_check CHECK ((telegram_id > 0)),
    CONSTRAINT match_requests_written_check CHECK ((written <> ''::text))
);

ALTER TABLE courses.match_requests ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME courses.match_requests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.materials (
    id bigint NOT NULL,
    title text NOT NULL,
    body text,
    tg_file_id text,
    mime text,
    created_by bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone,
    further_file_ids text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT materials_further_file_ids_check CHECK ((cardinality(further_file_ids) <= 9)),
    CONSTRAINT materials_title_check CHECK ((title <> ''::text))
);

ALTER TABLE courses.materials ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.materials_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.participants (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    cohort_id bigint,
    stream_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE courses.participants ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.participants_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.payments (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    session_id bigint NOT NULL,
    paid boolean NOT NULL,
    noted_at timestamp with time zone DEFAULT now() NOT NULL,
    noted_by bigint
);

CREATE TABLE courses.payments_history (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    session_id bigint NOT NULL,
    paid boolean NOT NULL,
    noted_at timestamp with time zone NOT NULL,
    noted_by bigint,
    replaced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    replaced_by bigint
);

ALTER TABLE courses.payments_history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME courses.payments_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE courses.payments ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.payments_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.reminder_opt_outs (
    user_id bigint NOT NULL,
    kind courses.reminder_kind NOT NULL
);

CREATE TABLE courses.school (
    id boolean DEFAULT true NOT NULL,
    name text NOT NULL,
    bot_id bigint,
    language text DEFAULT 'ru'::text NOT NULL,
    timezone text DEFAULT 'Europe/Moscow'::text NOT NULL,
    quiet_from courses.local_time DEFAULT '22:00:00'::time without time zone NOT NULL,
    quiet_to courses.local_time DEFAULT '09:00:00'::time without time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT school_id_check CHECK (id),
    CONSTRAINT school_language_check CHECK ((language = ANY (ARRAY['ru'::text, 'en'::text]))),
    CONSTRAINT school_name_check CHECK ((name <> ''::text))
);

CREATE TABLE courses.session_days (
    id bigint NOT NULL,
    date date NOT NULL,
    stream_id bigint,
    topic_id bigint
);

ALTER TABLE courses.session_days ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.session_days_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.sessions (
    id bigint NOT NULL,
    start_date date NOT NULL,
    end_date date,
    start_time courses.local_time,
    topic_code text,
    title text,
    annotation text,
    stream_id bigint,
    cohort_id bigint,
    cancelled_at timestamp with time zone,
    homework_link text,
    told_date date,
    told_time courses.local_time,
    told_cancelled boolean,
    told_version integer DEFAULT 0 NOT NULL,
    is_untold boolean GENERATED ALWAYS AS ((((told_date IS DISTINCT FROM start_date) OR ((told_time)::time without time zone IS DISTINCT FROM (start_time)::time without time zone)) OR (told_cancelled IS DISTINCT FROM (cancelled_at IS NOT NULL)))) STORED,
    CONSTRAINT sessions_check CHECK ((end_date >= start_date)),
    CONSTRAINT sessions_homework_link_check CHECK ((homework_link <> ''::text))
);

ALTER TABLE courses.sessions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.sessions_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.streams (
    id bigint NOT NULL,
    title text NOT NULL,
    CONSTRAINT streams_title_check CHECK ((title <> ''::text))
);

ALTER TABLE courses.streams ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.streams_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.submissions (
    assignment_id bigint NOT NULL,
    user_id bigint NOT NULL,
    body text,
    tg_file_ids text[] DEFAULT '{}'::text[] NOT NULL,
    first_submitted_at timestamp with time zone DEFAULT now() NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT submissions_body_check CHECK ((body <> ''::text)),
    CONSTRAINT submissions_check CHECK (((body IS NOT NULL) OR (cardinality(tg_file_ids) > 0))),
    CONSTRAINT submissions_tg_file_ids_check CHECK ((cardinality(tg_file_ids) <= 10))
);

CREATE TABLE courses.topics (
    id bigint NOT NULL,
    code text,
    title text,
    annotation text,
    CONSTRAINT topics_code_check CHECK ((code <> ''::text))
);

ALTER TABLE courses.topics ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.topics_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE courses.user_flags (
    user_id bigint NOT NULL,
    notify_enabled boolean DEFAULT true NOT NULL
);

CREATE TABLE courses.users (
    id bigint NOT NULL,
    telegram_id bigint,
    username text,
    nickname text,
    password text,
    full_name text,
    role courses.role DEFAULT 'user'::courses.role NOT NULL,
    phone text,
    email text,
    cohort_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_email_check CHECK ((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text)),
    CONSTRAINT users_password_check CHECK ((password ~ '^\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}$'::text)),
    CONSTRAINT users_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
    CONSTRAINT users_telegram_id_check CHECK ((telegram_id > 0))
);

ALTER TABLE courses.users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME courses.users_id_seq
    START WITH 1000001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE platform.lanes (
    bot_id bigint NOT NULL,
    lane text NOT NULL,
    head_due timestamp with time zone,
    next_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    leased_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    lease uuid,
    chat text,
    priority smallint DEFAULT 1 NOT NULL,
    blocked_at timestamp with time zone,
    blocked_class text,
    paced boolean DEFAULT true NOT NULL,
    paused_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT lanes_check CHECK (((blocked_at IS NULL) = (blocked_class IS NULL))),
    CONSTRAINT lanes_priority_check CHECK ((priority = ANY (ARRAY[0, 1, 2])))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500', autovacuum_analyze_scale_factor='0.05', autovacuum_analyze_threshold='500');

CREATE VIEW courses.v_mailings WITH (security_invoker='true') AS
 SELECT u.id AS user_id,
    u.telegram_id,
        CASE
            WHEN (u.telegram_id IS NULL) THEN 'no_account'::text
            WHEN (c.id IS NULL) THEN 'no_consent'::text
            WHEN (NOT COALESCE(f.notify_enabled, true)) THEN 'notifications_off'::text
            WHEN (l.lane IS NOT NULL) THEN 'unreachable'::text
            ELSE NULL::text
        END AS obstacle
   FROM ((((courses.users u
     LEFT JOIN courses.user_flags f ON ((f.user_id = u.id)))
     LEFT JOIN courses.consents c ON (((c.telegram_id = u.telegram_id) AND (c.purpose = 'mailings'::courses.consent_purpose) AND (c.withdrawn_at IS NULL) AND (c.version = ( SELECT max(t.version) AS max
           FROM courses.consent_texts t
          WHERE ((t.purpose = 'mailings'::courses.consent_purpose) AND (t.version > 0)))))))
     LEFT JOIN courses.school k ON (true))
     LEFT JOIN platform.lanes l ON (((l.bot_id = k.bot_id) AND (l.lane = (u.telegram_id)::text) AND (l.blocked_at IS NOT NULL))));

CREATE VIEW courses.v_audiences WITH (security_invoker='true') AS
 SELECT b.id AS broadcast_id,
    m.user_id,
    m.telegram_id,
    m.obstacle
   FROM (((courses.broadcasts b
     CROSS JOIN courses.v_mailings m)
     JOIN courses.users u ON ((u.id = m.user_id)))
     LEFT JOIN courses.participants p ON ((p.user_id = u.id)))
  WHERE
        CASE b.audience
            WHEN 'all'::courses.audience THEN true
            WHEN 'role'::courses.audience THEN (u.role = b.role)
            WHEN 'cohort'::courses.audience THEN (COALESCE(p.cohort_id, u.cohort_id) = b.cohort_id)
            ELSE (p.stream_id = b.stream_id)
        END;

CREATE VIEW courses.v_roster WITH (security_invoker='true') AS
 SELECT s.id AS session_id,
    p.user_id
   FROM ((courses.sessions s
     JOIN courses.participants p ON (((s.stream_id IS NULL) OR (s.stream_id = p.stream_id))))
     JOIN courses.users u ON (((u.id = p.user_id) AND (u.role = 'user'::courses.role) AND ((s.cohort_id IS NULL) OR (s.cohort_id = COALESCE(p.cohort_id, u.cohort_id))))));

CREATE VIEW courses.v_change_readers WITH (security_invoker='true') AS
 SELECT r.kind,
    r.subject_id,
    r.user_id,
    u.telegram_id
   FROM (( SELECT 'session'::courses.reminder_kind AS kind,
            o.session_id AS subject_id,
            o.user_id
           FROM courses.v_roster o
        UNION ALL
         SELECT 'event'::courses.reminder_kind,
            e.id,
            p.user_id
           FROM (courses.events e
             CROSS JOIN courses.participants p)) r
     JOIN courses.users u ON (((u.id = r.user_id) AND (u.role = 'user'::courses.role))))
  WHERE ((u.telegram_id IS NOT NULL) AND (NOT (EXISTS ( SELECT
           FROM courses.user_flags f
          WHERE ((f.user_id = r.user_id) AND (NOT f.notify_enabled))))) AND (NOT (EXISTS ( SELECT
           FROM courses.reminder_opt_outs x
          WHERE ((x.user_id = r.user_id) AND (x.kind = r.kind))))) AND (EXISTS ( SELECT
           FROM courses.consents c
          WHERE ((c.telegram_id = u.telegram_id) AND (c.purpose = 'processing'::courses.consent_purpose) AND (c.withdrawn_at IS NULL)))));

CREATE VIEW courses.v_reminders WITH (security_invoker='true') AS
 SELECT r.kind,
    r.lead,
    r.subject_id,
    r.user_id,
    u.telegram_id,
    r.title,
    r.note,
    r.on_date,
    r.end_date,
    (r.start_time)::courses.local_time AS start_time,
    r.happens_at,
    r.due_at,
    r.until
   FROM (( SELECT 'session'::courses.reminder_kind AS kind,
            l.lead,
            s.id AS subject_id,
            o.user_id,
            COALESCE(s.title, t.title, s.topic_code) AS title,
            NULL::text AS note,
            s.start_date AS on_date,
            s.end_date,
            s.start_time,
            w.happens_at,
                CASE l.lead
                    WHEN 'day'::text THEN w.day_before
                    ELSE w.hour_before
                END AS due_at,
                CASE
                    WHEN ((l.lead = 'day'::text) AND (s.start_time IS NOT NULL)) THEN w.hour_before
                    ELSE w.happens_at
                END AS until
           FROM (((((courses.sessions s
             CROSS JOIN courses.school k)
             JOIN courses.v_roster o ON ((o.session_id = s.id)))
             LEFT JOIN courses.topics t ON ((t.code = s.topic_code)))
             CROSS JOIN ( VALUES ('day'::text), ('hour'::text)) l(lead))
             CROSS JOIN LATERAL ( SELECT ((s.start_date + COALESCE((s.start_time)::time without time zone, '12:00:00'::time without time zone)) AT TIME ZONE k.timezone) AS happens_at,
                    (((s.start_date - 1) + COALESCE((s.start_time)::time without time zone, '12:00:00'::time without time zone)) AT TIME ZONE k.timezone) AS day_before,
                    (((s.start_date + (s.start_time)::time without time zone) AT TIME ZONE k.timezone) - '01:00:00'::interval) AS hour_before) w)
          WHERE ((s.cancelled_at IS NULL) AND ((l.lead = 'day'::text) OR (s.start_time IS NOT NULL)) AND (NOT (EXISTS ( SELECT
                   FROM courses.announced_absences b
                  WHERE ((b.session_id = s.id) AND (b.user_id = o.user_id))))))
        UNION ALL
         SELECT 'healing'::courses.reminder_kind,
            l.lead,
            h.id,
            g.user_id,
            NULL::text,
            h.note,
            h.date,
            NULL::date,
            h.time_start,
            w.happens_at,
                CASE l.lead
                    WHEN 'day'::text THEN (((h.date - 1) + (h.time_start)::time without time zone) AT TIME ZONE k.timezone)
                    ELSE (w.happens_at - '01:00:00'::interval)
                END AS "case",
                CASE l.lead
                    WHEN 'day'::text THEN (w.happens_at - '01:00:00'::interval)
                    ELSE w.happens_at
                END AS happens_at
           FROM ((((courses.healing_sessions h
             CROSS JOIN courses.school k)
             JOIN courses.healing_signups g ON (((g.healing_session_id = h.id) AND (g.state = 'signed'::courses.signup_state))))
             CROSS JOIN ( VALUES ('day'::text), ('hour'::text)) l(lead))
             CROSS JOIN LATERAL ( SELECT ((h.date + (h.time_start)::time without time zone) AT TIME ZONE k.timezone) AS happens_at) w)
          WHERE (h.cancelled_at IS NULL)
        UNION ALL
         SELECT 'event'::courses.reminder_kind,
            'day'::text,
            e.id,
            p.user_id,
            e.title,
            e.note,
            e.start_date,
            e.end_date,
            e.start_time,
            ((e.start_date + COALESCE((e.start_time)::time without time zone, '12:00:00'::time without time zone)) AT TIME ZONE k.timezone) AS timezone,
            (((e.start_date - 1) + COALESCE((e.start_time)::time without time zone, '12:00:00'::time without time zone)) AT TIME ZONE k.timezone) AS timezone,
            ((e.start_date + COALESCE((e.start_time)::time without time zone, '12:00:00'::time without time zone)) AT TIME ZONE k.timezone) AS timezone
           FROM ((courses.events e
             CROSS JOIN courses.school k)
             CROSS JOIN courses.participants p)
          WHERE (e.cancelled_at IS NULL)
        UNION ALL
         SELECT l.kind,
            'day'::text,
            a.id,
            p.user_id,
            a.title,
            NULL::text,
            a.due_date,
            NULL::date,
            NULL::time without time zone,
            (((a.due_date + 1) + '00:00:00'::time without time zone) AT TIME ZONE k.timezone) AS timezone,
            (((a.due_date + l.days) + '12:00:00'::time without time zone) AT TIME ZONE k.timezone) AS timezone,
                CASE l.kind
                    WHEN 'assignment'::courses.reminder_kind THEN (((a.due_date + 1) + '00:00:00'::time without time zone) AT TIME ZONE k.timezone)
                    ELSE (((a.due_date + 3) + '12:00:00'::time without time zone) AT TIME ZONE k.timezone)
                END AS timezone
           FROM (((courses.assignments a
             CROSS JOIN courses.school k)
             CROSS JOIN courses.participants p)
             CROSS JOIN ( VALUES ('assignment'::courses.reminder_kind,'-1'::integer), ('homework'::courses.reminder_kind,1)) l(kind, days))
          WHERE ((a.withdrawn_at IS NULL) AND ((l.kind = 'assignment'::courses.reminder_kind) OR (p.created_at < (((a.due_date + 1) + '00:00:00'::time without time zone) AT TIME ZONE k.timezone))) AND (NOT (EXISTS ( SELECT
                   FROM courses.submissions b
                  WHERE ((b.assignment_id = a.id) AND (b.user_id = p.user_id))))))) r
     JOIN courses.users u ON (((u.id = r.user_id) AND (u.role = 'user'::courses.role))))
  WHERE ((u.telegram_id IS NOT NULL) AND (NOT (EXISTS ( SELECT
           FROM courses.user_flags f
          WHERE ((f.user_id = r.user_id) AND (NOT f.notify_enabled))))) AND (NOT (EXISTS ( SELECT
           FROM courses.reminder_opt_outs x
          WHERE ((x.user_id = r.user_id) AND (x.kind = r.kind))))) AND (EXISTS ( SELECT
           FROM courses.consents c
          WHERE ((c.telegram_id = u.telegram_id) AND (c.purpose = 'processing'::courses.consent_purpose) AND (c.withdrawn_at IS NULL)))));

CREATE TABLE dashboard.alerts (
    id bigint NOT NULL,
    tenant_id uuid,
    kind text NOT NULL,
    threshold numeric,
    actual numeric,
    severity text DEFAULT 'warning'::text NOT NULL,
    description text,
    triggered_at timestamp with time zone NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by text,
    notification_sent_at timestamp with time zone,
    told_severity text,
    told_at timestamp with time zone,
    resolved_at timestamp with time zone,
    outbox_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT alerts_kind_check CHECK ((kind = ANY (ARRAY['low_conversion'::text, 'high_drop_off'::text, 'error_spike'::text, 'data_stale'::text]))),
    CONSTRAINT alerts_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text]))),
    CONSTRAINT alerts_told_severity_check CHECK ((told_severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
);

ALTER TABLE ONLY dashboard.alerts FORCE ROW LEVEL SECURITY;

ALTER TABLE dashboard.alerts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dashboard.alerts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dashboard.audits (
    id bigint NOT NULL,
    user_id bigint,
    tenant_id uuid,
    actor text DEFAULT ''::text NOT NULL,
    action text NOT NULL,
    description text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    ip_address text,
    user_agent text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY dashboard.audits FORCE ROW LEVEL SECURITY;

ALTER TABLE dashboard.audits ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dashboard.audits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dashboard.bookings (
    id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    external_id text NOT NULL,
    client_id text NOT NULL,
    start_at timestamp with time zone,
    service_code text,
    status text DEFAULT 'created'::text NOT NULL,
    verified_at timestamp with time zone,
    verification_data jsonb,
    yclients_attendance integer,
    look_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bookings_status_check CHECK ((status = ANY (ARRAY['created'::text, 'confirmed'::text, 'completed'::text, 'cancelled'::text, 'no_show'::text]))),
    CONSTRAINT bookings_yclients_attendance_check CHECK ((yclients_attendance = ANY (ARRAY['-1'::integer, 0, 1, 2])))
);

ALTER TABLE ONLY dashboard.bookings FORCE ROW LEVEL SECURITY;

ALTER TABLE dashboard.bookings ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dashboard.bookings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dashboard.conversations (
    id bigint NOT NULL,
    session bigint NOT NULL,
    tenant_id uuid NOT NULL,
    client_id text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    escalated boolean DEFAULT false NOT NULL,
    escalated_at timestamp with time zone,
    escalation_reason text,
    closed_at timestamp with time zone,
    closure_reason text,
    last_message_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT conversations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'resolved'::text, 'escalated'::text])))
);

ALTER TABLE ONLY dashboard.conversations FORCE ROW LEVEL SECURITY;

ALTER TABLE dashboard.conversations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dashboard.conversations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dashboard.metrics_dailies (
    id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    day date NOT NULL,
    dialogs_started integer DEFAULT 0 NOT NULL,
    bookings integer DEFAULT 0 NOT NULL,
    conversion numeric DEFAULT 0.0 NOT NULL,
    avg_response_ms integer DEFAULT 0 NOT NULL,
    digest_sent_at timestamp with time zone,
    digest_outbox_id bigint,
    revised_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    begins_at timestamp with time zone,
    ends_at timestamp with time zone,
    answers integer,
    waited_ms numeric,
    CONSTRAINT metrics_dailies_avg_response_ms_check CHECK ((avg_response_ms >= 0)),
    CONSTRAINT metrics_dailies_bookings_check CHECK ((bookings >= 0)),
    CONSTRAINT metrics_dailies_dialogs_started_check CHECK ((dialogs_started >= 0))
);

ALTER TABLE ONLY dashboard.metrics_dailies FORCE ROW LEVEL SECURITY;

ALTER TABLE dashboard.metrics_dailies ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dashboard.metrics_dailies_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dashboard.page_sessions (
    id_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    way text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ip_address text,
    user_agent text,
    CONSTRAINT page_sessions_id_hash_check CHECK ((octet_length(id_hash) = 32)),
    CONSTRAINT page_sessions_way_check CHECK ((way = ANY (ARRAY['link'::text, 'password'::text, 'telegram'::text])))
);

ALTER TABLE ONLY dashboard.page_sessions FORCE ROW LEVEL SECURITY;

CREATE TABLE dashboard.sign_in_attempts (
    key_hash bytea NOT NULL,
    tries integer DEFAULT 1 NOT NULL,
    free_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    tried_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_in_attempts_key_hash_check CHECK ((octet_length(key_hash) = 32))
);

ALTER TABLE ONLY dashboard.sign_in_attempts FORCE ROW LEVEL SECURITY;

CREATE TABLE dashboard.sign_in_links (
    token_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT sign_in_links_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY dashboard.sign_in_links FORCE ROW LEVEL SECURITY;

CREATE TABLE dashboard.tenant_settings (
    tenant_id uuid NOT NULL,
    bot_id bigint,
    chat_id bigint,
    timezone text DEFAULT 'Asia/Almaty'::text NOT NULL,
    digest_hour integer DEFAULT 9 NOT NULL,
    language text DEFAULT 'ru'::text NOT NULL,
    low_conversion numeric DEFAULT 15 NOT NULL,
    high_drop_off numeric DEFAULT 60 NOT NULL,
    error_spike numeric DEFAULT 20 NOT NULL,
    stale_hours integer DEFAULT 6 NOT NULL,
    minimum_sample integer DEFAULT 10 NOT NULL,
    quiet_from integer DEFAULT 22 NOT NULL,
    quiet_until integer DEFAULT 8 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_settings_digest_hour_check CHECK (((digest_hour >= 0) AND (digest_hour <= 23))),
    CONSTRAINT tenant_settings_error_spike_check CHECK (((error_spike >= (0)::numeric) AND (error_spike <= (100)::numeric))),
    CONSTRAINT tenant_settings_high_drop_off_check CHECK (((high_drop_off >= (0)::numeric) AND (high_drop_off <= (100)::numeric))),
    CONSTRAINT tenant_settings_language_check CHECK ((language = ANY (ARRAY['ru'::text, 'en'::text]))),
    CONSTRAINT tenant_settings_low_conversion_check CHECK (((low_conversion >= (0)::numeric) AND (low_conversion <= (100)::numeric))),
    CONSTRAINT tenant_settings_minimum_sample_check CHECK ((minimum_sample >= 1)),
    CONSTRAINT tenant_settings_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 23))),
    CONSTRAINT tenant_settings_quiet_until_check CHECK (((quiet_until >= 0) AND (quiet_until <= 23))),
    CONSTRAINT tenant_settings_stale_hours_check CHECK (((stale_hours >= 1) AND (stale_hours <= 168)))
);

ALTER TABLE ONLY dashboard.tenant_settings FORCE ROW LEVEL SECURITY;

CREATE TABLE dashboard.users (
    id bigint NOT NULL,
    email text,
    encrypted_password text,
    reset_password_token text,
    reset_password_sent_at timestamp with time zone,
    remember_created_at timestamp with time zone,
    first_name text,
    last_name text,
    role text DEFAULT 'staff'::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    tenant_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    telegram_id bigint,
    language text,
    CONSTRAINT users_check CHECK (((role = 'super_admin'::text) = (tenant_id IS NULL))),
    CONSTRAINT users_email_check CHECK (((email = lower(email)) AND (email ~~ '%_@_%'::text))),
    CONSTRAINT users_encrypted_password_check CHECK ((encrypted_password ~~ '$argon2id$%'::text)),
    CONSTRAINT users_language_check CHECK ((language = ANY (ARRAY['ru'::text, 'en'::text]))),
    CONSTRAINT users_reset_token CHECK ((reset_password_token ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['super_admin'::text, 'admin'::text, 'staff'::text]))),
    CONSTRAINT users_telegram_id_check CHECK ((telegram_id > 0))
);

ALTER TABLE ONLY dashboard.users FORCE ROW LEVEL SECURITY;

ALTER TABLE dashboard.users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME dashboard.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.clients_v2 (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    tenant_id uuid NOT NULL,
    telegram_chat_id bigint,
    whatsapp_id text,
    phone text,
    yclients_client_id bigint,
    full_name text,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.clients_v2 FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.clients_v2 IS 'carillon: 0006_bot_tables';

CREATE VIEW dashboard.v_clients WITH (security_invoker='true') AS
 SELECT id,
    tenant_id,
    telegram_chat_id,
    whatsapp_id,
    phone,
    yclients_client_id,
    full_name,
    meta,
    created_at,
    updated_at
   FROM public.clients_v2
  WHERE (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all)));

CREATE TABLE public.conversation_sessions_v2 (
    id bigint NOT NULL,
    session_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    channel text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    duration_sec integer,
    final_status text NOT NULL,
    final_intent text,
    final_summary text,
    booking_id text,
    booking_source text,
    booking_status text,
    booking_datetime timestamp with time zone,
    booking_amount numeric,
    booking_currency text,
    messages_count integer,
    agent_messages_count integer,
    user_messages_count integer,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    summary text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.conversation_sessions_v2 FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.conversation_sessions_v2 IS 'carillon: 0006_bot_tables';

CREATE VIEW dashboard.v_conversion_funnel WITH (security_invoker='true') AS
 SELECT tenant_id,
    date(started_at) AS day,
    count(*) AS total_sessions,
    count(*) FILTER (WHERE (((meta ->> 'drop_off_stage'::text) IS NULL) OR (final_status = 'done'::text))) AS completed,
    count(*) FILTER (WHERE ((meta ->> 'drop_off_stage'::text) = 'service_selection'::text)) AS dropped_at_service,
    count(*) FILTER (WHERE ((meta ->> 'drop_off_stage'::text) = 'staff_selection'::text)) AS dropped_at_staff,
    count(*) FILTER (WHERE ((meta ->> 'drop_off_stage'::text) = 'date_selection'::text)) AS dropped_at_date,
    count(*) FILTER (WHERE ((meta ->> 'drop_off_stage'::text) = 'time_selection'::text)) AS dropped_at_time
   FROM public.conversation_sessions_v2
  WHERE ((final_status IS NOT NULL) AND (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))))
  GROUP BY tenant_id, (date(started_at));

CREATE TABLE public.tenants_v2 (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    slug text,
    is_active boolean DEFAULT true NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.tenants_v2 FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.tenants_v2 IS 'carillon: 0006_bot_tables';

CREATE VIEW dashboard.v_tenants WITH (security_invoker='true') AS
 SELECT t.id AS tenant_id,
    t.name,
    t.slug,
    t.is_active,
    COALESCE(z.timezone, 'Asia/Almaty'::text) AS timezone
   FROM (public.tenants_v2 t
     LEFT JOIN dashboard.tenant_zones() z(tenant_id, timezone) ON ((z.tenant_id = t.id)))
  WHERE (((t.id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (t.id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((t.id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all)));

CREATE VIEW dashboard.v_conversion_funnel_corrected WITH (security_invoker='true') AS
 SELECT s.tenant_id,
    ((s.started_at AT TIME ZONE t.timezone))::date AS day,
    count(*) AS total_sessions,
    count(*) FILTER (WHERE (s.final_status = 'done'::text)) AS completed,
    count(*) FILTER (WHERE (s.final_status = 'escalated'::text)) AS escalated,
    count(*) FILTER (WHERE (s.final_status = ANY (ARRAY['dropped'::text, 'abandoned'::text, 'auto_closed'::text]))) AS dropped,
    count(*) FILTER (WHERE ((s.final_status = ANY (ARRAY['done'::text, 'escalated'::text, 'dropped'::text, 'abandoned'::text, 'auto_closed'::text])) IS NOT TRUE)) AS other,
    count(*) FILTER (WHERE ((s.final_status IS DISTINCT FROM 'done'::text) AND ((s.meta ->> 'drop_off_stage'::text) = 'service_selection'::text))) AS dropped_at_service,
    count(*) FILTER (WHERE ((s.final_status IS DISTINCT FROM 'done'::text) AND ((s.meta ->> 'drop_off_stage'::text) = 'staff_selection'::text))) AS dropped_at_staff,
    count(*) FILTER (WHERE ((s.final_status IS DISTINCT FROM 'done'::text) AND ((s.meta ->> 'drop_off_stage'::text) = 'date_selection'::text))) AS dropped_at_date,
    count(*) FILTER (WHERE ((s.final_status IS DISTINCT FROM 'done'::text) AND ((s.meta ->> 'drop_off_stage'::text) = 'time_selection'::text))) AS dropped_at_time
   FROM (public.conversation_sessions_v2 s
     JOIN dashboard.v_tenants t ON ((t.tenant_id = s.tenant_id)))
  WHERE (((s.tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (s.tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((s.tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all)))
  GROUP BY s.tenant_id, (((s.started_at AT TIME ZONE t.timezone))::date);

CREATE TABLE public.recent_history_v2 (
    id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid,
    role text NOT NULL,
    channel text DEFAULT 'unknown'::text NOT NULL,
    message text NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.recent_history_v2 FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.recent_history_v2 IS 'carillon: 0006_bot_tables';

CREATE VIEW dashboard.v_history WITH (security_invoker='true') AS
 SELECT id,
    tenant_id,
    user_id,
    session_id,
    role,
    channel,
    message,
    meta,
    created_at
   FROM public.recent_history_v2
  WHERE (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all)));

CREATE TABLE public.user_ltm_v2 (
    id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    preferred_staff_id text,
    preferred_service_id text,
    preferred_time text,
    language text,
    allow_notifications boolean DEFAULT true NOT NULL,
    ltm_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.user_ltm_v2 FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.user_ltm_v2 IS 'carillon: 0006_bot_tables';

CREATE VIEW dashboard.v_memories WITH (security_invoker='true') AS
 SELECT id,
    tenant_id,
    user_id,
    preferred_staff_id,
    preferred_service_id,
    preferred_time,
    language,
    allow_notifications,
    ltm_data,
    created_at,
    updated_at
   FROM public.user_ltm_v2
  WHERE (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all)));

CREATE VIEW dashboard.v_sessions WITH (security_invoker='true') AS
 SELECT conversation_sessions_v2.id,
    conversation_sessions_v2.session_id,
    conversation_sessions_v2.tenant_id,
    conversation_sessions_v2.user_id,
    conversation_sessions_v2.channel,
    conversation_sessions_v2.started_at,
    conversation_sessions_v2.ended_at,
    conversation_sessions_v2.duration_sec,
    conversation_sessions_v2.final_status,
    conversation_sessions_v2.final_intent,
    conversation_sessions_v2.final_summary,
    conversation_sessions_v2.booking_id,
    conversation_sessions_v2.booking_source,
    conversation_sessions_v2.booking_status,
    conversation_sessions_v2.booking_datetime,
    conversation_sessions_v2.messages_count,
    conversation_sessions_v2.agent_messages_count,
    conversation_sessions_v2.user_messages_count,
    conversation_sessions_v2.meta,
    conversation_sessions_v2.summary,
    conversation_sessions_v2.created_at
   FROM public.conversation_sessions_v2
  WHERE ( SELECT dashboard.sees_all() AS sees_all)
UNION ALL
 SELECT conversation_sessions_v2.id,
    conversation_sessions_v2.session_id,
    conversation_sessions_v2.tenant_id,
    conversation_sessions_v2.user_id,
    conversation_sessions_v2.channel,
    conversation_sessions_v2.started_at,
    conversation_sessions_v2.ended_at,
    conversation_sessions_v2.duration_sec,
    conversation_sessions_v2.final_status,
    conversation_sessions_v2.final_intent,
    conversation_sessions_v2.final_summary,
    conversation_sessions_v2.booking_id,
    conversation_sessions_v2.booking_source,
    conversation_sessions_v2.booking_status,
    conversation_sessions_v2.booking_datetime,
    conversation_sessions_v2.messages_count,
    conversation_sessions_v2.agent_messages_count,
    conversation_sessions_v2.user_messages_count,
    conversation_sessions_v2.meta,
    conversation_sessions_v2.summary,
    conversation_sessions_v2.created_at
   FROM public.conversation_sessions_v2
  WHERE (conversation_sessions_v2.tenant_id = ( SELECT dashboard.seen_tenant() AS seen_tenant));

CREATE VIEW dashboard.v_top_services WITH (security_invoker='true') AS
 SELECT s.tenant_id,
    date(s.started_at) AS day,
    service_name.value AS service_name,
    count(*) AS booking_count,
    sum(a.amount) AS total_revenue
   FROM ((public.conversation_sessions_v2 s
     CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof((s.meta -> 'services_mentioned'::text))
            WHEN 'array'::text THEN (s.meta -> 'services_mentioned'::text)
            ELSE NULL::jsonb
        END) service_name(value))
     LEFT JOIN dashboard.session_amounts() a(id, amount) ON ((a.id = s.id)))
  WHERE (((s.booking_id IS NULL) IS NOT TRUE) AND (((s.tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (s.tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((s.tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))))
  GROUP BY s.tenant_id, (date(s.started_at)), service_name.value
  ORDER BY (count(*)) DESC;

CREATE VIEW dashboard.v_top_services_corrected WITH (security_invoker='true') AS
 SELECT s.tenant_id,
    ((s.started_at AT TIME ZONE t.timezone))::date AS day,
    n.service_name,
    count(*) AS booking_count,
    round(sum((a.amount / (n.services)::numeric)), 2) AS total_revenue
   FROM (((public.conversation_sessions_v2 s
     JOIN dashboard.v_tenants t ON ((t.tenant_id = s.tenant_id)))
     CROSS JOIN LATERAL ( SELECT DISTINCT e.service_name,
            count(*) OVER () AS services
           FROM ( SELECT DISTINCT j.service_name
                   FROM jsonb_array_elements_text(
                        CASE jsonb_typeof((s.meta -> 'services_mentioned'::text))
                            WHEN 'array'::text THEN (s.meta -> 'services_mentioned'::text)
                            ELSE NULL::jsonb
                        END) j(service_name)) e) n)
     LEFT JOIN dashboard.session_amounts() a(id, amount) ON ((a.id = s.id)))
  WHERE (((s.booking_id IS NULL) IS NOT TRUE) AND (((s.tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (s.tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((s.tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))))
  GROUP BY s.tenant_id, (((s.started_at AT TIME ZONE t.timezone))::date), n.service_name;

CREATE TABLE public.wishlist_v2 (
    id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    item_type text NOT NULL,
    item_id text NOT NULL,
    source text,
    comment text,
    status text DEFAULT 'pending'::text NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    processed_at timestamp with time zone
);

ALTER TABLE ONLY public.wishlist_v2 FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.wishlist_v2 IS 'carillon: 0006_bot_tables';

CREATE VIEW dashboard.v_wishlist WITH (security_invoker='true') AS
 SELECT id,
    tenant_id,
    user_id,
    item_type,
    item_id,
    source,
    comment,
    status,
    meta,
    created_at,
    updated_at,
    processed_at
   FROM public.wishlist_v2
  WHERE (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all)));

CREATE VIEW dashboard.v_wishlist_pending WITH (security_invoker='true') AS
 SELECT id,
    tenant_id,
    user_id,
    item_type,
    item_id,
    comment,
    (meta ->> 'service_title'::text) AS service_title,
    (meta ->> 'staff_name'::text) AS staff_name,
    (meta ->> 'preferred_date'::text) AS preferred_date,
    created_at
   FROM public.wishlist_v2 w
  WHERE ((status = 'pending'::text) AND (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE TABLE dashboard.wishlist_marks (
    tenant_id uuid NOT NULL,
    wishlist_id bigint NOT NULL,
    done_at timestamp with time zone DEFAULT now() NOT NULL,
    done_by bigint
);

ALTER TABLE ONLY dashboard.wishlist_marks FORCE ROW LEVEL SECURITY;

CREATE TABLE getcourse.account_events (
    id bigint NOT NULL,
    source_id bigint NOT NULL,
    event_types text[] NOT NULL,
    object_id character varying(50) NOT NULL,
    event_date timestamp with time zone NOT NULL,
    natural_key bytea NOT NULL,
    raw_payload jsonb NOT NULL,
    correlation_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sanitized boolean DEFAULT false NOT NULL,
    CONSTRAINT account_events_natural_key_check CHECK ((octet_length(natural_key) = 32))
);

ALTER TABLE getcourse.account_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME getcourse.account_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE getcourse.application_logs (
    id bigint NOT NULL,
    level character varying(20) DEFAULT 'INFO'::character varying NOT NULL,
    message text NOT NULL,
    context jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE getcourse.application_logs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME getcourse.application_logs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE getcourse.error_logs (
    id bigint NOT NULL,
    error_class character varying(100) NOT NULL,
    message text NOT NULL,
    webhook_event_id bigint,
    correlation_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE getcourse.error_logs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME getcourse.error_logs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE getcourse.notifications (
    id bigint NOT NULL,
    mentor_id bigint NOT NULL,
    type character varying(50) NOT NULL,
    message text NOT NULL,
    status character varying(20) DEFAULT 'pending'::character varying NOT NULL,
    webhook_event_id bigint,
    message_hash character varying(64) NOT NULL,
    outbox_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    telegram_message_id character varying(50),
    CONSTRAINT notifications_status_check CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'sent'::character varying, 'failed'::character varying, 'unknown'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT notifications_type_check CHECK (((type)::text = ANY ((ARRAY['answerToLesson'::character varying, 'deadlineApproaching'::character varying])::text[])))
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_analyze_scale_factor='0.01', autovacuum_analyze_threshold='1000');

ALTER TABLE getcourse.notifications ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME getcourse.notifications_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW getcourse.v_active_mentors AS
 SELECT id,
    getcourse_id,
    telegram_id,
    email,
    first_name,
    last_name,
    username,
    valid_from,
    valid_to,
    created_at,
    updated_at,
    person_id
   FROM getcourse.mentors
  WHERE ((valid_from <= now()) AND (now() < valid_to));

CREATE VIEW getcourse.v_active_students AS
 SELECT id,
    getcourse_id,
    email,
    first_name,
    last_name,
    valid_from,
    valid_to,
    created_at,
    updated_at,
    person_id
   FROM getcourse.students
  WHERE ((valid_from <= now()) AND (now() < valid_to));

CREATE VIEW getcourse.v_active_mappings AS
 SELECT p.id,
    p.training_id,
    t.title AS training_title,
    p.student_id,
    s.getcourse_id AS student_getcourse_id,
    s.email AS student_email,
    s.first_name AS student_first_name,
    s.last_name AS student_last_name,
    p.mentor_id,
    m.telegram_id AS mentor_telegram_id,
    m.email AS mentor_email,
    m.first_name AS mentor_first_name,
    m.last_name AS mentor_last_name,
    p.valid_from,
    p.valid_to
   FROM (((getcourse.mapping p
     JOIN getcourse.v_active_students s ON ((s.person_id = p.student_id)))
     JOIN getcourse.v_active_mentors m ON ((m.person_id = p.mentor_id)))
     LEFT JOIN getcourse.trainings t ON ((((t.getcourse_id)::text = (p.training_id)::text) AND (t.valid_from <= now()) AND (now() < t.valid_to))))
  WHERE ((p.valid_from <= now()) AND (now() < p.valid_to));

CREATE TABLE getcourse.webhook_events (
    id bigint NOT NULL,
    source_id bigint,
    event_date timestamp with time zone NOT NULL,
    user_id character varying(50) NOT NULL,
    user_email character varying(255),
    user_first_name character varying(255),
    user_last_name character varying(255),
    answer_id character varying(50) NOT NULL,
    answer_training_id character varying(50),
    answer_lesson_id character varying(50),
    answer_teacher_id character varying(50),
    answer_type character varying(50),
    answer_status character varying(50),
    answer_text text,
    raw_payload jsonb,
    raw_body bytea,
    sanitized boolean DEFAULT false NOT NULL,
    correlation_id text DEFAULT (gen_random_uuid())::text NOT NULL,
    processed boolean DEFAULT false NOT NULL,
    processed_at timestamp with time zone,
    error_message text,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    alerted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    answer_key uuid
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_analyze_scale_factor='0.01', autovacuum_analyze_threshold='1000');

CREATE TABLE platform.webhook_sources (
    id bigint NOT NULL,
    provider text NOT NULL,
    name text NOT NULL,
    bot_id bigint,
    field_map jsonb DEFAULT '{}'::jsonb NOT NULL,
    admin_chat_id bigint,
    timezone text DEFAULT 'Europe/Moscow'::text NOT NULL,
    language text DEFAULT 'ru'::text NOT NULL,
    link_template text,
    collapse_seconds integer DEFAULT 3 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    gateway text,
    signing_secret_sealed bytea,
    paused_at timestamp with time zone,
    redact jsonb DEFAULT '{}'::jsonb NOT NULL,
    answers_redacted bigint DEFAULT 0 NOT NULL,
    account_events_redacted bigint DEFAULT 0 NOT NULL,
    inbox_redacted bigint DEFAULT 0 NOT NULL,
    CONSTRAINT webhook_sources_check CHECK (((provider = 'whatsapp'::text) = (gateway IS NOT NULL))),
    CONSTRAINT webhook_sources_collapse_seconds_check CHECK (((collapse_seconds >= 0) AND (collapse_seconds <= 3600))),
    CONSTRAINT webhook_sources_field_map_check CHECK ((jsonb_typeof(field_map) = 'object'::text)),
    CONSTRAINT webhook_sources_gateway_check CHECK ((gateway = ANY (ARRAY['chatflow'::text, 'evolution'::text, 'whatsapp_cloud'::text]))),
    CONSTRAINT webhook_sources_language_check CHECK ((language = ANY (ARRAY['ru'::text, 'en'::text]))),
    CONSTRAINT webhook_sources_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT webhook_sources_provider_check CHECK ((provider = ANY (ARRAY['getcourse'::text, 'whatsapp'::text, 'yclients'::text]))),
    CONSTRAINT webhook_sources_redact_check CHECK ((jsonb_typeof(redact) = 'object'::text))
);

COMMENT ON COLUMN platform.webhook_sources.answers_redacted IS 'the id up to which getcourse.webhook_events are redacted';

COMMENT ON COLUMN platform.webhook_sources.account_events_redacted IS 'the same of getcourse.account_events';

COMMENT ON COLUMN platform.webhook_sources.inbox_redacted IS 'the id up to which platform.inbox is redacted';

CREATE VIEW getcourse.v_next_answers WITH (security_invoker='true') AS
 WITH RECURSIVE schools AS (
        ( SELECT COALESCE(e.source_id, (0)::bigint) AS source,
            e.next_attempt_at
           FROM getcourse.webhook_events e
          WHERE (NOT e.processed)
          ORDER BY COALESCE(e.source_id, (0)::bigint), e.next_attempt_at
         LIMIT 1)
        UNION ALL
         SELECT next.source,
            next.next_attempt_at
           FROM (schools s_1
             CROSS JOIN LATERAL ( SELECT COALESCE(e.source_id, (0)::bigint) AS source,
                    e.next_attempt_at
                   FROM getcourse.webhook_events e
                  WHERE ((NOT e.processed) AND (COALESCE(e.source_id, (0)::bigint) > s_1.source))
                  ORDER BY COALESCE(e.source_id, (0)::bigint), e.next_attempt_at
                 LIMIT 1) next)
        )
 SELECT s.source,
    (s.next_attempt_at + g.gathering) AS due_at,
    g.gathering
   FROM ((schools s
     LEFT JOIN platform.webhook_sources w ON ((w.id = s.source)))
     CROSS JOIN LATERAL ( SELECT make_interval(secs => (COALESCE(w.collapse_seconds, 0))::double precision) AS gathering) g);

CREATE VIEW getcourse.v_pending_notifications AS
 SELECT n.id,
    n.mentor_id,
    n.type,
    n.message,
    n.status,
    n.webhook_event_id,
    n.message_hash,
    n.outbox_id,
    n.created_at,
    n.sent_at,
    n.telegram_message_id,
    m.telegram_id,
    m.email AS mentor_email,
    m.first_name AS mentor_first_name,
    m.last_name AS mentor_last_name
   FROM (getcourse.notifications n
     LEFT JOIN getcourse.v_active_mentors m ON ((m.person_id = n.mentor_id)))
  WHERE ((n.status)::text = 'pending'::text)
  ORDER BY n.created_at, n.id;

CREATE VIEW getcourse.v_pending_webhooks AS
 SELECT id,
    source_id,
    event_date,
    user_id,
    user_email,
    user_first_name,
    user_last_name,
    answer_id,
    answer_training_id,
    answer_lesson_id,
    answer_teacher_id,
    answer_type,
    answer_status,
    answer_text,
    raw_payload,
    raw_body,
    sanitized,
    correlation_id,
    processed,
    processed_at,
    error_message,
    attempts,
    next_attempt_at,
    alerted_at,
    created_at
   FROM getcourse.webhook_events
  WHERE (NOT processed)
  ORDER BY created_at, id;

ALTER TABLE getcourse.webhook_events ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME getcourse.webhook_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE learning.chat_messages (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    thread_id uuid NOT NULL,
    seq bigint NOT NULL,
    role learning.message_role NOT NULL,
    content text NOT NULL,
    meta_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT chat_messages_meta_json_check CHECK ((jsonb_typeof(meta_json) = 'object'::text)),
    CONSTRAINT chat_messages_seq_check CHECK ((seq > 0))
);

CREATE TABLE learning.chat_templates (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    scope learning.template_scope NOT NULL,
    track_id uuid,
    tab learning.chat_tab,
    version integer NOT NULL,
    content text NOT NULL,
    variables_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT chat_templates_check CHECK (((scope = 'track'::learning.template_scope) = (track_id IS NOT NULL))),
    CONSTRAINT chat_templates_content_check CHECK ((content <> ''::text)),
    CONSTRAINT chat_templates_variables_json_check CHECK ((jsonb_typeof(variables_json) = 'object'::text)),
    CONSTRAINT chat_templates_version_check CHECK ((version > 0))
);

CREATE TABLE learning.chat_threads (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    session_id uuid NOT NULL,
    tab learning.chat_tab NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT chat_threads_last_seq_check CHECK ((last_seq >= 0))
);

CREATE TABLE learning.client_tokens (
    client_id bigint NOT NULL,
    slot smallint NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT client_tokens_slot_check CHECK ((slot = ANY (ARRAY[1, 2]))),
    CONSTRAINT client_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE learning.clients (
    id bigint NOT NULL,
    name text NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    daily_tokens bigint,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT clients_daily_tokens_check CHECK ((daily_tokens >= 0)),
    CONSTRAINT clients_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text))
);

ALTER TABLE learning.clients ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME learning.clients_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE learning.daily_usage (
    client_id bigint NOT NULL,
    day date NOT NULL,
    tokens bigint NOT NULL,
    calls bigint NOT NULL,
    CONSTRAINT daily_usage_calls_check CHECK ((calls >= 0)),
    CONSTRAINT daily_usage_tokens_check CHECK ((tokens >= 0))
);

CREATE TABLE learning.idempotency_keys (
    client_id bigint NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    attempt uuid NOT NULL,
    leased_until timestamp with time zone NOT NULL,
    answer json,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='1000');

CREATE TABLE learning.synopses (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    session_id uuid NOT NULL,
    origin learning.synopsis_origin NOT NULL,
    items_json jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT synopses_items_json_check CHECK ((jsonb_typeof(items_json) = 'array'::text))
);

CREATE TABLE learning.track_roadmap_items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    track_id uuid NOT NULL,
    "position" integer NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT track_roadmap_items_position_check CHECK (("position" > 0)),
    CONSTRAINT track_roadmap_items_title_check CHECK ((title <> ''::text))
);

CREATE TABLE learning.track_sessions (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    user_id uuid NOT NULL,
    track_id uuid NOT NULL,
    active_tab learning.chat_tab DEFAULT 'chat'::learning.chat_tab NOT NULL,
    sidebar_visible boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE learning.tracks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    goal text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tracks_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,99}$'::text)),
    CONSTRAINT tracks_title_check CHECK ((title <> ''::text))
);

CREATE TABLE learning.usage (
    client_id bigint NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    used bigint NOT NULL,
    leased_until timestamp with time zone[],
    CONSTRAINT usage_kind_check CHECK ((kind = ANY (ARRAY['messages'::text, 'synopses'::text, 'sessions'::text, 'devices'::text, 'tokens'::text, 'calls'::text, 'changes'::text]))),
    CONSTRAINT usage_used_check CHECK ((used >= 0))
)
WITH (fillfactor='70');

CREATE TABLE learning.users (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    client_id bigint NOT NULL,
    device_id text NOT NULL,
    settings_json jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    weak_until timestamp with time zone,
    CONSTRAINT users_device_id_check CHECK (((length(device_id) >= 1) AND (length(device_id) <= 200))),
    CONSTRAINT users_settings_json_check CHECK ((jsonb_typeof(settings_json) = 'object'::text))
);

CREATE TABLE platform.archive_queue (
    id bigint NOT NULL,
    table_name text NOT NULL,
    day date NOT NULL,
    lines text NOT NULL
);

ALTER TABLE platform.archive_queue ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME platform.archive_queue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE platform.bots (
    id bigint NOT NULL,
    name text NOT NULL,
    system text NOT NULL,
    telegram_id bigint,
    username text,
    token_sealed bytea NOT NULL,
    webhook_version integer DEFAULT 1 NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    rate_per_second double precision DEFAULT 25 NOT NULL,
    burst integer DEFAULT 5 NOT NULL,
    private_pace interval DEFAULT '00:00:01.05'::interval NOT NULL,
    group_pace interval DEFAULT '00:00:03.1'::interval NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    channel text DEFAULT 'telegram'::text NOT NULL,
    address text,
    alert_chat_id bigint,
    webhook_rotated_at timestamp with time zone,
    webhook_key_id bytea,
    CONSTRAINT bots_burst_check CHECK ((burst >= 1)),
    CONSTRAINT bots_channel_check CHECK ((channel = ANY (ARRAY['telegram'::text, 'chatflow'::text, 'evolution'::text, 'whatsapp_cloud'::text]))),
    CONSTRAINT bots_check CHECK (((channel = 'telegram'::text) = (telegram_id IS NOT NULL))),
    CONSTRAINT bots_check1 CHECK (((channel = 'telegram'::text) OR (address IS NOT NULL))),
    CONSTRAINT bots_group_pace_check CHECK ((group_pace >= '00:00:00'::interval)),
    CONSTRAINT bots_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text)),
    CONSTRAINT bots_private_pace_check CHECK ((private_pace >= '00:00:00'::interval)),
    CONSTRAINT bots_rate_per_second_check CHECK ((rate_per_second > (0)::double precision)),
    CONSTRAINT bots_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'auth_failed'::text]))),
    CONSTRAINT bots_system_check CHECK ((system = ANY (ARRAY['courses'::text, 'getcourse'::text, 'salon'::text, 'support'::text, 'learning'::text])))
);

CREATE TABLE support.client_settings (
    client_id uuid NOT NULL,
    telegram_chat_id text,
    telegram_bot_id bigint,
    whatsapp_bot_id bigint,
    owner_telegram_id text,
    reminder_timeout_1 integer DEFAULT 30 NOT NULL,
    reminder_timeout_2 integer DEFAULT 60 NOT NULL,
    auto_close_timeout integer DEFAULT 120 NOT NULL,
    escalation_cooldown_minutes integer DEFAULT 30 NOT NULL,
    confidence_threshold numeric(3,2) DEFAULT 0.60 NOT NULL,
    first_mute_minutes integer DEFAULT 30 NOT NULL,
    second_mute_minutes integer DEFAULT 1440 NOT NULL,
    no_count_reset_minutes integer DEFAULT 1440 NOT NULL,
    manager_mute_minutes integer DEFAULT 60 NOT NULL,
    gather_seconds integer DEFAULT 4 NOT NULL,
    keywords text[],
    timezone text DEFAULT 'Asia/Almaty'::text NOT NULL,
    working_hours jsonb,
    holidays date[] DEFAULT '{}'::date[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    language text DEFAULT 'ru'::text NOT NULL,
    daily_tokens bigint DEFAULT 5000000 NOT NULL,
    customer_daily_tokens bigint DEFAULT 300000 NOT NULL,
    CONSTRAINT client_settings_auto_close_timeout_check CHECK ((auto_close_timeout <= 10080)),
    CONSTRAINT client_settings_check CHECK ((second_mute_minutes >= first_mute_minutes)),
    CONSTRAINT client_settings_check1 CHECK (((reminder_timeout_1 < reminder_timeout_2) AND (reminder_timeout_2 < auto_close_timeout))),
    CONSTRAINT client_settings_confidence_threshold_check CHECK (((confidence_threshold >= (0)::numeric) AND (confidence_threshold <= (1)::numeric))),
    CONSTRAINT client_settings_customer_daily_tokens_check CHECK ((customer_daily_tokens >= 0)),
    CONSTRAINT client_settings_daily_tokens_check CHECK ((daily_tokens >= 0)),
    CONSTRAINT client_settings_escalation_cooldown_minutes_check CHECK (((escalation_cooldown_minutes >= 0) AND (escalation_cooldown_minutes <= 10080))),
    CONSTRAINT client_settings_first_mute_minutes_check CHECK (((first_mute_minutes >= 1) AND (first_mute_minutes <= 10080))),
    CONSTRAINT client_settings_gather_seconds_check CHECK (((gather_seconds >= 0) AND (gather_seconds <= 60))),
    CONSTRAINT client_settings_language_check CHECK ((language = ANY (ARRAY['ru'::text, 'en'::text]))),
    CONSTRAINT client_settings_manager_mute_minutes_check CHECK (((manager_mute_minutes >= 1) AND (manager_mute_minutes <= 10080))),
    CONSTRAINT client_settings_no_count_reset_minutes_check CHECK ((no_count_reset_minutes > 0)),
    CONSTRAINT client_settings_owner_telegram_id_check CHECK ((owner_telegram_id ~ '^@?[A-Za-z][A-Za-z0-9_]{3,31}$'::text)),
    CONSTRAINT client_settings_reminder_timeout_1_check CHECK ((reminder_timeout_1 > 0)),
    CONSTRAINT client_settings_telegram_chat_id_check CHECK ((telegram_chat_id ~ '^-?[1-9][0-9]{4,17}$'::text))
);

CREATE VIEW platform.bot_languages WITH (security_invoker='true') AS
 SELECT bot_id,
        CASE
            WHEN bool_or((language = 'ru'::text)) THEN 'ru'::text
            ELSE 'en'::text
        END AS language
   FROM ( SELECT COALESCE(w.bot_id, ( SELECT min(b.id) AS min
                   FROM platform.bots b
                  WHERE ((b.system = 'getcourse'::text) AND (b.channel = 'telegram'::text)))) AS bot_id,
            w.language
           FROM platform.webhook_sources w
          WHERE (w.provider = 'getcourse'::text)
        UNION ALL
         SELECT t.bot_id,
            t.language
           FROM dashboard.tenant_settings t
        UNION ALL
         SELECT s.telegram_bot_id,
            s.language
           FROM support.client_settings s
        UNION ALL
         SELECT k.bot_id,
            k.language
           FROM courses.school k) o
  WHERE (bot_id IS NOT NULL)
  GROUP BY bot_id;

CREATE TABLE platform.bot_limits (
    bot_id bigint NOT NULL,
    tat timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    paused_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    urgent_tat timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    bulk_tat timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    slowed_rate double precision,
    slowed_at timestamp with time zone,
    CONSTRAINT bot_limits_check CHECK (((slowed_rate IS NULL) = (slowed_at IS NULL))),
    CONSTRAINT bot_limits_slowed_rate_check CHECK ((slowed_rate > (0)::double precision))
)
WITH (fillfactor='50');

ALTER TABLE platform.bots ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME platform.bots_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE platform.chat_moves (
    old_chat_id bigint,
    new_chat_id bigint NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL,
    bot_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    CONSTRAINT chat_moves_check CHECK ((new_chat_id <> chat_id)),
    CONSTRAINT chat_moves_old_check CHECK ((old_chat_id IS NULL))
);

COMMENT ON COLUMN platform.chat_moves.old_chat_id IS 'of the code before 0027_walls; always null';

CREATE TABLE platform.delivery_failures (
    bot_id bigint NOT NULL,
    external_id text NOT NULL,
    error_class text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE platform.failed_updates (
    bot_id bigint NOT NULL,
    update_id bigint NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    error text NOT NULL,
    correlation_id text NOT NULL,
    first_failed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    last_failed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    set_aside_at timestamp with time zone,
    body bytea,
    CONSTRAINT body_of_those_set_aside CHECK (((set_aside_at IS NULL) = (body IS NULL)))
);

CREATE TABLE platform.inbox (
    id bigint NOT NULL,
    source_id bigint NOT NULL,
    reason text NOT NULL,
    content_type text,
    query bytea DEFAULT '\x'::bytea NOT NULL,
    body bytea DEFAULT '\x'::bytea NOT NULL,
    correlation_id text NOT NULL,
    delivery_hash bytea NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    dismissed_at timestamp with time zone,
    dismissed_because text,
    CONSTRAINT inbox_check CHECK (((dismissed_at IS NULL) = (dismissed_because IS NULL))),
    CONSTRAINT inbox_delivery_hash_check CHECK ((octet_length(delivery_hash) = 32))
);

ALTER TABLE platform.inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME platform.inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE platform.job_runs (
    function text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    report jsonb DEFAULT '{}'::jsonb NOT NULL,
    "position" jsonb,
    period_seconds integer
)
WITH (fillfactor='50');

COMMENT ON COLUMN platform.job_runs.period_seconds IS 'how often the function is to be called';

CREATE TABLE platform.members (
    bot_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    telegram_id bigint NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE platform.outbox (
    id bigint NOT NULL,
    bot_id bigint NOT NULL,
    chat_id bigint,
    lane text NOT NULL,
    kind text NOT NULL,
    method text NOT NULL,
    payload jsonb NOT NULL,
    dedup_key text NOT NULL,
    correlation_id text NOT NULL,
    policy text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone,
    attempt_id uuid,
    send_started_at timestamp with time zone,
    finished_at timestamp with time zone,
    message_id bigint,
    maybe_duplicate boolean DEFAULT false NOT NULL,
    error_class text,
    error_code integer,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    recipient text,
    priority smallint DEFAULT 1 NOT NULL,
    topic text,
    guard jsonb,
    as_text boolean DEFAULT false NOT NULL,
    out_of_order boolean DEFAULT false NOT NULL,
    redrives integer DEFAULT 0 NOT NULL,
    external_id text,
    error_text text,
    paced boolean DEFAULT true NOT NULL,
    CONSTRAINT outbox_check CHECK (((state = ANY (ARRAY['queued'::text, 'sending'::text])) = (finished_at IS NULL))),
    CONSTRAINT outbox_check1 CHECK (((state <> 'sending'::text) OR ((attempt_id IS NOT NULL) AND (send_started_at IS NOT NULL)))),
    CONSTRAINT outbox_one_recipient CHECK (((chat_id IS NULL) <> (recipient IS NULL))),
    CONSTRAINT outbox_policy_check CHECK ((policy = ANY (ARRAY['at_least_once'::text, 'at_most_once'::text, 'idempotent'::text]))),
    CONSTRAINT outbox_priority_check CHECK ((priority = ANY (ARRAY[0, 1, 2]))),
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'dead'::text, 'cancelled'::text])))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500', autovacuum_analyze_scale_factor='0.02', autovacuum_analyze_threshold='1000');

CREATE TABLE platform.outbox_attempts (
    attempt_id uuid NOT NULL,
    outbox_id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    outcome text NOT NULL,
    http_status integer,
    retry_after double precision
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE platform.outbox_audits (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    selection jsonb NOT NULL,
    outbox_ids bigint[] NOT NULL,
    CONSTRAINT outbox_audits_action_check CHECK ((action = ANY (ARRAY['redrive'::text, 'cancel'::text, 'restore'::text])))
);

ALTER TABLE platform.outbox_audits ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME platform.outbox_audits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE platform.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME platform.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE platform.refused_requests (
    source_id bigint NOT NULL,
    day date DEFAULT ((now() AT TIME ZONE 'utc'::text))::date NOT NULL,
    reason text NOT NULL,
    status smallint NOT NULL,
    count integer DEFAULT 1 NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE platform.run_reports (
    correlation_id text NOT NULL,
    function text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    report jsonb NOT NULL
);

CREATE TABLE platform.source_secrets (
    source_id bigint NOT NULL,
    slot smallint NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT source_secrets_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT source_secrets_slot_check CHECK ((slot = ANY (ARRAY[1, 2])))
);

CREATE TABLE platform.starts (
    bot_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    answered_at timestamp with time zone
);

CREATE TABLE platform.tenant_secrets (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_secrets_name_check CHECK ((name = 'yclients_token'::text))
);

CREATE TABLE platform.topics (
    id bigint NOT NULL,
    bot_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    icon_color integer,
    thread_id bigint,
    generation integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    former_thread_id bigint,
    CONSTRAINT topics_icon_color_check CHECK ((icon_color = ANY (ARRAY[7322096, 16766590, 13338331, 9367192, 16749490, 16478047]))),
    CONSTRAINT topics_name_check CHECK (((length(name) >= 1) AND (length(name) <= 128)))
);

ALTER TABLE platform.topics ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME platform.topics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE platform.updates (
    bot_id bigint NOT NULL,
    update_id bigint NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE VIEW platform.v_dead_letters WITH (security_invoker='true') AS
 SELECT o.id,
    b.name AS bot,
    o.kind,
    o.state,
    o.error_class,
    o.error_code,
    o.attempt,
    o.maybe_duplicate,
    o.created_at,
    o.finished_at,
    o.correlation_id,
    b.channel,
    o.out_of_order,
    o.redrives,
    o.error_text
   FROM (platform.outbox o
     JOIN platform.bots b ON ((b.id = o.bot_id)))
  WHERE (o.state = ANY (ARRAY['dead'::text, 'unknown'::text]));

CREATE VIEW platform.v_open_reasons WITH (security_invoker='true') AS
 WITH RECURSIVE reasons AS (
        ( SELECT i.source_id,
            i.reason
           FROM platform.inbox i
          WHERE (i.dismissed_at IS NULL)
          ORDER BY i.source_id, i.reason
         LIMIT 1)
        UNION ALL
         SELECT next.source_id,
            next.reason
           FROM (reasons r_1
             CROSS JOIN LATERAL ( SELECT i.source_id,
                    i.reason
                   FROM platform.inbox i
                  WHERE ((i.dismissed_at IS NULL) AND (ROW(i.source_id, i.reason) > ROW(r_1.source_id, r_1.reason)))
                  ORDER BY i.source_id, i.reason
                 LIMIT 1) next)
        )
 SELECT source_id,
    reason
   FROM reasons r;

CREATE VIEW platform.v_set_aside_updates WITH (security_invoker='true') AS
 SELECT b.name AS bot,
    f.update_id,
    f.attempts,
    f.error,
    f.correlation_id,
    f.first_failed_at,
    f.set_aside_at,
    octet_length(f.body) AS bytes
   FROM (platform.failed_updates f
     JOIN platform.bots b ON ((b.id = f.bot_id)))
  WHERE (f.set_aside_at IS NOT NULL);

CREATE VIEW platform.v_unparsed WITH (security_invoker='true') AS
 SELECT i.id,
    s.provider,
    s.name AS source,
    i.reason,
    i.content_type,
    i.received_at,
    i.correlation_id,
    (octet_length(i.query) + octet_length(i.body)) AS bytes
   FROM (platform.inbox i
     JOIN platform.webhook_sources s ON ((s.id = i.source_id)))
  WHERE (i.dismissed_at IS NULL);

ALTER TABLE platform.webhook_sources ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME platform.webhook_sources_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.active_sessions_v2 (
    session_id uuid DEFAULT gen_random_uuid() NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    channel text DEFAULT 'unknown'::text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    last_message_at timestamp with time zone DEFAULT now() NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY public.active_sessions_v2 FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE public.active_sessions_v2 IS 'carillon: 0006_bot_tables';

CREATE TABLE public.carillon_version (
    version_num character varying(32) NOT NULL
);

CREATE SEQUENCE public.conversation_sessions_v2_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.conversation_sessions_v2_id_seq OWNED BY public.conversation_sessions_v2.id;

CREATE SEQUENCE public.recent_history_v2_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.recent_history_v2_id_seq OWNED BY public.recent_history_v2.id;

CREATE SEQUENCE public.user_ltm_v2_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.user_ltm_v2_id_seq OWNED BY public.user_ltm_v2.id;

CREATE SEQUENCE public.wishlist_v2_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.wishlist_v2_id_seq OWNED BY public.wishlist_v2.id;

CREATE TABLE support.addresses (
    client_id uuid NOT NULL,
    address text NOT NULL,
    user_id uuid NOT NULL,
    preference smallint GENERATED ALWAYS AS (
CASE
    WHEN (address ~~ '%@s.whatsapp.net'::text) THEN 0
    WHEN (address ~~ '%@lid'::text) THEN 2
    ELSE 1
END) STORED NOT NULL,
    last_seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE support.clients (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    source_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT clients_config_check CHECK ((jsonb_typeof(config) = 'object'::text)),
    CONSTRAINT clients_name_check CHECK (((length(name) >= 1) AND (length(name) <= 128))),
    CONSTRAINT clients_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'cancelled'::text])))
);

CREATE TABLE support.conversations (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    client_id uuid NOT NULL,
    user_id uuid NOT NULL,
    channel text DEFAULT 'whatsapp'::text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    last_message_at timestamp with time zone DEFAULT now() NOT NULL,
    bot_status text DEFAULT 'active'::text NOT NULL,
    bot_muted_until timestamp with time zone,
    no_count integer DEFAULT 0 NOT NULL,
    answer_due_at timestamp with time zone,
    heard_position bigint DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    replies integer DEFAULT 0 NOT NULL,
    replies_since timestamp with time zone,
    CONSTRAINT conversations_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT conversations_bot_status_check CHECK ((bot_status = ANY (ARRAY['active'::text, 'muted'::text]))),
    CONSTRAINT conversations_channel_check CHECK ((channel = 'whatsapp'::text)),
    CONSTRAINT conversations_no_count_check CHECK ((no_count >= 0)),
    CONSTRAINT conversations_replies_check CHECK ((replies >= 0)),
    CONSTRAINT conversations_status_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500', autovacuum_analyze_scale_factor='0.02');

CREATE TABLE support.handover_events (
    id bigint NOT NULL,
    handover_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    event text NOT NULL,
    actor text,
    CONSTRAINT handover_events_event_check CHECK ((event = ANY (ARRAY['opened'::text, 'joined'::text, 'taken'::text, 'resolved'::text, 'returned'::text, 'reminder_1'::text, 'reminder_2'::text, 'timeout'::text, 'cancelled'::text])))
);

ALTER TABLE support.handover_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME support.handover_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE support.handovers (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    number bigint NOT NULL,
    conversation_id uuid NOT NULL,
    client_id uuid NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    trigger_type text NOT NULL,
    trigger_text text,
    joined integer DEFAULT 0 NOT NULL,
    assigned_to_name text,
    assigned_to_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    first_response_at timestamp with time zone,
    resolved_at timestamp with time zone,
    closed_by_name text,
    telegram_message_id bigint,
    outbox_id bigint,
    reminder_1_sent_at timestamp with time zone,
    reminder_2_sent_at timestamp with time zone,
    remind_at timestamp with time zone,
    CONSTRAINT handovers_check CHECK (((status = ANY (ARRAY['pending'::text, 'active'::text])) = (resolved_at IS NULL))),
    CONSTRAINT handovers_check1 CHECK (((status <> 'active'::text) OR (assigned_to_name IS NOT NULL))),
    CONSTRAINT handovers_check2 CHECK (((remind_at IS NULL) OR (status = 'pending'::text))),
    CONSTRAINT handovers_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'resolved'::text, 'bot_handling'::text, 'timeout'::text]))),
    CONSTRAINT handovers_trigger_type_check CHECK ((trigger_type = ANY (ARRAY['intent'::text, 'keyword'::text, 'manual'::text, 'timeout'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='500');

ALTER TABLE support.handovers ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME support.handovers_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE support.messages (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    "position" bigint NOT NULL,
    conversation_id uuid NOT NULL,
    client_id uuid NOT NULL,
    role text NOT NULL,
    content text DEFAULT ''::text NOT NULL,
    intent text,
    confidence numeric,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    external_id text,
    outbox_id bigint,
    correlation_id text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT messages_confidence_check CHECK (((confidence >= (0)::numeric) AND (confidence <= (1)::numeric))),
    CONSTRAINT messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'manager'::text, 'system'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');

ALTER TABLE support.messages ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME support.messages_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE support.prompts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid,
    name text NOT NULL,
    text text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prompts_name_check CHECK ((name = ANY (ARRAY['system_prompt'::text, 'classifier'::text]))),
    CONSTRAINT prompts_text_check CHECK (((length(text) >= 1) AND (length(text) <= 65536)))
);

CREATE TABLE support.token_usage (
    conversation_id uuid NOT NULL,
    client_id uuid NOT NULL,
    day date NOT NULL,
    tokens bigint NOT NULL,
    calls integer NOT NULL,
    CONSTRAINT token_usage_calls_check CHECK ((calls >= 0)),
    CONSTRAINT token_usage_tokens_check CHECK ((tokens >= 0))
);

CREATE TABLE support.users (
    id uuid DEFAULT platform.uuid7() NOT NULL,
    client_id uuid NOT NULL,
    phone text,
    remote_jid text NOT NULL,
    name text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_active_at timestamp with time zone DEFAULT now() NOT NULL,
    moved_to uuid
);

CREATE VIEW support.v_users WITH (security_invoker='true') AS
 SELECT u.id,
    u.client_id,
    u.phone,
    u.remote_jid,
    u.name,
    u.metadata,
    u.created_at,
    u.last_active_at,
    t.thread_id AS telegram_topic_id
   FROM ((support.users u
     LEFT JOIN support.client_settings s ON ((s.client_id = u.client_id)))
     LEFT JOIN platform.topics t ON (((t.bot_id = s.telegram_bot_id) AND (t.chat_id = (s.telegram_chat_id)::bigint) AND (t.key = ('support/user/'::text || u.id)))));

CREATE VIEW support.v_conversations WITH (security_invoker='true') AS
 SELECT c.id,
    c.client_id,
    c.user_id,
    c.channel,
    c.status,
    c.started_at,
    c.last_message_at,
    c.bot_status,
    c.bot_muted_until,
    u.telegram_topic_id,
    c.no_count
   FROM (support.conversations c
     JOIN support.v_users u ON ((u.id = c.user_id)));

CREATE VIEW support.v_handover_numbers WITH (security_invoker='true') AS
 SELECT h.client_id,
    ((h.created_at AT TIME ZONE z.timezone))::date AS day,
    count(*) AS handovers,
    count(*) FILTER (WHERE (h.status = 'timeout'::text)) AS timeouts,
    round(((100.0 * (count(*) FILTER (WHERE (h.status = 'timeout'::text)))::numeric) / (count(*))::numeric), 1) AS timeout_percent,
    (count(h.reminder_1_sent_at) + count(h.reminder_2_sent_at)) AS reminders,
    round((percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY (((EXTRACT(epoch FROM (h.first_response_at - h.created_at)) / (60)::numeric))::double precision)))::numeric, 1) AS first_response_p50_minutes,
    round((percentile_cont((0.9)::double precision) WITHIN GROUP (ORDER BY (((EXTRACT(epoch FROM (h.first_response_at - h.created_at)) / (60)::numeric))::double precision)))::numeric, 1) AS first_response_p90_minutes
   FROM ((support.handovers h
     JOIN support.client_settings s ON ((s.client_id = h.client_id)))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (s.timezone IN ( SELECT pg_timezone_names.name
                       FROM pg_timezone_names)) THEN s.timezone
                    ELSE 'Asia/Almaty'::text
                END AS timezone) z)
  GROUP BY h.client_id, (((h.created_at AT TIME ZONE z.timezone))::date);

CREATE VIEW support.v_manager_numbers WITH (security_invoker='true') AS
 SELECT h.client_id,
    ((h.created_at AT TIME ZONE z.timezone))::date AS day,
    COALESCE(h.assigned_to_name, ''::text) AS manager,
    count(*) AS handovers,
    count(*) FILTER (WHERE (h.status = 'resolved'::text)) AS resolved,
    (count(h.reminder_1_sent_at) + count(h.reminder_2_sent_at)) AS reminders,
    round((percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY (((EXTRACT(epoch FROM (h.first_response_at - h.created_at)) / (60)::numeric))::double precision)))::numeric, 1) AS first_response_p50_minutes
   FROM ((support.handovers h
     JOIN support.client_settings s ON ((s.client_id = h.client_id)))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (s.timezone IN ( SELECT pg_timezone_names.name
                       FROM pg_timezone_names)) THEN s.timezone
                    ELSE 'Asia/Almaty'::text
                END AS timezone) z)
  GROUP BY h.client_id, (((h.created_at AT TIME ZONE z.timezone))::date), COALESCE(h.assigned_to_name, ''::text);

ALTER TABLE ONLY getcourse.lessons ALTER COLUMN id SET DEFAULT nextval('getcourse.version_ids'::regclass);

ALTER TABLE ONLY getcourse.lessons ALTER COLUMN valid_from SET DEFAULT now();

ALTER TABLE ONLY getcourse.lessons ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.lessons ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.mapping ALTER COLUMN id SET DEFAULT nextval('getcourse.version_ids'::regclass);

ALTER TABLE ONLY getcourse.mapping ALTER COLUMN valid_from SET DEFAULT now();

ALTER TABLE ONLY getcourse.mapping ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.mapping ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.mentors ALTER COLUMN id SET DEFAULT nextval('getcourse.version_ids'::regclass);

ALTER TABLE ONLY getcourse.mentors ALTER COLUMN valid_from SET DEFAULT now();

ALTER TABLE ONLY getcourse.mentors ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.mentors ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.students ALTER COLUMN id SET DEFAULT nextval('getcourse.version_ids'::regclass);

ALTER TABLE ONLY getcourse.students ALTER COLUMN valid_from SET DEFAULT now();

ALTER TABLE ONLY getcourse.students ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.students ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.trainings ALTER COLUMN id SET DEFAULT nextval('getcourse.version_ids'::regclass);

ALTER TABLE ONLY getcourse.trainings ALTER COLUMN valid_from SET DEFAULT now();

ALTER TABLE ONLY getcourse.trainings ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE ONLY getcourse.trainings ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE ONLY public.conversation_sessions_v2 ALTER COLUMN id SET DEFAULT nextval('public.conversation_sessions_v2_id_seq'::regclass);

ALTER TABLE ONLY public.recent_history_v2 ALTER COLUMN id SET DEFAULT nextval('public.recent_history_v2_id_seq'::regclass);

ALTER TABLE ONLY public.user_ltm_v2 ALTER COLUMN id SET DEFAULT nextval('public.user_ltm_v2_id_seq'::regclass);

ALTER TABLE ONLY public.wishlist_v2 ALTER COLUMN id SET DEFAULT nextval('public.wishlist_v2_id_seq'::regclass);

ALTER TABLE ONLY courses.announced_absences
    ADD CONSTRAINT announced_absences_pkey PRIMARY KEY (session_id, user_id);

ALTER TABLE ONLY courses.assignments
    ADD CONSTRAINT assignments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.attendance_history
    ADD CONSTRAINT attendance_history_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.attendance
    ADD CONSTRAINT attendance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.attendance
    ADD CONSTRAINT attendance_user_id_session_id_key UNIQUE (user_id, session_id);

ALTER TABLE ONLY courses.broadcast_recipients
    ADD CONSTRAINT broadcast_recipients_pkey PRIMARY KEY (broadcast_id, user_id);

ALTER TABLE ONLY courses.broadcasts
    ADD CONSTRAINT broadcasts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.cohorts
    ADD CONSTRAINT cohorts_name_key UNIQUE (name);

ALTER TABLE ONLY courses.cohorts
    ADD CONSTRAINT cohorts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.consent_texts
    ADD CONSTRAINT consent_texts_pkey PRIMARY KEY (purpose, version);

ALTER TABLE ONLY courses.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.dialogs
    ADD CONSTRAINT dialogs_pkey PRIMARY KEY (telegram_id);

ALTER TABLE ONLY courses.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.healing_sessions
    ADD CONSTRAINT healing_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.healing_signups
    ADD CONSTRAINT healing_signups_healing_session_id_user_id_key UNIQUE (healing_session_id, user_id);

ALTER TABLE ONLY courses.healing_signups
    ADD CONSTRAINT healing_signups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.homework_delivery
    ADD CONSTRAINT homework_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.homework_delivery
    ADD CONSTRAINT homework_delivery_session_id_user_id_key UNIQUE (session_id, user_id);

ALTER TABLE ONLY courses.import_rejections
    ADD CONSTRAINT import_rejections_pkey PRIMARY KEY (source_table, source_row, row_hash);

ALTER TABLE ONLY courses.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (source_table);

ALTER TABLE ONLY courses.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY courses.match_requests
    ADD CONSTRAINT match_requests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.materials
    ADD CONSTRAINT materials_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.participants
    ADD CONSTRAINT participants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.participants
    ADD CONSTRAINT participants_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY courses.payments_history
    ADD CONSTRAINT payments_history_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.payments
    ADD CONSTRAINT payments_user_id_session_id_key UNIQUE (user_id, session_id);

ALTER TABLE ONLY courses.reminder_opt_outs
    ADD CONSTRAINT reminder_opt_outs_pkey PRIMARY KEY (user_id, kind);

ALTER TABLE ONLY courses.school
    ADD CONSTRAINT school_bot_id_key UNIQUE (bot_id);

ALTER TABLE ONLY courses.school
    ADD CONSTRAINT school_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.session_days
    ADD CONSTRAINT session_days_date_stream_id_key UNIQUE NULLS NOT DISTINCT (date, stream_id);

ALTER TABLE ONLY courses.session_days
    ADD CONSTRAINT session_days_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.streams
    ADD CONSTRAINT streams_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.submissions
    ADD CONSTRAINT submissions_pkey PRIMARY KEY (assignment_id, user_id);

ALTER TABLE ONLY courses.topics
    ADD CONSTRAINT topics_code_key UNIQUE (code);

ALTER TABLE ONLY courses.topics
    ADD CONSTRAINT topics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.user_flags
    ADD CONSTRAINT user_flags_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY courses.users
    ADD CONSTRAINT users_nickname_key UNIQUE (nickname);

ALTER TABLE ONLY courses.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY courses.users
    ADD CONSTRAINT users_telegram_id_key UNIQUE (telegram_id);

ALTER TABLE ONLY dashboard.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard.audits
    ADD CONSTRAINT audits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard.bookings
    ADD CONSTRAINT bookings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard.bookings
    ADD CONSTRAINT bookings_tenant_id_external_id_key UNIQUE (tenant_id, external_id);

ALTER TABLE ONLY dashboard.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard.conversations
    ADD CONSTRAINT conversations_session_key UNIQUE (session);

ALTER TABLE ONLY dashboard.metrics_dailies
    ADD CONSTRAINT metrics_dailies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard.metrics_dailies
    ADD CONSTRAINT metrics_dailies_tenant_id_day_key UNIQUE (tenant_id, day);

ALTER TABLE ONLY dashboard.page_sessions
    ADD CONSTRAINT page_sessions_pkey PRIMARY KEY (id_hash);

ALTER TABLE ONLY dashboard.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (key_hash);

ALTER TABLE ONLY dashboard.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY dashboard.tenant_settings
    ADD CONSTRAINT tenant_settings_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY dashboard.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY dashboard.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dashboard.wishlist_marks
    ADD CONSTRAINT wishlist_marks_pkey PRIMARY KEY (tenant_id, wishlist_id);

ALTER TABLE ONLY getcourse.account_events
    ADD CONSTRAINT account_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.account_events
    ADD CONSTRAINT account_events_source_id_natural_key_key UNIQUE (source_id, natural_key);

ALTER TABLE ONLY getcourse.application_logs
    ADD CONSTRAINT application_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.error_logs
    ADD CONSTRAINT error_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.lesson_versions
    ADD CONSTRAINT lesson_one_version_at_a_time EXCLUDE USING gist (getcourse_id WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.lesson_versions
    ADD CONSTRAINT lesson_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.mapping_versions
    ADD CONSTRAINT mapping_once_at_a_time EXCLUDE USING gist (student_id WITH =, mentor_id WITH =, training_id WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.mapping_versions
    ADD CONSTRAINT mapping_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.mentor_versions
    ADD CONSTRAINT mentor_email_once EXCLUDE USING gist (lower((email)::text) WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.mentor_versions
    ADD CONSTRAINT mentor_getcourse_id_once EXCLUDE USING gist (getcourse_id WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.mentor_versions
    ADD CONSTRAINT mentor_one_version_at_a_time EXCLUDE USING gist (person_id WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.mentor_versions
    ADD CONSTRAINT mentor_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.notifications
    ADD CONSTRAINT notifications_message_hash_key UNIQUE (message_hash);

ALTER TABLE ONLY getcourse.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.student_versions
    ADD CONSTRAINT student_email_once EXCLUDE USING gist (lower((email)::text) WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.student_versions
    ADD CONSTRAINT student_getcourse_id_once EXCLUDE USING gist (getcourse_id WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.student_versions
    ADD CONSTRAINT student_one_version_at_a_time EXCLUDE USING gist (person_id WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.student_versions
    ADD CONSTRAINT student_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.training_versions
    ADD CONSTRAINT training_one_version_at_a_time EXCLUDE USING gist (getcourse_id WITH =, tstzrange(valid_from, valid_to) WITH &&);

ALTER TABLE ONLY getcourse.training_versions
    ADD CONSTRAINT training_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY getcourse.webhook_events
    ADD CONSTRAINT webhook_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.chat_messages
    ADD CONSTRAINT chat_messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.chat_messages
    ADD CONSTRAINT chat_messages_thread_id_seq_key UNIQUE (thread_id, seq);

ALTER TABLE ONLY learning.chat_templates
    ADD CONSTRAINT chat_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.chat_templates
    ADD CONSTRAINT chat_templates_scope_track_id_tab_version_key UNIQUE NULLS NOT DISTINCT (scope, track_id, tab, version);

ALTER TABLE ONLY learning.chat_threads
    ADD CONSTRAINT chat_threads_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.chat_threads
    ADD CONSTRAINT chat_threads_session_id_tab_key UNIQUE (session_id, tab);

ALTER TABLE ONLY learning.client_tokens
    ADD CONSTRAINT client_tokens_pkey PRIMARY KEY (client_id, slot);

ALTER TABLE ONLY learning.client_tokens
    ADD CONSTRAINT client_tokens_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY learning.clients
    ADD CONSTRAINT clients_name_key UNIQUE (name);

ALTER TABLE ONLY learning.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.daily_usage
    ADD CONSTRAINT daily_usage_pkey PRIMARY KEY (client_id, day);

ALTER TABLE ONLY learning.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (client_id, key);

ALTER TABLE ONLY learning.synopses
    ADD CONSTRAINT synopses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.track_roadmap_items
    ADD CONSTRAINT track_roadmap_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.track_roadmap_items
    ADD CONSTRAINT track_roadmap_items_track_id_position_key UNIQUE (track_id, "position") DEFERRABLE;

ALTER TABLE ONLY learning.track_sessions
    ADD CONSTRAINT track_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.track_sessions
    ADD CONSTRAINT track_sessions_user_id_track_id_key UNIQUE (user_id, track_id);

ALTER TABLE ONLY learning.tracks
    ADD CONSTRAINT tracks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY learning.tracks
    ADD CONSTRAINT tracks_slug_key UNIQUE (slug);

ALTER TABLE ONLY learning.usage
    ADD CONSTRAINT usage_pkey PRIMARY KEY (client_id, user_id, kind, started_at);

ALTER TABLE ONLY learning.users
    ADD CONSTRAINT users_client_id_device_id_key UNIQUE (client_id, device_id);

ALTER TABLE ONLY learning.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.archive_queue
    ADD CONSTRAINT archive_queue_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.bot_limits
    ADD CONSTRAINT bot_limits_pkey PRIMARY KEY (bot_id);

ALTER TABLE ONLY platform.bots
    ADD CONSTRAINT bots_name_key UNIQUE (name);

ALTER TABLE ONLY platform.bots
    ADD CONSTRAINT bots_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.bots
    ADD CONSTRAINT bots_telegram_id_key UNIQUE (telegram_id);

ALTER TABLE ONLY platform.chat_moves
    ADD CONSTRAINT chat_moves_old_chat_id_key UNIQUE (old_chat_id);

ALTER TABLE ONLY platform.chat_moves
    ADD CONSTRAINT chat_moves_pkey PRIMARY KEY (bot_id, chat_id);

ALTER TABLE ONLY platform.delivery_failures
    ADD CONSTRAINT delivery_failures_pkey PRIMARY KEY (bot_id, external_id);

ALTER TABLE ONLY platform.failed_updates
    ADD CONSTRAINT failed_updates_pkey PRIMARY KEY (bot_id, update_id);

ALTER TABLE ONLY platform.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.inbox
    ADD CONSTRAINT inbox_source_id_delivery_hash_key UNIQUE (source_id, delivery_hash);

ALTER TABLE ONLY platform.job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (function);

ALTER TABLE ONLY platform.lanes
    ADD CONSTRAINT lanes_pkey PRIMARY KEY (bot_id, lane);

ALTER TABLE ONLY platform.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (bot_id, chat_id, telegram_id);

ALTER TABLE ONLY platform.outbox_attempts
    ADD CONSTRAINT outbox_attempts_pkey PRIMARY KEY (attempt_id);

ALTER TABLE ONLY platform.outbox_audits
    ADD CONSTRAINT outbox_audits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.outbox
    ADD CONSTRAINT outbox_dedup_key_key UNIQUE (dedup_key);

ALTER TABLE ONLY platform.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.refused_requests
    ADD CONSTRAINT refused_requests_pkey PRIMARY KEY (source_id, day, reason);

ALTER TABLE ONLY platform.run_reports
    ADD CONSTRAINT run_reports_pkey PRIMARY KEY (correlation_id);

ALTER TABLE ONLY platform.source_secrets
    ADD CONSTRAINT source_secrets_pkey PRIMARY KEY (source_id, slot);

ALTER TABLE ONLY platform.starts
    ADD CONSTRAINT starts_pkey PRIMARY KEY (bot_id, chat_id);

ALTER TABLE ONLY platform.tenant_secrets
    ADD CONSTRAINT tenant_secrets_pkey PRIMARY KEY (tenant_id, name);

ALTER TABLE ONLY platform.topics
    ADD CONSTRAINT topics_bot_id_chat_id_key_key UNIQUE (bot_id, chat_id, key);

ALTER TABLE ONLY platform.topics
    ADD CONSTRAINT topics_bot_id_chat_id_thread_id_key UNIQUE (bot_id, chat_id, thread_id);

ALTER TABLE ONLY platform.topics
    ADD CONSTRAINT topics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.updates
    ADD CONSTRAINT updates_pkey PRIMARY KEY (bot_id, update_id);

ALTER TABLE ONLY platform.webhook_sources
    ADD CONSTRAINT webhook_sources_pkey PRIMARY KEY (id);

ALTER TABLE ONLY platform.webhook_sources
    ADD CONSTRAINT webhook_sources_provider_name_key UNIQUE (provider, name);

ALTER TABLE ONLY public.active_sessions_v2
    ADD CONSTRAINT active_sessions_v2_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY public.carillon_version
    ADD CONSTRAINT carillon_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.clients_v2
    ADD CONSTRAINT clients_v2_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversation_sessions_v2
    ADD CONSTRAINT conversation_sessions_v2_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recent_history_v2
    ADD CONSTRAINT recent_history_v2_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenants_v2
    ADD CONSTRAINT tenants_v2_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenants_v2
    ADD CONSTRAINT tenants_v2_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.user_ltm_v2
    ADD CONSTRAINT user_ltm_v2_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.user_ltm_v2
    ADD CONSTRAINT user_ltm_v2_tenant_id_user_id_key UNIQUE (tenant_id, user_id);

ALTER TABLE ONLY public.wishlist_v2
    ADD CONSTRAINT wishlist_v2_pkey PRIMARY KEY (id);

ALTER TABLE ONLY support.addresses
    ADD CONSTRAINT addresses_pkey PRIMARY KEY (client_id, address);

ALTER TABLE ONLY support.client_settings
    ADD CONSTRAINT client_settings_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY support.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY support.clients
    ADD CONSTRAINT clients_source_id_key UNIQUE (source_id);

ALTER TABLE ONLY support.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY support.conversations
    ADD CONSTRAINT conversations_user_id_channel_key UNIQUE (user_id, channel);

ALTER TABLE ONLY support.handover_events
    ADD CONSTRAINT handover_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY support.handovers
    ADD CONSTRAINT handovers_number_key UNIQUE (number);

ALTER TABLE ONLY support.handovers
    ADD CONSTRAINT handovers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY support.messages
    ADD CONSTRAINT messages_client_id_external_id_key UNIQUE (client_id, external_id);

ALTER TABLE ONLY support.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY support.prompts
    ADD CONSTRAINT prompts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY support.token_usage
    ADD CONSTRAINT token_usage_pkey PRIMARY KEY (conversation_id);

ALTER TABLE ONLY support.users
    ADD CONSTRAINT users_client_id_remote_jid_key UNIQUE (client_id, remote_jid);

ALTER TABLE ONLY support.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX announced_absences_user ON courses.announced_absences USING btree (user_id);

CREATE INDEX assignments_author ON courses.assignments USING btree (created_by);

CREATE INDEX assignments_due ON courses.assignments USING btree (due_date);

CREATE INDEX assignments_material ON courses.assignments USING btree (material_id);

CREATE INDEX attendance_author ON courses.attendance USING btree (noted_by);

CREATE INDEX attendance_history_authors ON courses.attendance_history USING btree (noted_by);

CREATE INDEX attendance_history_pair ON courses.attendance_history USING btree (user_id, session_id);

CREATE INDEX attendance_history_replacers ON courses.attendance_history USING btree (replaced_by);

CREATE INDEX attendance_history_session ON courses.attendance_history USING btree (session_id);

CREATE INDEX attendance_session ON courses.attendance USING btree (session_id);

CREATE INDEX broadcast_recipients_queued ON courses.broadcast_recipients USING btree (broadcast_id, outbox_id, user_id) WHERE (status = 'queued'::courses.recipient_status);

CREATE INDEX broadcast_recipients_shown ON courses.broadcast_recipients USING btree (broadcast_id, revision) WHERE (message_id IS NOT NULL);

CREATE INDEX broadcast_recipients_unknown ON courses.broadcast_recipients USING btree (broadcast_id) WHERE (error = 'unknown'::text);

CREATE INDEX broadcast_recipients_user ON courses.broadcast_recipients USING btree (user_id);

CREATE INDEX broadcasts_author ON courses.broadcasts USING btree (created_by);

CREATE INDEX broadcasts_cohort ON courses.broadcasts USING btree (cohort_id);

CREATE UNIQUE INDEX broadcasts_draft ON courses.broadcasts USING btree (created_by) WHERE ((status = 'pending'::courses.broadcast_status) AND (confirmed_at IS NULL));

CREATE INDEX broadcasts_open ON courses.broadcasts USING btree (id) WHERE is_open;

CREATE INDEX broadcasts_stream ON courses.broadcasts USING btree (stream_id);

CREATE UNIQUE INDEX consents_in_force ON courses.consents USING btree (telegram_id, purpose) WHERE (withdrawn_at IS NULL);

CREATE INDEX consents_text ON courses.consents USING btree (purpose, version);

CREATE INDEX dialogs_updated ON courses.dialogs USING brin (updated_at);

CREATE INDEX events_start ON courses.events USING btree (start_date);

CREATE INDEX events_untold ON courses.events USING btree (id) WHERE is_untold;

CREATE INDEX healing_sessions_start ON courses.healing_sessions USING btree (date, time_start);

CREATE INDEX healing_signups_open ON courses.healing_signups USING btree (healing_session_id, state, queued_at) WHERE (state = ANY (ARRAY['waiting'::courses.signup_state, 'offered'::courses.signup_state]));

CREATE INDEX healing_signups_user ON courses.healing_signups USING btree (user_id);

CREATE INDEX homework_delivery_author ON courses.homework_delivery USING btree (sent_by);

CREATE INDEX homework_delivery_user ON courses.homework_delivery USING btree (user_id);

CREATE INDEX import_rejections_rejected ON courses.import_rejections USING btree (rejected_at);

CREATE INDEX invitations_author ON courses.invitations USING btree (created_by);

CREATE INDEX invitations_user ON courses.invitations USING btree (user_id);

CREATE INDEX match_requests_account ON courses.match_requests USING btree (telegram_id, created_at);

CREATE INDEX match_requests_created ON courses.match_requests USING btree (created_at);

CREATE INDEX match_requests_decider ON courses.match_requests USING btree (decided_by);

CREATE UNIQUE INDEX match_requests_open ON courses.match_requests USING btree (telegram_id) WHERE (state = 'open'::courses.match_state);

CREATE INDEX match_requests_user ON courses.match_requests USING btree (user_id);

CREATE INDEX materials_author ON courses.materials USING btree (created_by);

CREATE INDEX participants_cohort ON courses.participants USING btree (cohort_id);

CREATE INDEX participants_stream ON courses.participants USING btree (stream_id);

CREATE INDEX payments_author ON courses.payments USING btree (noted_by);

CREATE INDEX payments_history_authors ON courses.payments_history USING btree (noted_by);

CREATE INDEX payments_history_pair ON courses.payments_history USING btree (user_id, session_id);

CREATE INDEX payments_history_replacers ON courses.payments_history USING btree (replaced_by);

CREATE INDEX payments_history_session ON courses.payments_history USING btree (session_id);

CREATE INDEX payments_session ON courses.payments USING btree (session_id);

CREATE INDEX session_days_stream ON courses.session_days USING btree (stream_id);

CREATE INDEX session_days_topic ON courses.session_days USING btree (topic_id);

CREATE INDEX sessions_cohort ON courses.sessions USING btree (cohort_id);

CREATE INDEX sessions_start ON courses.sessions USING btree (start_date);

CREATE INDEX sessions_stream ON courses.sessions USING btree (stream_id);

CREATE INDEX sessions_topic ON courses.sessions USING btree (topic_code);

CREATE INDEX sessions_untold ON courses.sessions USING btree (id) WHERE is_untold;

CREATE INDEX submissions_user ON courses.submissions USING btree (user_id);

CREATE INDEX users_cohort ON courses.users USING btree (cohort_id);

CREATE INDEX users_staff ON courses.users USING btree (role) WHERE (role <> 'user'::courses.role);

CREATE UNIQUE INDEX alerts_one_open ON dashboard.alerts USING btree (tenant_id, kind) WHERE (resolved_at IS NULL);

CREATE INDEX alerts_outbox ON dashboard.alerts USING btree (outbox_id) WHERE (outbox_id IS NOT NULL);

CREATE INDEX alerts_over ON dashboard.alerts USING btree (triggered_at) WHERE (resolved_at IS NOT NULL);

CREATE INDEX alerts_tenant ON dashboard.alerts USING btree (tenant_id, triggered_at);

CREATE INDEX alerts_told ON dashboard.alerts USING btree (COALESCE(told_at, triggered_at));

CREATE INDEX audits_tenant ON dashboard.audits USING btree (tenant_id, created_at);

CREATE INDEX audits_term ON dashboard.audits USING btree ((created_at AT TIME ZONE 'UTC'::text));

CREATE INDEX audits_user ON dashboard.audits USING btree (user_id);

CREATE INDEX bookings_client ON dashboard.bookings USING btree (client_id);

CREATE INDEX bookings_created ON dashboard.bookings USING btree (created_at);

CREATE INDEX bookings_due ON dashboard.bookings USING btree (look_at) WHERE (look_at < 'infinity'::timestamp with time zone);

CREATE INDEX bookings_external ON dashboard.bookings USING btree (external_id);

CREATE INDEX bookings_look ON dashboard.bookings USING btree (tenant_id, look_at) WHERE (look_at < 'infinity'::timestamp with time zone);

CREATE INDEX bookings_tenant ON dashboard.bookings USING btree (tenant_id, start_at);

CREATE INDEX conversations_client ON dashboard.conversations USING btree (client_id);

CREATE INDEX conversations_tenant ON dashboard.conversations USING btree (tenant_id, last_message_at);

CREATE INDEX conversations_term ON dashboard.conversations USING btree ((last_message_at AT TIME ZONE 'UTC'::text));

CREATE INDEX metrics_dailies_day ON dashboard.metrics_dailies USING btree (day);

CREATE INDEX metrics_dailies_digest ON dashboard.metrics_dailies USING btree (digest_outbox_id) WHERE (digest_outbox_id IS NOT NULL);

CREATE INDEX page_sessions_term ON dashboard.page_sessions USING btree (expires_at);

CREATE INDEX page_sessions_user ON dashboard.page_sessions USING btree (user_id, seen_at);

CREATE INDEX sign_in_attempts_term ON dashboard.sign_in_attempts USING btree (tried_at);

CREATE INDEX sign_in_links_term ON dashboard.sign_in_links USING btree (expires_at);

CREATE INDEX sign_in_links_user ON dashboard.sign_in_links USING btree (user_id, expires_at);

CREATE UNIQUE INDEX users_reset ON dashboard.users USING btree (reset_password_token) WHERE (reset_password_token IS NOT NULL);

CREATE UNIQUE INDEX users_telegram ON dashboard.users USING btree (telegram_id, tenant_id) WHERE (telegram_id IS NOT NULL);

CREATE INDEX users_tenant ON dashboard.users USING btree (tenant_id);

CREATE INDEX wishlist_marks_done ON dashboard.wishlist_marks USING btree (tenant_id, done_at);

CREATE INDEX wishlist_marks_user ON dashboard.wishlist_marks USING btree (done_by);

CREATE INDEX account_events_correlation ON getcourse.account_events USING btree (correlation_id);

CREATE INDEX application_logs_created_at ON getcourse.application_logs USING btree (created_at);

CREATE INDEX error_logs_correlation ON getcourse.error_logs USING btree (correlation_id);

CREATE INDEX error_logs_created_at ON getcourse.error_logs USING btree (created_at);

CREATE INDEX lesson_versions_deadline ON getcourse.lesson_versions USING btree (deadline_at);

CREATE INDEX lesson_versions_getcourse_id ON getcourse.lesson_versions USING btree (getcourse_id);

CREATE INDEX mapping_versions_mentor ON getcourse.mapping_versions USING btree (mentor_id);

CREATE INDEX mapping_versions_training ON getcourse.mapping_versions USING btree (training_id, student_id);

CREATE INDEX mentor_versions_person ON getcourse.mentor_versions USING btree (person_id);

CREATE INDEX notifications_event ON getcourse.notifications USING btree (webhook_event_id);

CREATE INDEX notifications_mentor ON getcourse.notifications USING btree (mentor_id);

CREATE INDEX notifications_outbox ON getcourse.notifications USING btree (outbox_id);

CREATE INDEX notifications_pending ON getcourse.notifications USING btree (created_at) WHERE ((status)::text = 'pending'::text);

CREATE INDEX notifications_texts ON getcourse.notifications USING btree (created_at) WHERE ((message <> ''::text) AND ((status)::text <> 'pending'::text));

CREATE INDEX student_versions_person ON getcourse.student_versions USING btree (person_id);

CREATE INDEX webhook_events_correlation ON getcourse.webhook_events USING btree (correlation_id);

CREATE INDEX webhook_events_created_at ON getcourse.webhook_events USING brin (created_at);

CREATE INDEX webhook_events_due ON getcourse.webhook_events USING btree (COALESCE(source_id, (0)::bigint), next_attempt_at) WHERE (NOT processed);

CREATE INDEX webhook_events_lesson ON getcourse.webhook_events USING btree (answer_lesson_id, user_id);

CREATE INDEX webhook_events_lesson_email ON getcourse.webhook_events USING btree (answer_lesson_id, lower((user_email)::text));

CREATE UNIQUE INDEX webhook_events_natural_key ON getcourse.webhook_events USING btree (source_id, answer_id, COALESCE(answer_status, ''::character varying), COALESCE(answer_key, (md5(getcourse.normal_text(answer_text)))::uuid)) NULLS NOT DISTINCT;

CREATE INDEX webhook_events_open ON getcourse.webhook_events USING btree (user_id) WHERE (processed IS NOT TRUE);

CREATE INDEX webhook_events_raw ON getcourse.webhook_events USING btree (created_at) WHERE (processed AND ((raw_payload IS NOT NULL) OR (raw_body IS NOT NULL)));

CREATE INDEX webhook_events_source ON getcourse.webhook_events USING btree (source_id, created_at);

CREATE INDEX webhook_events_waiting_email ON getcourse.webhook_events USING btree (lower((user_email)::text)) WHERE ((error_message IS NOT NULL) AND (NOT processed));

CREATE INDEX webhook_events_waiting_lesson ON getcourse.webhook_events USING btree (answer_lesson_id) WHERE ((error_message IS NOT NULL) AND (answer_training_id IS NULL) AND (NOT processed));

CREATE INDEX chat_templates_active ON learning.chat_templates USING btree (scope, track_id, tab, version DESC) WHERE is_active;

CREATE INDEX chat_templates_track ON learning.chat_templates USING btree (track_id);

CREATE INDEX idempotency_keys_created ON learning.idempotency_keys USING brin (created_at) WITH (autosummarize='on');

CREATE UNIQUE INDEX synopses_one_live ON learning.synopses USING btree (session_id) WHERE (origin = 'live'::learning.synopsis_origin);

CREATE INDEX synopses_session ON learning.synopses USING btree (session_id, created_at DESC);

CREATE INDEX track_sessions_track ON learning.track_sessions USING btree (track_id);

CREATE INDEX track_sessions_updated ON learning.track_sessions USING btree (updated_at);

CREATE INDEX usage_started ON learning.usage USING brin (started_at) WITH (autosummarize='on');

CREATE INDEX users_updated ON learning.users USING btree (updated_at);

CREATE INDEX archive_queue_next ON platform.archive_queue USING btree (table_name, day, id);

CREATE INDEX chat_moves_moved ON platform.chat_moves USING btree (moved_at);

CREATE INDEX failed_updates_set_aside ON platform.failed_updates USING btree (set_aside_at) WHERE (set_aside_at IS NOT NULL);

CREATE INDEX inbox_correlation ON platform.inbox USING btree (correlation_id);

CREATE INDEX inbox_dismissed ON platform.inbox USING btree (source_id, id) WHERE (dismissed_at IS NOT NULL);

CREATE INDEX inbox_open ON platform.inbox USING btree (source_id, reason, id) WHERE (dismissed_at IS NULL);

CREATE INDEX inbox_settled ON platform.inbox USING btree (COALESCE(dismissed_at, received_at));

CREATE INDEX lanes_blocked ON platform.lanes USING btree (bot_id) WHERE (blocked_at IS NOT NULL);

CREATE INDEX lanes_chat ON platform.lanes USING btree (bot_id, chat) WHERE (chat IS NOT NULL);

CREATE INDEX lanes_due ON platform.lanes USING btree (bot_id, priority, GREATEST(head_due, next_at, leased_until)) WHERE (head_due IS NOT NULL);

CREATE INDEX lanes_paused ON platform.lanes USING btree (paused_until) WHERE (paused_until > '-infinity'::timestamp with time zone);

CREATE INDEX outbox_attempts_outbox ON platform.outbox_attempts USING btree (outbox_id);

CREATE INDEX outbox_attempts_refused ON platform.outbox_attempts USING btree (ended_at) WHERE (outcome = 'rate_limited'::text);

CREATE INDEX outbox_audits_at ON platform.outbox_audits USING btree (at);

CREATE INDEX outbox_bot ON platform.outbox USING btree (bot_id);

CREATE INDEX outbox_correlation ON platform.outbox USING btree (correlation_id);

CREATE INDEX outbox_created ON platform.outbox USING brin (created_at) WITH (autosummarize='on');

CREATE INDEX outbox_external ON platform.outbox USING btree (bot_id, external_id) WHERE (external_id IS NOT NULL);

CREATE INDEX outbox_live ON platform.outbox USING btree (bot_id, lane, created_at, id) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));

CREATE INDEX outbox_not_sent ON platform.outbox USING btree (state, finished_at, error_class, kind) WHERE (state = ANY (ARRAY['dead'::text, 'unknown'::text, 'cancelled'::text]));

CREATE INDEX outbox_reached ON platform.outbox USING btree (bot_id, chat_id) WHERE ((state = 'sent'::text) AND (chat_id > 0) AND (kind = ANY (ARRAY['platform/alert'::text, 'getcourse/no-mentor'::text, 'salon/digest'::text, 'salon/alert'::text])));

CREATE INDEX outbox_unreachable ON platform.outbox USING btree (bot_id, chat_id) WHERE ((state = 'dead'::text) AND (error_class = ANY (ARRAY['blocked'::text, 'chat_not_found'::text])));

CREATE INDEX refused_requests_day ON platform.refused_requests USING btree (day);

CREATE INDEX topics_key ON platform.topics USING btree (key);

CREATE INDEX topics_missing ON platform.topics USING btree (bot_id, chat_id) WHERE (thread_id IS NULL);

CREATE INDEX updates_received ON platform.updates USING brin (received_at) WITH (autosummarize='on');

CREATE INDEX idx_clients_tenant ON public.clients_v2 USING btree (tenant_id);

CREATE INDEX idx_history_session_created ON public.recent_history_v2 USING btree (session_id, created_at);

CREATE INDEX idx_history_tenant_created ON public.recent_history_v2 USING btree (tenant_id, created_at);

CREATE INDEX idx_sessions_booking_created ON public.conversation_sessions_v2 USING btree (created_at) WHERE (booking_id IS NOT NULL);

CREATE INDEX idx_sessions_started ON public.conversation_sessions_v2 USING btree (started_at);

CREATE INDEX idx_sessions_tenant_status_date ON public.conversation_sessions_v2 USING btree (tenant_id, final_status, started_at DESC);

CREATE INDEX idx_wishlist_tenant_pending ON public.wishlist_v2 USING btree (tenant_id) WHERE (status = 'pending'::text);

CREATE INDEX addresses_user ON support.addresses USING btree (user_id, preference, last_seen_at DESC);

CREATE INDEX client_settings_chat ON support.client_settings USING btree (telegram_chat_id);

CREATE INDEX conversations_answer_due ON support.conversations USING btree (answer_due_at) WHERE (answer_due_at IS NOT NULL);

CREATE INDEX conversations_client_newest ON support.conversations USING btree (client_id, last_message_at);

CREATE INDEX conversations_last_message ON support.conversations USING btree (last_message_at);

CREATE INDEX conversations_muted ON support.conversations USING btree (bot_muted_until) WHERE (bot_status = 'muted'::text);

CREATE INDEX handover_events_handover ON support.handover_events USING btree (handover_id, at);

CREATE INDEX handovers_card ON support.handovers USING btree (client_id, telegram_message_id) WHERE (telegram_message_id IS NOT NULL);

CREATE INDEX handovers_client ON support.handovers USING btree (client_id, created_at);

CREATE INDEX handovers_conversation ON support.handovers USING btree (conversation_id, created_at);

CREATE INDEX handovers_created ON support.handovers USING btree (created_at);

CREATE INDEX handovers_due ON support.handovers USING btree (remind_at) WHERE (remind_at IS NOT NULL);

CREATE UNIQUE INDEX handovers_one_open ON support.handovers USING btree (conversation_id) WHERE (status = ANY (ARRAY['pending'::text, 'active'::text]));

CREATE INDEX handovers_outbox ON support.handovers USING btree (outbox_id) WHERE (outbox_id IS NOT NULL);

CREATE INDEX handovers_trigger_texts ON support.handovers USING btree (created_at) WHERE (trigger_text IS NOT NULL);

CREATE INDEX messages_conversation ON support.messages USING btree (conversation_id, "position");

CREATE INDEX messages_correlation ON support.messages USING btree (correlation_id);

CREATE INDEX messages_created ON support.messages USING btree (created_at);

CREATE INDEX messages_outbox ON support.messages USING btree (outbox_id) WHERE (outbox_id IS NOT NULL);

CREATE UNIQUE INDEX prompts_active ON support.prompts USING btree (client_id, name) NULLS NOT DISTINCT WHERE is_active;

CREATE INDEX prompts_client ON support.prompts USING btree (client_id);

CREATE INDEX token_usage_client ON support.token_usage USING btree (client_id, day);

CREATE INDEX users_moved_to ON support.users USING btree (moved_to);

CREATE TRIGGER attendance_history AFTER DELETE OR UPDATE OF status, minutes_late ON courses.attendance FOR EACH ROW EXECUTE FUNCTION courses.keep_attendance();

CREATE TRIGGER broadcast_recipients_added AFTER INSERT ON courses.broadcast_recipients REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION courses.count_recipients();

CREATE TRIGGER broadcast_recipients_changed AFTER UPDATE ON courses.broadcast_recipients REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION courses.count_recipients();

CREATE TRIGGER broadcast_recipients_removed AFTER DELETE ON courses.broadcast_recipients REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION courses.count_recipients();

CREATE TRIGGER healing_signups_capacity BEFORE INSERT OR UPDATE OF state ON courses.healing_signups FOR EACH ROW WHEN ((new.state = ANY (ARRAY['signed'::courses.signup_state, 'offered'::courses.signup_state]))) EXECUTE FUNCTION courses.check_capacity();

CREATE TRIGGER healing_signups_updated_at BEFORE UPDATE ON courses.healing_signups FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER imports_updated_at BEFORE UPDATE ON courses.imports FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER payments_history AFTER DELETE OR UPDATE OF paid ON courses.payments FOR EACH ROW EXECUTE FUNCTION courses.keep_payment();

CREATE TRIGGER school_timezone BEFORE INSERT OR UPDATE OF timezone ON courses.school FOR EACH ROW EXECUTE FUNCTION platform.check_timezone();

CREATE TRIGGER school_updated_at BEFORE UPDATE ON courses.school FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER users_updated_at BEFORE UPDATE ON courses.users FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER archive AFTER DELETE ON dashboard.alerts REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('triggered_at');

CREATE TRIGGER archive AFTER DELETE ON dashboard.audits REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive AFTER DELETE ON dashboard.bookings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive AFTER DELETE ON dashboard.conversations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('last_message_at');

CREATE TRIGGER audits_keep BEFORE DELETE OR UPDATE ON dashboard.audits FOR EACH ROW EXECUTE FUNCTION platform.keep_audit('created_at', '1095');

CREATE TRIGGER audits_keep_all BEFORE TRUNCATE ON dashboard.audits FOR EACH STATEMENT EXECUTE FUNCTION platform.keep_audit();

CREATE TRIGGER tenant_settings_timezone BEFORE INSERT OR UPDATE OF timezone ON dashboard.tenant_settings FOR EACH ROW EXECUTE FUNCTION platform.check_timezone();

CREATE TRIGGER archive AFTER DELETE ON getcourse.account_events REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive AFTER DELETE ON getcourse.notifications REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive AFTER DELETE ON getcourse.webhook_events REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive_emptied AFTER UPDATE OF message ON getcourse.notifications FOR EACH ROW WHEN (((old.message <> ''::text) AND (new.message = ''::text) AND (current_setting('carillon.archive'::text, true) = 'on'::text))) EXECUTE FUNCTION platform.archive_emptied();

CREATE TRIGGER archive_emptied AFTER UPDATE OF raw_payload ON getcourse.webhook_events FOR EACH ROW WHEN (((old.raw_payload IS NOT NULL) AND (new.raw_payload IS NULL) AND (current_setting('carillon.archive'::text, true) = 'on'::text))) EXECUTE FUNCTION platform.archive_emptied();

CREATE TRIGGER lesson_versions_updated_at BEFORE UPDATE ON getcourse.lesson_versions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER lesson_versions_wake_added AFTER INSERT ON getcourse.lesson_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER lesson_versions_wake_changed AFTER UPDATE ON getcourse.lesson_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER lessons_write INSTEAD OF INSERT OR DELETE OR UPDATE ON getcourse.lessons FOR EACH ROW EXECUTE FUNCTION getcourse.write_version('getcourse.lesson_versions');

CREATE TRIGGER mapping_versions_persons BEFORE INSERT OR UPDATE ON getcourse.mapping_versions FOR EACH ROW EXECUTE FUNCTION getcourse.map_persons();

CREATE TRIGGER mapping_versions_updated_at BEFORE UPDATE ON getcourse.mapping_versions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER mapping_versions_wake_added AFTER INSERT ON getcourse.mapping_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER mapping_versions_wake_changed AFTER UPDATE ON getcourse.mapping_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER mapping_write INSTEAD OF INSERT OR DELETE OR UPDATE ON getcourse.mapping FOR EACH ROW EXECUTE FUNCTION getcourse.write_version('getcourse.mapping_versions');

CREATE TRIGGER mentor_versions_person BEFORE INSERT ON getcourse.mentor_versions FOR EACH ROW EXECUTE FUNCTION getcourse.assign_person();

CREATE TRIGGER mentor_versions_updated_at BEFORE UPDATE ON getcourse.mentor_versions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER mentor_versions_wake_added AFTER INSERT ON getcourse.mentor_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER mentor_versions_wake_changed AFTER UPDATE ON getcourse.mentor_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER mentors_write INSTEAD OF INSERT OR DELETE OR UPDATE ON getcourse.mentors FOR EACH ROW EXECUTE FUNCTION getcourse.write_version('getcourse.mentor_versions');

CREATE TRIGGER notifications_once BEFORE INSERT ON getcourse.notifications FOR EACH ROW WHEN (((new.webhook_event_id IS NOT NULL) AND (strpos((new.message_hash)::text, '/'::text) = 0))) EXECUTE FUNCTION getcourse.skip_notified();

CREATE TRIGGER student_versions_person BEFORE INSERT ON getcourse.student_versions FOR EACH ROW EXECUTE FUNCTION getcourse.assign_person();

CREATE TRIGGER student_versions_updated_at BEFORE UPDATE ON getcourse.student_versions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER student_versions_wake_added AFTER INSERT ON getcourse.student_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER student_versions_wake_changed AFTER UPDATE ON getcourse.student_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION getcourse.wake_after_correction();

CREATE TRIGGER students_write INSTEAD OF INSERT OR DELETE OR UPDATE ON getcourse.students FOR EACH ROW EXECUTE FUNCTION getcourse.write_version('getcourse.student_versions');

CREATE TRIGGER training_versions_updated_at BEFORE UPDATE ON getcourse.training_versions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER trainings_write INSTEAD OF INSERT OR DELETE OR UPDATE ON getcourse.trainings FOR EACH ROW EXECUTE FUNCTION getcourse.write_version('getcourse.training_versions');

CREATE TRIGGER archive AFTER DELETE ON learning.chat_messages REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive AFTER DELETE ON learning.track_sessions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER chat_messages_number BEFORE INSERT ON learning.chat_messages FOR EACH ROW EXECUTE FUNCTION learning.number_message();

CREATE TRIGGER clients_updated_at BEFORE UPDATE ON learning.clients FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER synopses_updated_at BEFORE UPDATE ON learning.synopses FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER track_roadmap_items_updated_at BEFORE UPDATE ON learning.track_roadmap_items FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER track_sessions_updated_at BEFORE UPDATE ON learning.track_sessions FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER tracks_updated_at BEFORE UPDATE ON learning.tracks FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER users_updated_at BEFORE UPDATE ON learning.users FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER archive AFTER DELETE ON platform.inbox REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('received_at');

CREATE TRIGGER archive AFTER DELETE ON platform.outbox REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive AFTER DELETE ON platform.outbox_audits REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('at');

CREATE TRIGGER bots_open_limits AFTER INSERT ON platform.bots FOR EACH ROW EXECUTE FUNCTION platform.open_bot_limits();

CREATE TRIGGER bots_updated_at BEFORE UPDATE ON platform.bots FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER bots_wake_answers AFTER INSERT ON platform.bots FOR EACH ROW WHEN (((new.system = 'getcourse'::text) AND (new.channel = 'telegram'::text))) EXECUTE FUNCTION getcourse.wake_all();

CREATE TRIGGER chat_moves_bind BEFORE INSERT ON platform.chat_moves FOR EACH ROW EXECUTE FUNCTION dashboard.bind_chat_move();

CREATE TRIGGER chat_moves_follow AFTER INSERT ON platform.chat_moves FOR EACH ROW EXECUTE FUNCTION platform.follow_moved_chat();

CREATE TRIGGER chat_moves_members AFTER INSERT ON platform.chat_moves FOR EACH ROW EXECUTE FUNCTION platform.move_members();

CREATE TRIGGER chat_moves_salon AFTER INSERT ON platform.chat_moves FOR EACH ROW EXECUTE FUNCTION dashboard.follow_moved_chat();

CREATE TRIGGER chat_moves_support AFTER INSERT ON platform.chat_moves FOR EACH ROW EXECUTE FUNCTION support.follow_moved_chat();

CREATE TRIGGER outbox_audits_keep BEFORE DELETE OR UPDATE ON platform.outbox_audits FOR EACH ROW EXECUTE FUNCTION platform.keep_audit('at', '365');

CREATE TRIGGER outbox_audits_keep_all BEFORE TRUNCATE ON platform.outbox_audits FOR EACH STATEMENT EXECUTE FUNCTION platform.keep_audit();

CREATE TRIGGER tenant_secrets_updated_at BEFORE UPDATE ON platform.tenant_secrets FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER topics_updated_at BEFORE UPDATE ON platform.topics FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER webhook_sources_timezone BEFORE INSERT OR UPDATE OF timezone ON platform.webhook_sources FOR EACH ROW EXECUTE FUNCTION platform.check_timezone();

CREATE TRIGGER webhook_sources_updated_at BEFORE UPDATE ON platform.webhook_sources FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER webhook_sources_wake_answers AFTER UPDATE OF bot_id, admin_chat_id ON platform.webhook_sources FOR EACH ROW WHEN (((new.provider = 'getcourse'::text) AND ((new.bot_id IS DISTINCT FROM old.bot_id) OR ((old.admin_chat_id IS NULL) AND (new.admin_chat_id IS NOT NULL))))) EXECUTE FUNCTION getcourse.wake_all();

CREATE TRIGGER archive AFTER DELETE ON support.conversations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('last_message_at');

CREATE TRIGGER archive AFTER DELETE ON support.handovers REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER archive AFTER DELETE ON support.messages REFERENCING OLD TABLE AS gone FOR EACH STATEMENT WHEN ((current_setting('carillon.archive'::text, true) = 'on'::text)) EXECUTE FUNCTION platform.archive_deleted('created_at');

CREATE TRIGGER client_settings_timezone BEFORE INSERT OR UPDATE OF timezone ON support.client_settings FOR EACH ROW EXECUTE FUNCTION platform.check_timezone();

CREATE TRIGGER client_settings_updated_at BEFORE UPDATE ON support.client_settings FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER clients_updated_at BEFORE UPDATE ON support.clients FOR EACH ROW EXECUTE FUNCTION platform.touch_updated_at();

CREATE TRIGGER handovers_check_move BEFORE UPDATE OF status ON support.handovers FOR EACH ROW EXECUTE FUNCTION support.check_move();

CREATE TRIGGER users_remember_address AFTER INSERT ON support.users FOR EACH ROW EXECUTE FUNCTION support.remember_address();

ALTER TABLE ONLY courses.announced_absences
    ADD CONSTRAINT announced_absences_session_id_fkey FOREIGN KEY (session_id) REFERENCES courses.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.announced_absences
    ADD CONSTRAINT announced_absences_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.assignments
    ADD CONSTRAINT assignments_created_by_fkey FOREIGN KEY (created_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.assignments
    ADD CONSTRAINT assignments_material_id_fkey FOREIGN KEY (material_id) REFERENCES courses.materials(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.attendance_history
    ADD CONSTRAINT attendance_history_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.attendance_history
    ADD CONSTRAINT attendance_history_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.attendance_history
    ADD CONSTRAINT attendance_history_session_id_fkey FOREIGN KEY (session_id) REFERENCES courses.sessions(id);

ALTER TABLE ONLY courses.attendance_history
    ADD CONSTRAINT attendance_history_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.attendance
    ADD CONSTRAINT attendance_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.attendance
    ADD CONSTRAINT attendance_session_id_fkey FOREIGN KEY (session_id) REFERENCES courses.sessions(id);

ALTER TABLE ONLY courses.attendance
    ADD CONSTRAINT attendance_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.broadcast_recipients
    ADD CONSTRAINT broadcast_recipients_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES courses.broadcasts(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.broadcast_recipients
    ADD CONSTRAINT broadcast_recipients_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.broadcasts
    ADD CONSTRAINT broadcasts_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES courses.cohorts(id);

ALTER TABLE ONLY courses.broadcasts
    ADD CONSTRAINT broadcasts_created_by_fkey FOREIGN KEY (created_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.broadcasts
    ADD CONSTRAINT broadcasts_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES courses.streams(id);

ALTER TABLE ONLY courses.consents
    ADD CONSTRAINT consents_purpose_version_fkey FOREIGN KEY (purpose, version) REFERENCES courses.consent_texts(purpose, version);

ALTER TABLE ONLY courses.healing_signups
    ADD CONSTRAINT healing_signups_healing_session_id_fkey FOREIGN KEY (healing_session_id) REFERENCES courses.healing_sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.healing_signups
    ADD CONSTRAINT healing_signups_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.homework_delivery
    ADD CONSTRAINT homework_delivery_sent_by_fkey FOREIGN KEY (sent_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.homework_delivery
    ADD CONSTRAINT homework_delivery_session_id_fkey FOREIGN KEY (session_id) REFERENCES courses.sessions(id);

ALTER TABLE ONLY courses.homework_delivery
    ADD CONSTRAINT homework_delivery_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.invitations
    ADD CONSTRAINT invitations_created_by_fkey FOREIGN KEY (created_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.invitations
    ADD CONSTRAINT invitations_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.match_requests
    ADD CONSTRAINT match_requests_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.match_requests
    ADD CONSTRAINT match_requests_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.materials
    ADD CONSTRAINT materials_created_by_fkey FOREIGN KEY (created_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.participants
    ADD CONSTRAINT participants_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES courses.cohorts(id);

ALTER TABLE ONLY courses.participants
    ADD CONSTRAINT participants_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES courses.streams(id);

ALTER TABLE ONLY courses.participants
    ADD CONSTRAINT participants_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.payments_history
    ADD CONSTRAINT payments_history_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.payments_history
    ADD CONSTRAINT payments_history_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.payments_history
    ADD CONSTRAINT payments_history_session_id_fkey FOREIGN KEY (session_id) REFERENCES courses.sessions(id);

ALTER TABLE ONLY courses.payments_history
    ADD CONSTRAINT payments_history_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.payments
    ADD CONSTRAINT payments_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES courses.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY courses.payments
    ADD CONSTRAINT payments_session_id_fkey FOREIGN KEY (session_id) REFERENCES courses.sessions(id);

ALTER TABLE ONLY courses.payments
    ADD CONSTRAINT payments_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.reminder_opt_outs
    ADD CONSTRAINT reminder_opt_outs_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.school
    ADD CONSTRAINT school_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id);

ALTER TABLE ONLY courses.session_days
    ADD CONSTRAINT session_days_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES courses.streams(id);

ALTER TABLE ONLY courses.session_days
    ADD CONSTRAINT session_days_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES courses.topics(id);

ALTER TABLE ONLY courses.sessions
    ADD CONSTRAINT sessions_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES courses.cohorts(id);

ALTER TABLE ONLY courses.sessions
    ADD CONSTRAINT sessions_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES courses.streams(id);

ALTER TABLE ONLY courses.sessions
    ADD CONSTRAINT sessions_topic_code_fkey FOREIGN KEY (topic_code) REFERENCES courses.topics(code) ON UPDATE CASCADE;

ALTER TABLE ONLY courses.submissions
    ADD CONSTRAINT submissions_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES courses.assignments(id);

ALTER TABLE ONLY courses.submissions
    ADD CONSTRAINT submissions_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.user_flags
    ADD CONSTRAINT user_flags_user_id_fkey FOREIGN KEY (user_id) REFERENCES courses.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY courses.users
    ADD CONSTRAINT users_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES courses.cohorts(id);

ALTER TABLE ONLY dashboard.alerts
    ADD CONSTRAINT alerts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY dashboard.audits
    ADD CONSTRAINT audits_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard.users(id);

ALTER TABLE ONLY dashboard.metrics_dailies
    ADD CONSTRAINT metrics_dailies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY dashboard.page_sessions
    ADD CONSTRAINT page_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY dashboard.sign_in_links
    ADD CONSTRAINT sign_in_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES dashboard.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY dashboard.tenant_settings
    ADD CONSTRAINT tenant_settings_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id);

ALTER TABLE ONLY dashboard.tenant_settings
    ADD CONSTRAINT tenant_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id) ON DELETE CASCADE;

ALTER TABLE ONLY dashboard.users
    ADD CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY dashboard.wishlist_marks
    ADD CONSTRAINT wishlist_marks_done_by_fkey FOREIGN KEY (done_by) REFERENCES dashboard.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY dashboard.wishlist_marks
    ADD CONSTRAINT wishlist_marks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY getcourse.account_events
    ADD CONSTRAINT account_events_source_id_fkey FOREIGN KEY (source_id) REFERENCES platform.webhook_sources(id);

ALTER TABLE ONLY getcourse.mapping_versions
    ADD CONSTRAINT mapping_versions_mentor_id_fkey FOREIGN KEY (mentor_id) REFERENCES getcourse.mentor_versions(id);

ALTER TABLE ONLY getcourse.mapping_versions
    ADD CONSTRAINT mapping_versions_student_id_fkey FOREIGN KEY (student_id) REFERENCES getcourse.student_versions(id);

ALTER TABLE ONLY getcourse.mentor_versions
    ADD CONSTRAINT mentor_versions_person_id_fkey FOREIGN KEY (person_id) REFERENCES getcourse.mentor_versions(id) DEFERRABLE;

ALTER TABLE ONLY getcourse.notifications
    ADD CONSTRAINT notifications_mentor_id_fkey FOREIGN KEY (mentor_id) REFERENCES getcourse.mentor_versions(id);

ALTER TABLE ONLY getcourse.notifications
    ADD CONSTRAINT notifications_webhook_event_id_fkey FOREIGN KEY (webhook_event_id) REFERENCES getcourse.webhook_events(id) ON DELETE SET NULL;

ALTER TABLE ONLY getcourse.student_versions
    ADD CONSTRAINT student_versions_person_id_fkey FOREIGN KEY (person_id) REFERENCES getcourse.student_versions(id) DEFERRABLE;

ALTER TABLE ONLY getcourse.webhook_events
    ADD CONSTRAINT webhook_events_source_id_fkey FOREIGN KEY (source_id) REFERENCES platform.webhook_sources(id);

ALTER TABLE ONLY learning.chat_messages
    ADD CONSTRAINT chat_messages_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES learning.chat_threads(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.chat_templates
    ADD CONSTRAINT chat_templates_track_id_fkey FOREIGN KEY (track_id) REFERENCES learning.tracks(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.chat_threads
    ADD CONSTRAINT chat_threads_session_id_fkey FOREIGN KEY (session_id) REFERENCES learning.track_sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.client_tokens
    ADD CONSTRAINT client_tokens_client_id_fkey FOREIGN KEY (client_id) REFERENCES learning.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.daily_usage
    ADD CONSTRAINT daily_usage_client_id_fkey FOREIGN KEY (client_id) REFERENCES learning.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.idempotency_keys
    ADD CONSTRAINT idempotency_keys_client_id_fkey FOREIGN KEY (client_id) REFERENCES learning.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.synopses
    ADD CONSTRAINT synopses_session_id_fkey FOREIGN KEY (session_id) REFERENCES learning.track_sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.track_roadmap_items
    ADD CONSTRAINT track_roadmap_items_track_id_fkey FOREIGN KEY (track_id) REFERENCES learning.tracks(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.track_sessions
    ADD CONSTRAINT track_sessions_track_id_fkey FOREIGN KEY (track_id) REFERENCES learning.tracks(id);

ALTER TABLE ONLY learning.track_sessions
    ADD CONSTRAINT track_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES learning.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.usage
    ADD CONSTRAINT usage_client_id_fkey FOREIGN KEY (client_id) REFERENCES learning.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY learning.users
    ADD CONSTRAINT users_client_id_fkey FOREIGN KEY (client_id) REFERENCES learning.clients(id);

ALTER TABLE ONLY platform.bot_limits
    ADD CONSTRAINT bot_limits_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.chat_moves
    ADD CONSTRAINT chat_moves_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.delivery_failures
    ADD CONSTRAINT delivery_failures_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.failed_updates
    ADD CONSTRAINT failed_updates_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.inbox
    ADD CONSTRAINT inbox_source_id_fkey FOREIGN KEY (source_id) REFERENCES platform.webhook_sources(id);

ALTER TABLE ONLY platform.lanes
    ADD CONSTRAINT lanes_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.members
    ADD CONSTRAINT members_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.outbox_attempts
    ADD CONSTRAINT outbox_attempts_outbox_id_fkey FOREIGN KEY (outbox_id) REFERENCES platform.outbox(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.outbox
    ADD CONSTRAINT outbox_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id);

ALTER TABLE ONLY platform.refused_requests
    ADD CONSTRAINT refused_requests_source_id_fkey FOREIGN KEY (source_id) REFERENCES platform.webhook_sources(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.source_secrets
    ADD CONSTRAINT source_secrets_source_id_fkey FOREIGN KEY (source_id) REFERENCES platform.webhook_sources(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.starts
    ADD CONSTRAINT starts_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.tenant_secrets
    ADD CONSTRAINT tenant_secrets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.topics
    ADD CONSTRAINT topics_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.updates
    ADD CONSTRAINT updates_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id) ON DELETE CASCADE;

ALTER TABLE ONLY platform.webhook_sources
    ADD CONSTRAINT webhook_sources_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES platform.bots(id);

ALTER TABLE ONLY public.active_sessions_v2
    ADD CONSTRAINT active_sessions_v2_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY public.active_sessions_v2
    ADD CONSTRAINT active_sessions_v2_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.clients_v2(id);

ALTER TABLE ONLY public.clients_v2
    ADD CONSTRAINT clients_v2_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY public.conversation_sessions_v2
    ADD CONSTRAINT conversation_sessions_v2_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY public.conversation_sessions_v2
    ADD CONSTRAINT conversation_sessions_v2_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.clients_v2(id);

ALTER TABLE ONLY public.recent_history_v2
    ADD CONSTRAINT recent_history_v2_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY public.recent_history_v2
    ADD CONSTRAINT recent_history_v2_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.clients_v2(id);

ALTER TABLE ONLY public.user_ltm_v2
    ADD CONSTRAINT user_ltm_v2_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY public.user_ltm_v2
    ADD CONSTRAINT user_ltm_v2_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.clients_v2(id);

ALTER TABLE ONLY public.wishlist_v2
    ADD CONSTRAINT wishlist_v2_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants_v2(id);

ALTER TABLE ONLY public.wishlist_v2
    ADD CONSTRAINT wishlist_v2_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.clients_v2(id);

ALTER TABLE ONLY support.addresses
    ADD CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES support.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY support.client_settings
    ADD CONSTRAINT client_settings_client_id_fkey FOREIGN KEY (client_id) REFERENCES support.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.client_settings
    ADD CONSTRAINT client_settings_telegram_bot_id_fkey FOREIGN KEY (telegram_bot_id) REFERENCES platform.bots(id);

ALTER TABLE ONLY support.client_settings
    ADD CONSTRAINT client_settings_whatsapp_bot_id_fkey FOREIGN KEY (whatsapp_bot_id) REFERENCES platform.bots(id);

ALTER TABLE ONLY support.clients
    ADD CONSTRAINT clients_source_id_fkey FOREIGN KEY (source_id) REFERENCES platform.webhook_sources(id);

ALTER TABLE ONLY support.conversations
    ADD CONSTRAINT conversations_client_id_fkey FOREIGN KEY (client_id) REFERENCES support.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.conversations
    ADD CONSTRAINT conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES support.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.handover_events
    ADD CONSTRAINT handover_events_handover_id_fkey FOREIGN KEY (handover_id) REFERENCES support.handovers(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.handovers
    ADD CONSTRAINT handovers_client_id_fkey FOREIGN KEY (client_id) REFERENCES support.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.handovers
    ADD CONSTRAINT handovers_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES support.conversations(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.messages
    ADD CONSTRAINT messages_client_id_fkey FOREIGN KEY (client_id) REFERENCES support.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.messages
    ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES support.conversations(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.prompts
    ADD CONSTRAINT prompts_client_id_fkey FOREIGN KEY (client_id) REFERENCES support.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.token_usage
    ADD CONSTRAINT token_usage_client_id_fkey FOREIGN KEY (client_id) REFERENCES support.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.token_usage
    ADD CONSTRAINT token_usage_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES support.conversations(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.users
    ADD CONSTRAINT users_client_id_fkey FOREIGN KEY (client_id) REFERENCES support.clients(id) ON DELETE CASCADE;

ALTER TABLE ONLY support.users
    ADD CONSTRAINT users_moved_to_fkey FOREIGN KEY (moved_to) REFERENCES support.users(id) ON DELETE SET NULL;

ALTER TABLE dashboard.alerts ENABLE ROW LEVEL SECURITY;

ALTER TABLE dashboard.audits ENABLE ROW LEVEL SECURITY;

CREATE POLICY backup ON dashboard.alerts FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.audits FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.bookings FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.conversations FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.metrics_dailies FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.page_sessions FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.sign_in_attempts FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.sign_in_links FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.tenant_settings FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.users FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON dashboard.wishlist_marks FOR SELECT TO carillon_backup USING (true);

ALTER TABLE dashboard.bookings ENABLE ROW LEVEL SECURITY;

ALTER TABLE dashboard.conversations ENABLE ROW LEVEL SECURITY;

CREATE POLICY housekeeping ON dashboard.alerts TO fn_housekeeping USING (true);

CREATE POLICY housekeeping ON dashboard.audits TO fn_housekeeping USING (true);

CREATE POLICY housekeeping ON dashboard.bookings TO fn_housekeeping USING (true);

CREATE POLICY housekeeping ON dashboard.conversations TO fn_housekeeping USING (true);

CREATE POLICY housekeeping ON dashboard.page_sessions TO fn_housekeeping USING (true);

CREATE POLICY housekeeping ON dashboard.sign_in_attempts TO fn_housekeeping USING (true);

CREATE POLICY housekeeping ON dashboard.sign_in_links TO fn_housekeeping USING (true);

CREATE POLICY keepers ON dashboard.alerts TO fn_ingest_webhook, fn_dispatch_notifications, fn_telegram_webhook, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.audits TO fn_ingest_webhook, fn_dispatch_notifications, fn_telegram_webhook, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.bookings TO fn_ingest_webhook, fn_dispatch_notifications, fn_telegram_webhook, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.conversations TO fn_ingest_webhook, fn_dispatch_notifications, fn_telegram_webhook, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.metrics_dailies TO fn_ingest_webhook, fn_dispatch_notifications, fn_telegram_webhook, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.page_sessions TO fn_telegram_webhook, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.sign_in_attempts TO fn_telegram_webhook, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.sign_in_links TO fn_telegram_webhook, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.tenant_settings TO fn_ingest_webhook, fn_dispatch_notifications, fn_telegram_webhook, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.users TO fn_ingest_webhook, fn_dispatch_notifications, fn_telegram_webhook, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true) WITH CHECK (true);

CREATE POLICY keepers ON dashboard.wishlist_marks TO fn_daily_metrics_digest, dashboard_keeper USING (true) WITH CHECK (true);

ALTER TABLE dashboard.metrics_dailies ENABLE ROW LEVEL SECURITY;

ALTER TABLE dashboard.page_sessions ENABLE ROW LEVEL SECURITY;

CREATE POLICY pages ON dashboard.alerts TO fn_salon_pages USING (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen)))) WITH CHECK (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))));

CREATE POLICY pages ON dashboard.audits FOR INSERT TO fn_salon_pages WITH CHECK (true);

CREATE POLICY pages ON dashboard.page_sessions TO fn_salon_pages USING (true) WITH CHECK (true);

CREATE POLICY pages ON dashboard.sign_in_attempts TO fn_salon_pages USING (true) WITH CHECK (true);

CREATE POLICY pages ON dashboard.sign_in_links TO fn_salon_pages USING (true) WITH CHECK (true);

CREATE POLICY pages ON dashboard.tenant_settings FOR SELECT TO fn_salon_pages USING (true);

CREATE POLICY pages ON dashboard.users FOR SELECT TO fn_salon_pages USING (true);

CREATE POLICY pages ON dashboard.wishlist_marks TO fn_salon_pages USING (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen)))) WITH CHECK (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))));

CREATE POLICY pages_insert ON dashboard.tenant_settings FOR INSERT TO fn_salon_pages WITH CHECK (((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed))));

CREATE POLICY pages_insert ON dashboard.users FOR INSERT TO fn_salon_pages WITH CHECK (((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed))));

CREATE POLICY pages_update ON dashboard.tenant_settings FOR UPDATE TO fn_salon_pages USING (((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed)))) WITH CHECK (((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed))));

CREATE POLICY pages_update ON dashboard.users FOR UPDATE TO fn_salon_pages USING (((id = ( SELECT dashboard.viewers_user() AS viewers_user)) OR ((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed))))) WITH CHECK (((id = ( SELECT dashboard.viewers_user() AS viewers_user)) OR ((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed)))));

ALTER TABLE dashboard.sign_in_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE dashboard.sign_in_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE dashboard.tenant_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE dashboard.users ENABLE ROW LEVEL SECURITY;

CREATE POLICY viewers ON dashboard.alerts FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON dashboard.audits FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON dashboard.bookings FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON dashboard.conversations FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON dashboard.metrics_dailies FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON dashboard.tenant_settings FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON dashboard.users FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_managed() AS first_managed)) AND (tenant_id <= ( SELECT dashboard.last_managed() AS last_managed))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON dashboard.wishlist_marks FOR SELECT TO authenticated USING (((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))));

ALTER TABLE dashboard.wishlist_marks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.active_sessions_v2 ENABLE ROW LEVEL SECURITY;

CREATE POLICY backup ON public.active_sessions_v2 FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON public.carillon_version FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON public.clients_v2 FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON public.conversation_sessions_v2 FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON public.recent_history_v2 FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON public.tenants_v2 FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON public.user_ltm_v2 FOR SELECT TO carillon_backup USING (true);

CREATE POLICY backup ON public.wishlist_v2 FOR SELECT TO carillon_backup USING (true);

CREATE POLICY bots ON public.active_sessions_v2 TO salon_bot USING (true) WITH CHECK (true);

CREATE POLICY bots ON public.clients_v2 TO salon_bot USING (true) WITH CHECK (true);

CREATE POLICY bots ON public.conversation_sessions_v2 TO salon_bot USING (true) WITH CHECK (true);

CREATE POLICY bots ON public.recent_history_v2 TO salon_bot USING (true) WITH CHECK (true);

CREATE POLICY bots ON public.tenants_v2 TO salon_bot USING (true) WITH CHECK (true);

CREATE POLICY bots ON public.user_ltm_v2 TO salon_bot USING (true) WITH CHECK (true);

CREATE POLICY bots ON public.wishlist_v2 TO salon_bot USING (true) WITH CHECK (true);

ALTER TABLE public.carillon_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.clients_v2 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.conversation_sessions_v2 ENABLE ROW LEVEL SECURITY;

CREATE POLICY keepers ON public.active_sessions_v2 FOR SELECT TO fn_ingest_webhook, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true);

CREATE POLICY keepers ON public.clients_v2 FOR SELECT TO fn_ingest_webhook, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true);

CREATE POLICY keepers ON public.conversation_sessions_v2 FOR SELECT TO fn_ingest_webhook, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true);

CREATE POLICY keepers ON public.recent_history_v2 FOR SELECT TO fn_ingest_webhook, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true);

CREATE POLICY keepers ON public.tenants_v2 FOR SELECT TO fn_ingest_webhook, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true);

CREATE POLICY keepers ON public.user_ltm_v2 FOR SELECT TO fn_ingest_webhook, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true);

CREATE POLICY keepers ON public.wishlist_v2 FOR SELECT TO fn_ingest_webhook, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, dashboard_keeper USING (true);

ALTER TABLE public.recent_history_v2 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tenants_v2 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_ltm_v2 ENABLE ROW LEVEL SECURITY;

CREATE POLICY viewers ON public.active_sessions_v2 FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON public.clients_v2 FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON public.conversation_sessions_v2 FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON public.recent_history_v2 FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON public.tenants_v2 FOR SELECT TO authenticated USING ((((id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON public.user_ltm_v2 FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

CREATE POLICY viewers ON public.wishlist_v2 FOR SELECT TO authenticated USING ((((tenant_id >= ( SELECT dashboard.first_seen() AS first_seen)) AND (tenant_id <= ( SELECT dashboard.last_seen() AS last_seen))) OR ((tenant_id IS NULL) AND ( SELECT dashboard.sees_all() AS sees_all))));

ALTER TABLE public.wishlist_v2 ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA auth TO authenticated;

GRANT USAGE ON SCHEMA courses TO fn_housekeeping;
GRANT USAGE ON SCHEMA courses TO carillon_backup;
GRANT USAGE ON SCHEMA courses TO fn_dispatch_notifications;
GRANT USAGE ON SCHEMA courses TO fn_telegram_webhook;
GRANT USAGE ON SCHEMA courses TO fn_remind_participants;

GRANT USAGE ON SCHEMA dashboard TO fn_daily_metrics_digest;
GRANT USAGE ON SCHEMA dashboard TO fn_dispatch_notifications;
GRANT USAGE ON SCHEMA dashboard TO fn_verify_bookings;
GRANT USAGE ON SCHEMA dashboard TO fn_ingest_webhook;
GRANT USAGE ON SCHEMA dashboard TO fn_telegram_webhook;
GRANT USAGE ON SCHEMA dashboard TO authenticated;
GRANT USAGE ON SCHEMA dashboard TO service_role;
GRANT USAGE ON SCHEMA dashboard TO dashboard_reader;
GRANT USAGE ON SCHEMA dashboard TO dashboard_keeper;
GRANT USAGE ON SCHEMA dashboard TO carillon_backup;
GRANT USAGE ON SCHEMA dashboard TO fn_housekeeping;
GRANT USAGE ON SCHEMA dashboard TO fn_salon_pages;

GRANT USAGE ON SCHEMA getcourse TO fn_ingest_webhook;
GRANT USAGE ON SCHEMA getcourse TO fn_dispatch_notifications;
GRANT USAGE ON SCHEMA getcourse TO fn_housekeeping;
GRANT USAGE ON SCHEMA getcourse TO fn_remind_courses;
GRANT USAGE ON SCHEMA getcourse TO fn_remind_deadlines;
GRANT USAGE ON SCHEMA getcourse TO fn_telegram_webhook;
GRANT USAGE ON SCHEMA getcourse TO carillon_backup;

GRANT USAGE ON SCHEMA learning TO fn_agent_reply;
GRANT USAGE ON SCHEMA learning TO fn_learning_api;
GRANT USAGE ON SCHEMA learning TO fn_housekeeping;
GRANT USAGE ON SCHEMA learning TO carillon_backup;

GRANT USAGE ON SCHEMA platform TO fn_ingest_webhook;
GRANT USAGE ON SCHEMA platform TO fn_dispatch_notifications;
GRANT USAGE ON SCHEMA platform TO fn_housekeeping;
GRANT USAGE ON SCHEMA platform TO fn_remind_courses;
GRANT USAGE ON SCHEMA platform TO fn_telegram_webhook;
GRANT USAGE ON SCHEMA platform TO fn_answer_conversations;
GRANT USAGE ON SCHEMA platform TO fn_handover_reminder_sweep;
GRANT USAGE ON SCHEMA platform TO fn_serve_media;
GRANT USAGE ON SCHEMA platform TO fn_daily_metrics_digest;
GRANT USAGE ON SCHEMA platform TO fn_verify_bookings;
GRANT USAGE ON SCHEMA platform TO dashboard_keeper;
GRANT USAGE ON SCHEMA platform TO fn_remind_deadlines;
GRANT USAGE ON SCHEMA platform TO carillon_backup;
GRANT USAGE ON SCHEMA platform TO fn_remind_participants;
GRANT USAGE ON SCHEMA platform TO fn_salon_pages;
GRANT USAGE ON SCHEMA platform TO fn_agent_reply;
GRANT USAGE ON SCHEMA platform TO fn_learning_api;

GRANT USAGE ON SCHEMA support TO fn_dispatch_notifications;
GRANT USAGE ON SCHEMA support TO fn_answer_conversations;
GRANT USAGE ON SCHEMA support TO fn_handover_reminder_sweep;
GRANT USAGE ON SCHEMA support TO fn_telegram_webhook;
GRANT USAGE ON SCHEMA support TO fn_ingest_webhook;
GRANT USAGE ON SCHEMA support TO carillon_backup;
GRANT USAGE ON SCHEMA support TO fn_housekeeping;

REVOKE ALL ON FUNCTION courses.actor() FROM PUBLIC;

REVOKE ALL ON FUNCTION courses.check_capacity() FROM PUBLIC;

REVOKE ALL ON FUNCTION courses.count_recipients() FROM PUBLIC;

REVOKE ALL ON FUNCTION courses.keep_attendance() FROM PUBLIC;

REVOKE ALL ON FUNCTION courses.keep_payment() FROM PUBLIC;

REVOKE ALL ON FUNCTION dashboard.audit_addresses(of_audits bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION dashboard.audit_addresses(of_audits bigint[]) TO authenticated;

REVOKE ALL ON FUNCTION dashboard.bind_chat_move() FROM PUBLIC;

REVOKE ALL ON FUNCTION dashboard.follow_moved_chat() FROM PUBLIC;

REVOKE ALL ON FUNCTION dashboard.session_amounts() FROM PUBLIC;
GRANT ALL ON FUNCTION dashboard.session_amounts() TO authenticated;
GRANT ALL ON FUNCTION dashboard.session_amounts() TO dashboard_reader;

REVOKE ALL ON FUNCTION dashboard.session_money(of_tenant uuid, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION dashboard.session_money(of_tenant uuid, since timestamp with time zone, until timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION dashboard.tenant_zones() FROM PUBLIC;
GRANT ALL ON FUNCTION dashboard.tenant_zones() TO authenticated;
GRANT ALL ON FUNCTION dashboard.tenant_zones() TO dashboard_reader;

GRANT SELECT ON SEQUENCE getcourse.version_ids TO carillon_backup;

GRANT SELECT ON TABLE getcourse.lesson_versions TO fn_dispatch_notifications;
GRANT SELECT ON TABLE getcourse.lesson_versions TO fn_remind_courses;
GRANT SELECT ON TABLE getcourse.lesson_versions TO fn_remind_deadlines;
GRANT SELECT ON TABLE getcourse.lesson_versions TO carillon_backup;

GRANT SELECT ON TABLE getcourse.mapping_versions TO fn_dispatch_notifications;
GRANT SELECT ON TABLE getcourse.mapping_versions TO fn_remind_courses;
GRANT SELECT ON TABLE getcourse.mapping_versions TO fn_remind_deadlines;
GRANT SELECT ON TABLE getcourse.mapping_versions TO carillon_backup;

GRANT SELECT ON TABLE getcourse.mentor_versions TO fn_dispatch_notifications;
GRANT SELECT ON TABLE getcourse.mentor_versions TO fn_remind_courses;
GRANT SELECT ON TABLE getcourse.mentor_versions TO fn_remind_deadlines;
GRANT SELECT ON TABLE getcourse.mentor_versions TO carillon_backup;

GRANT SELECT(telegram_id) ON TABLE getcourse.mentor_versions TO fn_telegram_webhook;

GRANT SELECT(first_name) ON TABLE getcourse.mentor_versions TO fn_telegram_webhook;

GRANT SELECT(last_name) ON TABLE getcourse.mentor_versions TO fn_telegram_webhook;

GRANT SELECT(valid_from) ON TABLE getcourse.mentor_versions TO fn_telegram_webhook;

GRANT SELECT(valid_to) ON TABLE getcourse.mentor_versions TO fn_telegram_webhook;

GRANT SELECT ON TABLE getcourse.student_versions TO fn_dispatch_notifications;
GRANT SELECT ON TABLE getcourse.student_versions TO fn_remind_courses;
GRANT SELECT ON TABLE getcourse.student_versions TO fn_remind_deadlines;
GRANT SELECT ON TABLE getcourse.student_versions TO carillon_backup;

GRANT SELECT(getcourse_id) ON TABLE getcourse.student_versions TO fn_ingest_webhook;

GRANT SELECT(email) ON TABLE getcourse.student_versions TO fn_ingest_webhook;

GRANT SELECT(valid_from) ON TABLE getcourse.student_versions TO fn_ingest_webhook;

GRANT SELECT(valid_to) ON TABLE getcourse.student_versions TO fn_ingest_webhook;

GRANT SELECT ON TABLE getcourse.training_versions TO fn_dispatch_notifications;
GRANT SELECT ON TABLE getcourse.training_versions TO fn_remind_courses;
GRANT SELECT ON TABLE getcourse.training_versions TO fn_remind_deadlines;
GRANT SELECT ON TABLE getcourse.training_versions TO carillon_backup;

REVOKE ALL ON FUNCTION getcourse.wake(p_events bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION getcourse.wake_after_correction() FROM PUBLIC;

REVOKE ALL ON FUNCTION getcourse.wake_all() FROM PUBLIC;

REVOKE ALL ON FUNCTION getcourse.wake_students(p_persons bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION learning.number_message() FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.archive_deleted() FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.archive_emptied() FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.follow_moved_chat() FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.has_chat(of_bot bigint, old_chat bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION platform.has_chat(of_bot bigint, old_chat bigint) TO dashboard_keeper;

REVOKE ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_agent_reply;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_answer_conversations;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_daily_metrics_digest;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_dispatch_notifications;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_handover_reminder_sweep;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_housekeeping;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_ingest_webhook;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_learning_api;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_remind_deadlines;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_remind_participants;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_salon_pages;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_serve_media;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_telegram_webhook;
GRANT ALL ON FUNCTION platform.health(OUT revision text, OUT waiting_seconds double precision, OUT missed text[]) TO fn_verify_bookings;

REVOKE ALL ON FUNCTION platform.keep_audit() FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.longest_overdue() FROM PUBLIC;
GRANT ALL ON FUNCTION platform.longest_overdue() TO fn_dispatch_notifications;

REVOKE ALL ON FUNCTION platform.move_members() FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.redact_next(table_name text, days integer, batch integer, dry_run boolean, OUT walked bigint, OUT changed bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION platform.redact_next(table_name text, days integer, batch integer, dry_run boolean, OUT walked bigint, OUT changed bigint) TO fn_housekeeping;

REVOKE ALL ON FUNCTION platform.redacted(body bytea, paths jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.redacted(value jsonb, paths jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.redacted(value jsonb, steps jsonb, depth integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION platform.waiting_priorities(only_bot bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION platform.waiting_priorities(only_bot bigint) TO fn_dispatch_notifications;

REVOKE ALL ON FUNCTION support.follow_moved_chat() FROM PUBLIC;

REVOKE ALL ON FUNCTION support.remember_address() FROM PUBLIC;

GRANT SELECT ON TABLE courses.announced_absences TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.announced_absences TO fn_telegram_webhook;

GRANT INSERT(session_id) ON TABLE courses.announced_absences TO fn_telegram_webhook;
GRANT SELECT(session_id) ON TABLE courses.announced_absences TO fn_dispatch_notifications;
GRANT SELECT(session_id) ON TABLE courses.announced_absences TO fn_remind_participants;

GRANT INSERT(user_id) ON TABLE courses.announced_absences TO fn_telegram_webhook;
GRANT SELECT(user_id) ON TABLE courses.announced_absences TO fn_dispatch_notifications;
GRANT SELECT(user_id) ON TABLE courses.announced_absences TO fn_remind_participants;

GRANT UPDATE(reason) ON TABLE courses.announced_absences TO fn_telegram_webhook;

GRANT SELECT ON TABLE courses.assignments TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.assignments TO fn_telegram_webhook;
GRANT SELECT(id) ON TABLE courses.assignments TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE courses.assignments TO fn_remind_participants;

GRANT SELECT(title),INSERT(title),UPDATE(title) ON TABLE courses.assignments TO fn_telegram_webhook;
GRANT SELECT(title) ON TABLE courses.assignments TO fn_dispatch_notifications;
GRANT SELECT(title) ON TABLE courses.assignments TO fn_remind_participants;

GRANT SELECT(body),INSERT(body),UPDATE(body) ON TABLE courses.assignments TO fn_telegram_webhook;

GRANT SELECT(material_id),INSERT(material_id),UPDATE(material_id) ON TABLE courses.assignments TO fn_telegram_webhook;

GRANT SELECT(due_date),INSERT(due_date),UPDATE(due_date) ON TABLE courses.assignments TO fn_telegram_webhook;
GRANT SELECT(due_date) ON TABLE courses.assignments TO fn_dispatch_notifications;
GRANT SELECT(due_date) ON TABLE courses.assignments TO fn_remind_participants;

GRANT SELECT(created_by),INSERT(created_by) ON TABLE courses.assignments TO fn_telegram_webhook;

GRANT SELECT(created_at) ON TABLE courses.assignments TO fn_telegram_webhook;

GRANT SELECT(withdrawn_at),UPDATE(withdrawn_at) ON TABLE courses.assignments TO fn_telegram_webhook;
GRANT SELECT(withdrawn_at) ON TABLE courses.assignments TO fn_dispatch_notifications;
GRANT SELECT(withdrawn_at) ON TABLE courses.assignments TO fn_remind_participants;

GRANT SELECT ON SEQUENCE courses.assignments_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.attendance TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.attendance TO fn_telegram_webhook;

GRANT INSERT(user_id) ON TABLE courses.attendance TO fn_telegram_webhook;
GRANT SELECT(user_id) ON TABLE courses.attendance TO fn_dispatch_notifications;

GRANT INSERT(session_id) ON TABLE courses.attendance TO fn_telegram_webhook;
GRANT SELECT(session_id) ON TABLE courses.attendance TO fn_dispatch_notifications;

GRANT INSERT(status),UPDATE(status) ON TABLE courses.attendance TO fn_telegram_webhook;
GRANT SELECT(status) ON TABLE courses.attendance TO fn_dispatch_notifications;

GRANT INSERT(minutes_late),UPDATE(minutes_late) ON TABLE courses.attendance TO fn_telegram_webhook;

GRANT INSERT(noted_at),UPDATE(noted_at) ON TABLE courses.attendance TO fn_telegram_webhook;

GRANT INSERT(noted_by),UPDATE(noted_by) ON TABLE courses.attendance TO fn_telegram_webhook;

GRANT SELECT ON TABLE courses.attendance_history TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.attendance_history TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.attendance_history_id_seq TO carillon_backup;

GRANT SELECT ON SEQUENCE courses.attendance_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.broadcast_recipients TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.broadcast_recipients TO fn_telegram_webhook;
GRANT SELECT ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;

GRANT INSERT(broadcast_id) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;

GRANT INSERT(user_id) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;

GRANT INSERT(status),UPDATE(status) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;
GRANT UPDATE(status) ON TABLE courses.broadcast_recipients TO fn_telegram_webhook;

GRANT INSERT(error),UPDATE(error) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;
GRANT UPDATE(error) ON TABLE courses.broadcast_recipients TO fn_telegram_webhook;

GRANT UPDATE(sent_at) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;

GRANT UPDATE(outbox_id) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;
GRANT UPDATE(outbox_id) ON TABLE courses.broadcast_recipients TO fn_telegram_webhook;

GRANT UPDATE(enqueued) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;

GRANT UPDATE(revision) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;

GRANT UPDATE(message_id) ON TABLE courses.broadcast_recipients TO fn_dispatch_notifications;

GRANT SELECT ON TABLE courses.broadcasts TO carillon_backup;
GRANT DELETE ON TABLE courses.broadcasts TO fn_telegram_webhook;
GRANT DELETE ON TABLE courses.broadcasts TO fn_housekeeping;

GRANT SELECT(ctid) ON TABLE courses.broadcasts TO fn_housekeeping;

GRANT SELECT(id) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(title) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(title),INSERT(title),UPDATE(title) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(body),INSERT(body),UPDATE(body) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(attachment_file_id),INSERT(attachment_file_id),UPDATE(attachment_file_id) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(attachment_mime),INSERT(attachment_mime),UPDATE(attachment_mime) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(audience) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(audience),INSERT(audience),UPDATE(audience) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(cohort_id) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(cohort_id),UPDATE(cohort_id) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(stream_id) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(stream_id),UPDATE(stream_id) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(role) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(role),UPDATE(role) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(created_by) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(created_by),INSERT(created_by) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(scheduled_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(scheduled_at),UPDATE(scheduled_at) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT UPDATE(sent_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;

GRANT SELECT(status),UPDATE(status) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(status),UPDATE(status) ON TABLE courses.broadcasts TO fn_telegram_webhook;
GRANT SELECT(status) ON TABLE courses.broadcasts TO fn_housekeeping;

GRANT SELECT(stats_json),UPDATE(stats_json) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(stats_json) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(created_at) ON TABLE courses.broadcasts TO fn_housekeeping;

GRANT SELECT(confirmed_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(confirmed_at),UPDATE(confirmed_at) ON TABLE courses.broadcasts TO fn_telegram_webhook;
GRANT SELECT(confirmed_at) ON TABLE courses.broadcasts TO fn_housekeeping;

GRANT UPDATE(started_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(started_at) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(paused_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(paused_at),UPDATE(paused_at) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(cancelled_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(cancelled_at),UPDATE(cancelled_at) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(withdrawn_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(withdrawn_at),UPDATE(withdrawn_at) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(message) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT UPDATE(message) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(revision) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT SELECT(revision),UPDATE(revision) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(new_body),UPDATE(new_body) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(is_open),UPDATE(is_open) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT UPDATE(is_open) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(has_progress),UPDATE(has_progress) ON TABLE courses.broadcasts TO fn_dispatch_notifications;
GRANT UPDATE(has_progress) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT(progress_at),UPDATE(progress_at) ON TABLE courses.broadcasts TO fn_dispatch_notifications;

GRANT SELECT(progress_outbox_id),UPDATE(progress_outbox_id) ON TABLE courses.broadcasts TO fn_dispatch_notifications;

GRANT SELECT(progress_message_id),UPDATE(progress_message_id) ON TABLE courses.broadcasts TO fn_dispatch_notifications;

GRANT SELECT(further_file_ids),UPDATE(further_file_ids) ON TABLE courses.broadcasts TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.broadcasts_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.cohorts TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.cohorts TO fn_telegram_webhook;

GRANT SELECT(name) ON TABLE courses.cohorts TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.cohorts_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.consent_texts TO carillon_backup;

GRANT SELECT(purpose) ON TABLE courses.consent_texts TO fn_telegram_webhook;
GRANT SELECT(purpose) ON TABLE courses.consent_texts TO fn_dispatch_notifications;

GRANT SELECT(version) ON TABLE courses.consent_texts TO fn_telegram_webhook;
GRANT SELECT(version) ON TABLE courses.consent_texts TO fn_dispatch_notifications;

GRANT SELECT(text_ru) ON TABLE courses.consent_texts TO fn_telegram_webhook;

GRANT SELECT(text_en) ON TABLE courses.consent_texts TO fn_telegram_webhook;

GRANT SELECT ON TABLE courses.consents TO carillon_backup;
GRANT SELECT ON TABLE courses.consents TO fn_telegram_webhook;

GRANT SELECT(id) ON TABLE courses.consents TO fn_dispatch_notifications;

GRANT INSERT(telegram_id) ON TABLE courses.consents TO fn_telegram_webhook;
GRANT SELECT(telegram_id) ON TABLE courses.consents TO fn_dispatch_notifications;
GRANT SELECT(telegram_id) ON TABLE courses.consents TO fn_remind_participants;

GRANT INSERT(purpose) ON TABLE courses.consents TO fn_telegram_webhook;
GRANT SELECT(purpose) ON TABLE courses.consents TO fn_dispatch_notifications;
GRANT SELECT(purpose) ON TABLE courses.consents TO fn_remind_participants;

GRANT INSERT(version) ON TABLE courses.consents TO fn_telegram_webhook;
GRANT SELECT(version) ON TABLE courses.consents TO fn_dispatch_notifications;

GRANT INSERT(given_at) ON TABLE courses.consents TO fn_telegram_webhook;

GRANT INSERT(withdrawn_at),UPDATE(withdrawn_at) ON TABLE courses.consents TO fn_telegram_webhook;
GRANT SELECT(withdrawn_at) ON TABLE courses.consents TO fn_dispatch_notifications;
GRANT SELECT(withdrawn_at) ON TABLE courses.consents TO fn_remind_participants;

GRANT SELECT ON SEQUENCE courses.consents_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.dialogs TO carillon_backup;
GRANT DELETE ON TABLE courses.dialogs TO fn_telegram_webhook;
GRANT DELETE ON TABLE courses.dialogs TO fn_housekeeping;

GRANT SELECT(ctid) ON TABLE courses.dialogs TO fn_housekeeping;

GRANT SELECT(telegram_id) ON TABLE courses.dialogs TO fn_dispatch_notifications;
GRANT SELECT(telegram_id),INSERT(telegram_id) ON TABLE courses.dialogs TO fn_telegram_webhook;

GRANT SELECT(screen),UPDATE(screen) ON TABLE courses.dialogs TO fn_telegram_webhook;

GRANT SELECT(data),UPDATE(data) ON TABLE courses.dialogs TO fn_telegram_webhook;

GRANT SELECT(version),UPDATE(version) ON TABLE courses.dialogs TO fn_telegram_webhook;

GRANT SELECT(message_id),UPDATE(message_id) ON TABLE courses.dialogs TO fn_dispatch_notifications;
GRANT SELECT(message_id),UPDATE(message_id) ON TABLE courses.dialogs TO fn_telegram_webhook;

GRANT SELECT(updated_at),UPDATE(updated_at) ON TABLE courses.dialogs TO fn_telegram_webhook;
GRANT SELECT(updated_at) ON TABLE courses.dialogs TO fn_housekeeping;

GRANT SELECT ON TABLE courses.events TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.events TO fn_telegram_webhook;
GRANT SELECT(id) ON TABLE courses.events TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE courses.events TO fn_remind_participants;

GRANT SELECT(title),INSERT(title),UPDATE(title) ON TABLE courses.events TO fn_telegram_webhook;
GRANT SELECT(title) ON TABLE courses.events TO fn_dispatch_notifications;
GRANT SELECT(title) ON TABLE courses.events TO fn_remind_participants;

GRANT SELECT(start_date),INSERT(start_date),UPDATE(start_date) ON TABLE courses.events TO fn_telegram_webhook;
GRANT SELECT(start_date) ON TABLE courses.events TO fn_dispatch_notifications;
GRANT SELECT(start_date) ON TABLE courses.events TO fn_remind_participants;

GRANT SELECT(end_date),INSERT(end_date),UPDATE(end_date) ON TABLE courses.events TO fn_telegram_webhook;
GRANT SELECT(end_date) ON TABLE courses.events TO fn_dispatch_notifications;
GRANT SELECT(end_date) ON TABLE courses.events TO fn_remind_participants;

GRANT SELECT(start_time),INSERT(start_time),UPDATE(start_time) ON TABLE courses.events TO fn_telegram_webhook;
GRANT SELECT(start_time) ON TABLE courses.events TO fn_dispatch_notifications;
GRANT SELECT(start_time) ON TABLE courses.events TO fn_remind_participants;

GRANT SELECT(note),INSERT(note),UPDATE(note) ON TABLE courses.events TO fn_telegram_webhook;
GRANT SELECT(note) ON TABLE courses.events TO fn_dispatch_notifications;
GRANT SELECT(note) ON TABLE courses.events TO fn_remind_participants;

GRANT SELECT(cancelled_at),UPDATE(cancelled_at) ON TABLE courses.events TO fn_telegram_webhook;
GRANT SELECT(cancelled_at) ON TABLE courses.events TO fn_dispatch_notifications;
GRANT SELECT(cancelled_at) ON TABLE courses.events TO fn_remind_participants;

GRANT SELECT(told_date),UPDATE(told_date) ON TABLE courses.events TO fn_remind_participants;
GRANT SELECT(told_date) ON TABLE courses.events TO fn_telegram_webhook;

GRANT SELECT(told_time),UPDATE(told_time) ON TABLE courses.events TO fn_remind_participants;
GRANT SELECT(told_time) ON TABLE courses.events TO fn_telegram_webhook;

GRANT SELECT(told_cancelled),UPDATE(told_cancelled) ON TABLE courses.events TO fn_remind_participants;
GRANT SELECT(told_cancelled) ON TABLE courses.events TO fn_telegram_webhook;

GRANT SELECT(told_version),UPDATE(told_version) ON TABLE courses.events TO fn_remind_participants;
GRANT SELECT(told_version) ON TABLE courses.events TO fn_telegram_webhook;

GRANT SELECT(is_untold) ON TABLE courses.events TO fn_remind_participants;
GRANT SELECT(is_untold) ON TABLE courses.events TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.events_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.healing_sessions TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.healing_sessions TO fn_telegram_webhook;
GRANT SELECT(id) ON TABLE courses.healing_sessions TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE courses.healing_sessions TO fn_remind_participants;

GRANT SELECT(date),INSERT(date),UPDATE(date) ON TABLE courses.healing_sessions TO fn_telegram_webhook;
GRANT SELECT(date) ON TABLE courses.healing_sessions TO fn_dispatch_notifications;
GRANT SELECT(date) ON TABLE courses.healing_sessions TO fn_remind_participants;

GRANT SELECT(time_start),INSERT(time_start),UPDATE(time_start) ON TABLE courses.healing_sessions TO fn_telegram_webhook;
GRANT SELECT(time_start) ON TABLE courses.healing_sessions TO fn_dispatch_notifications;
GRANT SELECT(time_start) ON TABLE courses.healing_sessions TO fn_remind_participants;

GRANT SELECT(note),INSERT(note),UPDATE(note) ON TABLE courses.healing_sessions TO fn_telegram_webhook;
GRANT SELECT(note) ON TABLE courses.healing_sessions TO fn_dispatch_notifications;
GRANT SELECT(note) ON TABLE courses.healing_sessions TO fn_remind_participants;

GRANT SELECT(cancelled_at),UPDATE(cancelled_at) ON TABLE courses.healing_sessions TO fn_telegram_webhook;
GRANT SELECT(cancelled_at) ON TABLE courses.healing_sessions TO fn_dispatch_notifications;
GRANT SELECT(cancelled_at) ON TABLE courses.healing_sessions TO fn_remind_participants;

GRANT SELECT(capacity),INSERT(capacity),UPDATE(capacity) ON TABLE courses.healing_sessions TO fn_telegram_webhook;
GRANT SELECT(capacity),UPDATE(capacity) ON TABLE courses.healing_sessions TO fn_remind_participants;

GRANT SELECT ON SEQUENCE courses.healing_sessions_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.healing_signups TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.healing_signups TO fn_telegram_webhook;

GRANT SELECT(id) ON TABLE courses.healing_signups TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT INSERT(healing_session_id) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(healing_session_id) ON TABLE courses.healing_signups TO fn_dispatch_notifications;
GRANT SELECT(healing_session_id) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT INSERT(user_id) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(user_id) ON TABLE courses.healing_signups TO fn_dispatch_notifications;
GRANT SELECT(user_id) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT SELECT(state) ON TABLE courses.healing_signups TO fn_dispatch_notifications;
GRANT INSERT(state),UPDATE(state) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(state),UPDATE(state) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT UPDATE(queued_at) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(queued_at) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT SELECT(offer_until) ON TABLE courses.healing_signups TO fn_dispatch_notifications;
GRANT UPDATE(offer_until) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(offer_until),UPDATE(offer_until) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT UPDATE(version) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(version),UPDATE(version) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT INSERT(told_date),UPDATE(told_date) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(told_date),UPDATE(told_date) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT INSERT(told_time),UPDATE(told_time) ON TABLE courses.healing_signups TO fn_telegram_webhook;
GRANT SELECT(told_time),UPDATE(told_time) ON TABLE courses.healing_signups TO fn_remind_participants;

GRANT SELECT ON SEQUENCE courses.healing_signups_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.homework_delivery TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.homework_delivery TO fn_telegram_webhook;

GRANT SELECT(id) ON TABLE courses.homework_delivery TO fn_dispatch_notifications;

GRANT INSERT(session_id) ON TABLE courses.homework_delivery TO fn_telegram_webhook;
GRANT SELECT(session_id) ON TABLE courses.homework_delivery TO fn_dispatch_notifications;

GRANT INSERT(user_id) ON TABLE courses.homework_delivery TO fn_telegram_webhook;
GRANT SELECT(user_id) ON TABLE courses.homework_delivery TO fn_dispatch_notifications;

GRANT INSERT(link) ON TABLE courses.homework_delivery TO fn_telegram_webhook;

GRANT UPDATE(sent_at) ON TABLE courses.homework_delivery TO fn_dispatch_notifications;

GRANT INSERT(sent_by) ON TABLE courses.homework_delivery TO fn_telegram_webhook;

GRANT UPDATE(error) ON TABLE courses.homework_delivery TO fn_dispatch_notifications;

GRANT SELECT ON SEQUENCE courses.homework_delivery_id_seq TO carillon_backup;

GRANT DELETE ON TABLE courses.import_rejections TO fn_housekeeping;
GRANT SELECT ON TABLE courses.import_rejections TO carillon_backup;
GRANT DELETE ON TABLE courses.import_rejections TO fn_telegram_webhook;

GRANT SELECT(ctid) ON TABLE courses.import_rejections TO fn_housekeeping;

GRANT SELECT(source_table) ON TABLE courses.import_rejections TO fn_telegram_webhook;

GRANT SELECT(source_row) ON TABLE courses.import_rejections TO fn_telegram_webhook;

GRANT SELECT(reason) ON TABLE courses.import_rejections TO fn_telegram_webhook;

GRANT SELECT(content) ON TABLE courses.import_rejections TO fn_telegram_webhook;

GRANT SELECT(rejected_at) ON TABLE courses.import_rejections TO fn_housekeeping;

GRANT SELECT ON TABLE courses.imports TO carillon_backup;

GRANT SELECT ON TABLE courses.invitations TO carillon_backup;
GRANT DELETE ON TABLE courses.invitations TO fn_telegram_webhook;

GRANT SELECT(token_hash),INSERT(token_hash) ON TABLE courses.invitations TO fn_telegram_webhook;

GRANT SELECT(user_id),INSERT(user_id) ON TABLE courses.invitations TO fn_telegram_webhook;

GRANT INSERT(created_by) ON TABLE courses.invitations TO fn_telegram_webhook;

GRANT SELECT(created_at) ON TABLE courses.invitations TO fn_telegram_webhook;

GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE courses.invitations TO fn_telegram_webhook;

GRANT SELECT(used_at),UPDATE(used_at) ON TABLE courses.invitations TO fn_telegram_webhook;

GRANT SELECT ON TABLE courses.match_requests TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.match_requests TO fn_telegram_webhook;
GRANT DELETE ON TABLE courses.match_requests TO fn_housekeeping;

GRANT SELECT(ctid) ON TABLE courses.match_requests TO fn_housekeeping;

GRANT INSERT(telegram_id) ON TABLE courses.match_requests TO fn_telegram_webhook;

GRANT INSERT(username) ON TABLE courses.match_requests TO fn_telegram_webhook;

GRANT INSERT(written) ON TABLE courses.match_requests TO fn_telegram_webhook;

GRANT UPDATE(state) ON TABLE courses.match_requests TO fn_telegram_webhook;

GRANT SELECT(created_at) ON TABLE courses.match_requests TO fn_housekeeping;

GRANT UPDATE(decided_at) ON TABLE courses.match_requests TO fn_telegram_webhook;

GRANT UPDATE(decided_by) ON TABLE courses.match_requests TO fn_telegram_webhook;

GRANT UPDATE(user_id) ON TABLE courses.match_requests TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.match_requests_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.materials TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(title),INSERT(title),UPDATE(title) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(body),INSERT(body),UPDATE(body) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(tg_file_id),INSERT(tg_file_id),UPDATE(tg_file_id) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(mime),UPDATE(mime) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(created_by),INSERT(created_by) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(created_at) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(withdrawn_at),UPDATE(withdrawn_at) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT(further_file_ids),INSERT(further_file_ids),UPDATE(further_file_ids) ON TABLE courses.materials TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.materials_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.participants TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.participants TO fn_telegram_webhook;

GRANT SELECT(user_id) ON TABLE courses.participants TO fn_dispatch_notifications;
GRANT SELECT(user_id) ON TABLE courses.participants TO fn_remind_participants;

GRANT SELECT(cohort_id) ON TABLE courses.participants TO fn_dispatch_notifications;
GRANT SELECT(cohort_id) ON TABLE courses.participants TO fn_remind_participants;

GRANT SELECT(stream_id) ON TABLE courses.participants TO fn_dispatch_notifications;
GRANT SELECT(stream_id) ON TABLE courses.participants TO fn_remind_participants;

GRANT SELECT(created_at) ON TABLE courses.participants TO fn_dispatch_notifications;
GRANT SELECT(created_at) ON TABLE courses.participants TO fn_remind_participants;

GRANT SELECT ON SEQUENCE courses.participants_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.payments TO carillon_backup;
GRANT SELECT ON TABLE courses.payments TO fn_telegram_webhook;

GRANT INSERT(user_id) ON TABLE courses.payments TO fn_telegram_webhook;

GRANT INSERT(session_id) ON TABLE courses.payments TO fn_telegram_webhook;

GRANT INSERT(paid),UPDATE(paid) ON TABLE courses.payments TO fn_telegram_webhook;

GRANT INSERT(noted_at),UPDATE(noted_at) ON TABLE courses.payments TO fn_telegram_webhook;

GRANT INSERT(noted_by),UPDATE(noted_by) ON TABLE courses.payments TO fn_telegram_webhook;

GRANT SELECT ON TABLE courses.payments_history TO carillon_backup;
GRANT SELECT ON TABLE courses.payments_history TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.payments_history_id_seq TO carillon_backup;

GRANT SELECT ON SEQUENCE courses.payments_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.reminder_opt_outs TO fn_dispatch_notifications;
GRANT SELECT ON TABLE courses.reminder_opt_outs TO fn_remind_participants;
GRANT SELECT ON TABLE courses.reminder_opt_outs TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.reminder_opt_outs TO fn_telegram_webhook;

GRANT INSERT(user_id) ON TABLE courses.reminder_opt_outs TO fn_telegram_webhook;

GRANT INSERT(kind) ON TABLE courses.reminder_opt_outs TO fn_telegram_webhook;

GRANT SELECT ON TABLE courses.school TO carillon_backup;

GRANT SELECT(name) ON TABLE courses.school TO fn_telegram_webhook;

GRANT SELECT(bot_id) ON TABLE courses.school TO fn_dispatch_notifications;
GRANT SELECT(bot_id) ON TABLE courses.school TO fn_telegram_webhook;
GRANT SELECT(bot_id) ON TABLE courses.school TO fn_remind_participants;

GRANT SELECT(language) ON TABLE courses.school TO fn_dispatch_notifications;
GRANT SELECT(language) ON TABLE courses.school TO fn_telegram_webhook;
GRANT SELECT(language) ON TABLE courses.school TO fn_remind_participants;

GRANT SELECT(timezone) ON TABLE courses.school TO fn_telegram_webhook;
GRANT SELECT(timezone) ON TABLE courses.school TO fn_dispatch_notifications;
GRANT SELECT(timezone) ON TABLE courses.school TO fn_remind_participants;

GRANT SELECT(quiet_from) ON TABLE courses.school TO fn_telegram_webhook;
GRANT SELECT(quiet_from) ON TABLE courses.school TO fn_remind_participants;

GRANT SELECT(quiet_to) ON TABLE courses.school TO fn_telegram_webhook;
GRANT SELECT(quiet_to) ON TABLE courses.school TO fn_remind_participants;

GRANT SELECT ON TABLE courses.session_days TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.session_days TO fn_telegram_webhook;

GRANT INSERT(date),UPDATE(date) ON TABLE courses.session_days TO fn_telegram_webhook;

GRANT INSERT(stream_id),UPDATE(stream_id) ON TABLE courses.session_days TO fn_telegram_webhook;

GRANT INSERT(topic_id),UPDATE(topic_id) ON TABLE courses.session_days TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.session_days_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.sessions TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(id) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(start_date),INSERT(start_date),UPDATE(start_date) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(start_date) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(start_date) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(end_date),INSERT(end_date),UPDATE(end_date) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(end_date) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(end_date) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(start_time),INSERT(start_time),UPDATE(start_time) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(start_time) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(start_time) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(topic_code),INSERT(topic_code),UPDATE(topic_code) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(topic_code) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(topic_code) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(title),INSERT(title),UPDATE(title) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(title) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(title) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(annotation),INSERT(annotation),UPDATE(annotation) ON TABLE courses.sessions TO fn_telegram_webhook;

GRANT SELECT(stream_id),INSERT(stream_id),UPDATE(stream_id) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(stream_id) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(stream_id) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(cohort_id),INSERT(cohort_id),UPDATE(cohort_id) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(cohort_id) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(cohort_id) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(cancelled_at),UPDATE(cancelled_at) ON TABLE courses.sessions TO fn_telegram_webhook;
GRANT SELECT(cancelled_at) ON TABLE courses.sessions TO fn_dispatch_notifications;
GRANT SELECT(cancelled_at) ON TABLE courses.sessions TO fn_remind_participants;

GRANT SELECT(homework_link),UPDATE(homework_link) ON TABLE courses.sessions TO fn_telegram_webhook;

GRANT SELECT(told_date),UPDATE(told_date) ON TABLE courses.sessions TO fn_remind_participants;
GRANT SELECT(told_date) ON TABLE courses.sessions TO fn_telegram_webhook;

GRANT SELECT(told_time),UPDATE(told_time) ON TABLE courses.sessions TO fn_remind_participants;
GRANT SELECT(told_time) ON TABLE courses.sessions TO fn_telegram_webhook;

GRANT SELECT(told_cancelled),UPDATE(told_cancelled) ON TABLE courses.sessions TO fn_remind_participants;
GRANT SELECT(told_cancelled) ON TABLE courses.sessions TO fn_telegram_webhook;

GRANT SELECT(told_version),UPDATE(told_version) ON TABLE courses.sessions TO fn_remind_participants;
GRANT SELECT(told_version) ON TABLE courses.sessions TO fn_telegram_webhook;

GRANT SELECT(is_untold) ON TABLE courses.sessions TO fn_remind_participants;
GRANT SELECT(is_untold) ON TABLE courses.sessions TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.sessions_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.streams TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.streams TO fn_telegram_webhook;

GRANT SELECT(title) ON TABLE courses.streams TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.streams_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.submissions TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.submissions TO fn_telegram_webhook;

GRANT INSERT(assignment_id) ON TABLE courses.submissions TO fn_telegram_webhook;
GRANT SELECT(assignment_id) ON TABLE courses.submissions TO fn_dispatch_notifications;
GRANT SELECT(assignment_id) ON TABLE courses.submissions TO fn_remind_participants;

GRANT INSERT(user_id) ON TABLE courses.submissions TO fn_telegram_webhook;
GRANT SELECT(user_id) ON TABLE courses.submissions TO fn_dispatch_notifications;
GRANT SELECT(user_id) ON TABLE courses.submissions TO fn_remind_participants;

GRANT INSERT(body),UPDATE(body) ON TABLE courses.submissions TO fn_telegram_webhook;

GRANT INSERT(tg_file_ids),UPDATE(tg_file_ids) ON TABLE courses.submissions TO fn_telegram_webhook;

GRANT UPDATE(submitted_at) ON TABLE courses.submissions TO fn_telegram_webhook;

GRANT SELECT ON TABLE courses.topics TO carillon_backup;

GRANT SELECT(id) ON TABLE courses.topics TO fn_telegram_webhook;

GRANT SELECT(code),INSERT(code),UPDATE(code) ON TABLE courses.topics TO fn_telegram_webhook;
GRANT SELECT(code) ON TABLE courses.topics TO fn_dispatch_notifications;
GRANT SELECT(code) ON TABLE courses.topics TO fn_remind_participants;

GRANT SELECT(title),INSERT(title),UPDATE(title) ON TABLE courses.topics TO fn_telegram_webhook;
GRANT SELECT(title) ON TABLE courses.topics TO fn_dispatch_notifications;
GRANT SELECT(title) ON TABLE courses.topics TO fn_remind_participants;

GRANT SELECT(annotation),INSERT(annotation),UPDATE(annotation) ON TABLE courses.topics TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.topics_id_seq TO carillon_backup;

GRANT SELECT ON TABLE courses.user_flags TO carillon_backup;
GRANT SELECT,DELETE ON TABLE courses.user_flags TO fn_telegram_webhook;

GRANT INSERT(user_id) ON TABLE courses.user_flags TO fn_telegram_webhook;
GRANT SELECT(user_id) ON TABLE courses.user_flags TO fn_dispatch_notifications;
GRANT SELECT(user_id) ON TABLE courses.user_flags TO fn_remind_participants;

GRANT INSERT(notify_enabled),UPDATE(notify_enabled) ON TABLE courses.user_flags TO fn_telegram_webhook;
GRANT SELECT(notify_enabled) ON TABLE courses.user_flags TO fn_dispatch_notifications;
GRANT SELECT(notify_enabled) ON TABLE courses.user_flags TO fn_remind_participants;

GRANT SELECT ON TABLE courses.users TO carillon_backup;
GRANT DELETE ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT(id) ON TABLE courses.users TO fn_telegram_webhook;
GRANT SELECT(id) ON TABLE courses.users TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE courses.users TO fn_remind_participants;

GRANT SELECT(telegram_id),UPDATE(telegram_id) ON TABLE courses.users TO fn_telegram_webhook;
GRANT SELECT(telegram_id) ON TABLE courses.users TO fn_dispatch_notifications;
GRANT SELECT(telegram_id) ON TABLE courses.users TO fn_remind_participants;

GRANT SELECT(username),UPDATE(username) ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT(nickname),UPDATE(nickname) ON TABLE courses.users TO fn_telegram_webhook;

GRANT UPDATE(password) ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT(full_name),UPDATE(full_name) ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT(role),UPDATE(role) ON TABLE courses.users TO fn_telegram_webhook;
GRANT SELECT(role) ON TABLE courses.users TO fn_dispatch_notifications;
GRANT SELECT(role) ON TABLE courses.users TO fn_remind_participants;

GRANT SELECT(phone),UPDATE(phone) ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT(email),UPDATE(email) ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT(cohort_id),UPDATE(cohort_id) ON TABLE courses.users TO fn_telegram_webhook;
GRANT SELECT(cohort_id) ON TABLE courses.users TO fn_dispatch_notifications;
GRANT SELECT(cohort_id) ON TABLE courses.users TO fn_remind_participants;

GRANT SELECT(created_at) ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT(updated_at) ON TABLE courses.users TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE courses.users_id_seq TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_dispatch_notifications;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_remind_courses;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_telegram_webhook;
GRANT SELECT,DELETE,UPDATE ON TABLE platform.lanes TO fn_housekeeping;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_answer_conversations;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_handover_reminder_sweep;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_ingest_webhook;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_daily_metrics_digest;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_remind_deadlines;
GRANT SELECT ON TABLE platform.lanes TO carillon_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_remind_participants;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.lanes TO fn_salon_pages;

GRANT SELECT ON TABLE courses.v_mailings TO fn_dispatch_notifications;
GRANT SELECT ON TABLE courses.v_mailings TO fn_telegram_webhook;
GRANT SELECT ON TABLE courses.v_mailings TO carillon_backup;

GRANT SELECT ON TABLE courses.v_audiences TO fn_dispatch_notifications;
GRANT SELECT ON TABLE courses.v_audiences TO fn_telegram_webhook;
GRANT SELECT ON TABLE courses.v_audiences TO carillon_backup;

GRANT SELECT ON TABLE courses.v_roster TO fn_telegram_webhook;
GRANT SELECT ON TABLE courses.v_roster TO carillon_backup;
GRANT SELECT ON TABLE courses.v_roster TO fn_dispatch_notifications;
GRANT SELECT ON TABLE courses.v_roster TO fn_remind_participants;

GRANT SELECT ON TABLE courses.v_change_readers TO fn_dispatch_notifications;
GRANT SELECT ON TABLE courses.v_change_readers TO fn_remind_participants;
GRANT SELECT ON TABLE courses.v_change_readers TO carillon_backup;

GRANT SELECT ON TABLE courses.v_reminders TO fn_dispatch_notifications;
GRANT SELECT ON TABLE courses.v_reminders TO fn_remind_participants;
GRANT SELECT ON TABLE courses.v_reminders TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE dashboard.alerts TO fn_daily_metrics_digest;
GRANT SELECT,UPDATE ON TABLE dashboard.alerts TO fn_dispatch_notifications;
GRANT SELECT,UPDATE ON TABLE dashboard.alerts TO fn_telegram_webhook;
GRANT SELECT ON TABLE dashboard.alerts TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.alerts TO dashboard_keeper;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.alerts TO service_role;
GRANT SELECT ON TABLE dashboard.alerts TO carillon_backup;
GRANT DELETE ON TABLE dashboard.alerts TO fn_housekeeping;

GRANT SELECT(id) ON TABLE dashboard.alerts TO fn_housekeeping;
GRANT SELECT(id) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT SELECT(tenant_id) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT SELECT(kind) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT SELECT(severity) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT SELECT(description) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT SELECT(triggered_at) ON TABLE dashboard.alerts TO fn_housekeeping;

GRANT SELECT(acknowledged_at),UPDATE(acknowledged_at) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT UPDATE(acknowledged_by) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT SELECT(resolved_at) ON TABLE dashboard.alerts TO fn_housekeeping;

GRANT SELECT(outbox_id) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT UPDATE(updated_at) ON TABLE dashboard.alerts TO fn_salon_pages;

GRANT SELECT ON SEQUENCE dashboard.alerts_id_seq TO carillon_backup;

GRANT INSERT ON TABLE dashboard.audits TO fn_verify_bookings;
GRANT INSERT ON TABLE dashboard.audits TO fn_telegram_webhook;
GRANT SELECT,INSERT ON TABLE dashboard.audits TO dashboard_keeper;
GRANT SELECT,INSERT ON TABLE dashboard.audits TO service_role;
GRANT SELECT ON TABLE dashboard.audits TO carillon_backup;
GRANT DELETE ON TABLE dashboard.audits TO fn_housekeeping;

GRANT SELECT(id) ON TABLE dashboard.audits TO fn_housekeeping;
GRANT SELECT(id) ON TABLE dashboard.audits TO authenticated;

GRANT SELECT(user_id) ON TABLE dashboard.audits TO authenticated;
GRANT INSERT(user_id) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT SELECT(tenant_id) ON TABLE dashboard.audits TO authenticated;
GRANT INSERT(tenant_id) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT SELECT(actor) ON TABLE dashboard.audits TO authenticated;
GRANT INSERT(actor) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT SELECT(action) ON TABLE dashboard.audits TO authenticated;
GRANT INSERT(action) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT SELECT(description) ON TABLE dashboard.audits TO authenticated;
GRANT INSERT(description) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT SELECT(metadata) ON TABLE dashboard.audits TO authenticated;
GRANT INSERT(metadata) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT INSERT(ip_address) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT INSERT(user_agent) ON TABLE dashboard.audits TO fn_salon_pages;

GRANT SELECT(created_at) ON TABLE dashboard.audits TO fn_housekeeping;
GRANT SELECT(created_at) ON TABLE dashboard.audits TO authenticated;

GRANT SELECT ON SEQUENCE dashboard.audits_id_seq TO carillon_backup;

GRANT SELECT ON TABLE dashboard.bookings TO fn_daily_metrics_digest;
GRANT SELECT,INSERT,UPDATE ON TABLE dashboard.bookings TO fn_verify_bookings;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.bookings TO dashboard_keeper;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.bookings TO service_role;
GRANT SELECT ON TABLE dashboard.bookings TO carillon_backup;
GRANT DELETE ON TABLE dashboard.bookings TO fn_housekeeping;

GRANT SELECT(id) ON TABLE dashboard.bookings TO fn_ingest_webhook;
GRANT SELECT(id) ON TABLE dashboard.bookings TO authenticated;
GRANT SELECT(id) ON TABLE dashboard.bookings TO fn_housekeeping;

GRANT SELECT(tenant_id) ON TABLE dashboard.bookings TO fn_ingest_webhook;
GRANT SELECT(tenant_id) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(external_id) ON TABLE dashboard.bookings TO fn_ingest_webhook;
GRANT SELECT(external_id) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(client_id) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(start_at) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(service_code) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(status) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(verified_at) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(yclients_attendance) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(look_at),UPDATE(look_at) ON TABLE dashboard.bookings TO fn_ingest_webhook;

GRANT SELECT(attempts) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT(created_at) ON TABLE dashboard.bookings TO authenticated;
GRANT SELECT(created_at) ON TABLE dashboard.bookings TO fn_housekeeping;

GRANT UPDATE(updated_at) ON TABLE dashboard.bookings TO fn_ingest_webhook;
GRANT SELECT(updated_at) ON TABLE dashboard.bookings TO authenticated;

GRANT SELECT ON SEQUENCE dashboard.bookings_id_seq TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE dashboard.conversations TO fn_daily_metrics_digest;
GRANT SELECT ON TABLE dashboard.conversations TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.conversations TO dashboard_keeper;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.conversations TO service_role;
GRANT SELECT ON TABLE dashboard.conversations TO carillon_backup;
GRANT DELETE ON TABLE dashboard.conversations TO fn_housekeeping;

GRANT SELECT(id) ON TABLE dashboard.conversations TO fn_housekeeping;

GRANT SELECT(session) ON TABLE dashboard.conversations TO fn_housekeeping;

GRANT SELECT(last_message_at) ON TABLE dashboard.conversations TO fn_housekeeping;

GRANT SELECT ON SEQUENCE dashboard.conversations_id_seq TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE dashboard.metrics_dailies TO fn_daily_metrics_digest;
GRANT SELECT,UPDATE ON TABLE dashboard.metrics_dailies TO fn_dispatch_notifications;
GRANT SELECT ON TABLE dashboard.metrics_dailies TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.metrics_dailies TO dashboard_keeper;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.metrics_dailies TO service_role;
GRANT SELECT ON TABLE dashboard.metrics_dailies TO carillon_backup;

GRANT SELECT ON SEQUENCE dashboard.metrics_dailies_id_seq TO carillon_backup;

GRANT SELECT ON TABLE dashboard.page_sessions TO carillon_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.page_sessions TO dashboard_keeper;
GRANT DELETE ON TABLE dashboard.page_sessions TO fn_housekeeping;

GRANT SELECT(ctid) ON TABLE dashboard.page_sessions TO fn_housekeeping;

GRANT SELECT(id_hash),INSERT(id_hash) ON TABLE dashboard.page_sessions TO fn_salon_pages;

GRANT SELECT(user_id),INSERT(user_id) ON TABLE dashboard.page_sessions TO fn_salon_pages;

GRANT SELECT(way),INSERT(way) ON TABLE dashboard.page_sessions TO fn_salon_pages;

GRANT SELECT(seen_at),UPDATE(seen_at) ON TABLE dashboard.page_sessions TO fn_salon_pages;

GRANT SELECT(expires_at),INSERT(expires_at) ON TABLE dashboard.page_sessions TO fn_salon_pages;
GRANT SELECT(expires_at) ON TABLE dashboard.page_sessions TO fn_housekeeping;

GRANT SELECT(ended_at),UPDATE(ended_at) ON TABLE dashboard.page_sessions TO fn_salon_pages;

GRANT SELECT(ip_address),INSERT(ip_address) ON TABLE dashboard.page_sessions TO fn_salon_pages;

GRANT SELECT(user_agent),INSERT(user_agent) ON TABLE dashboard.page_sessions TO fn_salon_pages;

GRANT SELECT ON TABLE dashboard.sign_in_attempts TO carillon_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.sign_in_attempts TO dashboard_keeper;
GRANT DELETE ON TABLE dashboard.sign_in_attempts TO fn_salon_pages;
GRANT DELETE ON TABLE dashboard.sign_in_attempts TO fn_housekeeping;

GRANT SELECT(ctid) ON TABLE dashboard.sign_in_attempts TO fn_housekeeping;

GRANT SELECT(key_hash),INSERT(key_hash) ON TABLE dashboard.sign_in_attempts TO fn_salon_pages;

GRANT SELECT(tries),UPDATE(tries) ON TABLE dashboard.sign_in_attempts TO fn_salon_pages;

GRANT SELECT(free_at),UPDATE(free_at) ON TABLE dashboard.sign_in_attempts TO fn_salon_pages;

GRANT SELECT(tried_at),UPDATE(tried_at) ON TABLE dashboard.sign_in_attempts TO fn_salon_pages;
GRANT SELECT(tried_at) ON TABLE dashboard.sign_in_attempts TO fn_housekeeping;

GRANT SELECT ON TABLE dashboard.sign_in_links TO carillon_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.sign_in_links TO dashboard_keeper;
GRANT DELETE ON TABLE dashboard.sign_in_links TO fn_housekeeping;

GRANT SELECT(ctid) ON TABLE dashboard.sign_in_links TO fn_housekeeping;

GRANT SELECT(token_hash),INSERT(token_hash) ON TABLE dashboard.sign_in_links TO fn_salon_pages;
GRANT SELECT(token_hash),INSERT(token_hash) ON TABLE dashboard.sign_in_links TO fn_telegram_webhook;

GRANT SELECT(user_id),INSERT(user_id) ON TABLE dashboard.sign_in_links TO fn_salon_pages;
GRANT SELECT(user_id),INSERT(user_id) ON TABLE dashboard.sign_in_links TO fn_telegram_webhook;

GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE dashboard.sign_in_links TO fn_salon_pages;
GRANT SELECT(expires_at),INSERT(expires_at),UPDATE(expires_at) ON TABLE dashboard.sign_in_links TO fn_telegram_webhook;
GRANT SELECT(expires_at) ON TABLE dashboard.sign_in_links TO fn_housekeeping;

GRANT SELECT(used_at),UPDATE(used_at) ON TABLE dashboard.sign_in_links TO fn_salon_pages;
GRANT SELECT(used_at),UPDATE(used_at) ON TABLE dashboard.sign_in_links TO fn_telegram_webhook;

GRANT SELECT ON TABLE dashboard.tenant_settings TO fn_daily_metrics_digest;
GRANT SELECT ON TABLE dashboard.tenant_settings TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.tenant_settings TO dashboard_keeper;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.tenant_settings TO service_role;
GRANT SELECT ON TABLE dashboard.tenant_settings TO carillon_backup;

GRANT SELECT(tenant_id) ON TABLE dashboard.tenant_settings TO fn_telegram_webhook;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(bot_id) ON TABLE dashboard.tenant_settings TO fn_telegram_webhook;
GRANT SELECT(bot_id) ON TABLE dashboard.tenant_settings TO fn_dispatch_notifications;
GRANT SELECT(bot_id) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(chat_id) ON TABLE dashboard.tenant_settings TO fn_telegram_webhook;
GRANT SELECT(chat_id) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(timezone) ON TABLE dashboard.tenant_settings TO fn_telegram_webhook;
GRANT SELECT(timezone),UPDATE(timezone) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(digest_hour),UPDATE(digest_hour) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(language) ON TABLE dashboard.tenant_settings TO fn_telegram_webhook;
GRANT SELECT(language) ON TABLE dashboard.tenant_settings TO fn_dispatch_notifications;
GRANT SELECT(language),UPDATE(language) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(low_conversion),UPDATE(low_conversion) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(high_drop_off),UPDATE(high_drop_off) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(error_spike),UPDATE(error_spike) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(stale_hours),UPDATE(stale_hours) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(minimum_sample),UPDATE(minimum_sample) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(quiet_from),UPDATE(quiet_from) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT(quiet_until),UPDATE(quiet_until) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT UPDATE(updated_at) ON TABLE dashboard.tenant_settings TO fn_salon_pages;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.users TO dashboard_keeper;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.users TO service_role;
GRANT SELECT ON TABLE dashboard.users TO carillon_backup;

GRANT SELECT(id) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(id) ON TABLE dashboard.users TO fn_salon_pages;
GRANT SELECT(id) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT(email) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(email),INSERT(email) ON TABLE dashboard.users TO fn_salon_pages;

GRANT SELECT(encrypted_password),UPDATE(encrypted_password) ON TABLE dashboard.users TO fn_salon_pages;

GRANT SELECT(reset_password_token),UPDATE(reset_password_token) ON TABLE dashboard.users TO fn_salon_pages;

GRANT SELECT(reset_password_sent_at),UPDATE(reset_password_sent_at) ON TABLE dashboard.users TO fn_salon_pages;

GRANT SELECT(first_name) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(first_name),INSERT(first_name) ON TABLE dashboard.users TO fn_salon_pages;
GRANT INSERT(first_name) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT(last_name) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(last_name) ON TABLE dashboard.users TO fn_salon_pages;

GRANT SELECT(role) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(role),INSERT(role),UPDATE(role) ON TABLE dashboard.users TO fn_salon_pages;
GRANT INSERT(role) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT(active) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(active),UPDATE(active) ON TABLE dashboard.users TO fn_salon_pages;
GRANT SELECT(active) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT(tenant_id) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE dashboard.users TO fn_salon_pages;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT(created_at) ON TABLE dashboard.users TO authenticated;

GRANT SELECT(updated_at) ON TABLE dashboard.users TO authenticated;
GRANT UPDATE(updated_at) ON TABLE dashboard.users TO fn_salon_pages;
GRANT UPDATE(updated_at) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT(telegram_id) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(telegram_id) ON TABLE dashboard.users TO fn_salon_pages;
GRANT SELECT(telegram_id),INSERT(telegram_id),UPDATE(telegram_id) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT(language) ON TABLE dashboard.users TO authenticated;
GRANT SELECT(language),UPDATE(language) ON TABLE dashboard.users TO fn_salon_pages;
GRANT SELECT(language) ON TABLE dashboard.users TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE dashboard.users_id_seq TO carillon_backup;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.clients_v2 TO salon_bot;
GRANT SELECT ON TABLE public.clients_v2 TO dashboard_reader;
GRANT SELECT ON TABLE public.clients_v2 TO authenticated;
GRANT SELECT ON TABLE public.clients_v2 TO carillon_backup;

GRANT SELECT(id) ON TABLE public.clients_v2 TO dashboard_keeper;

GRANT SELECT(tenant_id) ON TABLE public.clients_v2 TO dashboard_keeper;

GRANT SELECT(telegram_chat_id) ON TABLE public.clients_v2 TO dashboard_keeper;

GRANT SELECT(whatsapp_id) ON TABLE public.clients_v2 TO dashboard_keeper;

GRANT SELECT(phone) ON TABLE public.clients_v2 TO dashboard_keeper;

GRANT SELECT(yclients_client_id) ON TABLE public.clients_v2 TO dashboard_keeper;

GRANT SELECT ON TABLE dashboard.v_clients TO authenticated;

GRANT SELECT ON TABLE public.conversation_sessions_v2 TO fn_daily_metrics_digest;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.conversation_sessions_v2 TO salon_bot;
GRANT SELECT ON TABLE public.conversation_sessions_v2 TO dashboard_keeper;
GRANT SELECT ON TABLE public.conversation_sessions_v2 TO dashboard_reader;
GRANT SELECT ON TABLE public.conversation_sessions_v2 TO carillon_backup;

GRANT SELECT(id) ON TABLE public.conversation_sessions_v2 TO fn_verify_bookings;
GRANT SELECT(id) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(session_id) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(tenant_id) ON TABLE public.conversation_sessions_v2 TO fn_verify_bookings;
GRANT SELECT(tenant_id) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(user_id) ON TABLE public.conversation_sessions_v2 TO fn_verify_bookings;
GRANT SELECT(user_id) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(channel) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(started_at) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(ended_at) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(duration_sec) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(final_status) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(final_intent) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(final_summary) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(booking_id) ON TABLE public.conversation_sessions_v2 TO fn_verify_bookings;
GRANT SELECT(booking_id) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(booking_source) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(booking_status) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(booking_datetime) ON TABLE public.conversation_sessions_v2 TO fn_verify_bookings;
GRANT SELECT(booking_datetime) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(messages_count) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(agent_messages_count) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(user_messages_count) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(meta) ON TABLE public.conversation_sessions_v2 TO fn_verify_bookings;
GRANT SELECT(meta) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(summary) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT(created_at) ON TABLE public.conversation_sessions_v2 TO fn_verify_bookings;
GRANT SELECT(created_at) ON TABLE public.conversation_sessions_v2 TO authenticated;

GRANT SELECT ON TABLE dashboard.v_conversion_funnel TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants_v2 TO salon_bot;
GRANT SELECT ON TABLE public.tenants_v2 TO dashboard_keeper;
GRANT SELECT ON TABLE public.tenants_v2 TO carillon_backup;

GRANT SELECT(id) ON TABLE public.tenants_v2 TO fn_daily_metrics_digest;
GRANT SELECT(id) ON TABLE public.tenants_v2 TO fn_verify_bookings;
GRANT SELECT(id) ON TABLE public.tenants_v2 TO dashboard_reader;
GRANT SELECT(id) ON TABLE public.tenants_v2 TO authenticated;

GRANT SELECT(name) ON TABLE public.tenants_v2 TO fn_daily_metrics_digest;
GRANT SELECT(name) ON TABLE public.tenants_v2 TO dashboard_reader;
GRANT SELECT(name) ON TABLE public.tenants_v2 TO authenticated;

GRANT SELECT(slug) ON TABLE public.tenants_v2 TO dashboard_reader;
GRANT SELECT(slug) ON TABLE public.tenants_v2 TO authenticated;

GRANT SELECT(is_active) ON TABLE public.tenants_v2 TO fn_daily_metrics_digest;
GRANT SELECT(is_active) ON TABLE public.tenants_v2 TO fn_verify_bookings;
GRANT SELECT(is_active) ON TABLE public.tenants_v2 TO dashboard_reader;
GRANT SELECT(is_active) ON TABLE public.tenants_v2 TO authenticated;

GRANT SELECT(metadata) ON TABLE public.tenants_v2 TO fn_verify_bookings;

GRANT SELECT(created_at) ON TABLE public.tenants_v2 TO dashboard_reader;
GRANT SELECT(created_at) ON TABLE public.tenants_v2 TO authenticated;

GRANT SELECT(updated_at) ON TABLE public.tenants_v2 TO dashboard_reader;
GRANT SELECT(updated_at) ON TABLE public.tenants_v2 TO authenticated;

GRANT SELECT ON TABLE dashboard.v_tenants TO authenticated;

GRANT SELECT ON TABLE dashboard.v_conversion_funnel_corrected TO authenticated;

GRANT SELECT ON TABLE public.recent_history_v2 TO fn_daily_metrics_digest;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recent_history_v2 TO salon_bot;
GRANT SELECT ON TABLE public.recent_history_v2 TO dashboard_reader;
GRANT SELECT ON TABLE public.recent_history_v2 TO authenticated;
GRANT SELECT ON TABLE public.recent_history_v2 TO carillon_backup;

GRANT SELECT ON TABLE dashboard.v_history TO authenticated;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_ltm_v2 TO salon_bot;
GRANT SELECT ON TABLE public.user_ltm_v2 TO dashboard_reader;
GRANT SELECT ON TABLE public.user_ltm_v2 TO authenticated;
GRANT SELECT ON TABLE public.user_ltm_v2 TO carillon_backup;

GRANT SELECT ON TABLE dashboard.v_memories TO authenticated;

GRANT SELECT ON TABLE dashboard.v_sessions TO authenticated;

GRANT SELECT ON TABLE dashboard.v_top_services TO authenticated;

GRANT SELECT ON TABLE dashboard.v_top_services_corrected TO authenticated;

GRANT SELECT ON TABLE public.wishlist_v2 TO fn_daily_metrics_digest;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wishlist_v2 TO salon_bot;
GRANT SELECT ON TABLE public.wishlist_v2 TO dashboard_reader;
GRANT SELECT ON TABLE public.wishlist_v2 TO authenticated;
GRANT SELECT ON TABLE public.wishlist_v2 TO carillon_backup;

GRANT SELECT ON TABLE dashboard.v_wishlist TO authenticated;

GRANT SELECT ON TABLE dashboard.v_wishlist_pending TO authenticated;

GRANT SELECT ON TABLE dashboard.wishlist_marks TO authenticated;
GRANT SELECT ON TABLE dashboard.wishlist_marks TO carillon_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE dashboard.wishlist_marks TO dashboard_keeper;
GRANT DELETE ON TABLE dashboard.wishlist_marks TO fn_salon_pages;

GRANT SELECT(tenant_id) ON TABLE dashboard.wishlist_marks TO fn_daily_metrics_digest;
GRANT SELECT(tenant_id),INSERT(tenant_id) ON TABLE dashboard.wishlist_marks TO fn_salon_pages;

GRANT SELECT(wishlist_id) ON TABLE dashboard.wishlist_marks TO fn_daily_metrics_digest;
GRANT SELECT(wishlist_id),INSERT(wishlist_id) ON TABLE dashboard.wishlist_marks TO fn_salon_pages;

GRANT INSERT(done_by) ON TABLE dashboard.wishlist_marks TO fn_salon_pages;

GRANT INSERT ON TABLE getcourse.account_events TO fn_ingest_webhook;
GRANT SELECT ON TABLE getcourse.account_events TO carillon_backup;
GRANT DELETE ON TABLE getcourse.account_events TO fn_housekeeping;

GRANT SELECT(xmax) ON TABLE getcourse.account_events TO fn_ingest_webhook;

GRANT SELECT(id) ON TABLE getcourse.account_events TO fn_housekeeping;

GRANT SELECT(source_id) ON TABLE getcourse.account_events TO fn_ingest_webhook;

GRANT SELECT(event_types),UPDATE(event_types) ON TABLE getcourse.account_events TO fn_ingest_webhook;

GRANT SELECT(natural_key) ON TABLE getcourse.account_events TO fn_ingest_webhook;

GRANT SELECT(correlation_id) ON TABLE getcourse.account_events TO fn_ingest_webhook;

GRANT SELECT(created_at) ON TABLE getcourse.account_events TO fn_housekeeping;

GRANT SELECT ON SEQUENCE getcourse.account_events_id_seq TO carillon_backup;

GRANT INSERT ON TABLE getcourse.application_logs TO fn_dispatch_notifications;
GRANT SELECT,DELETE ON TABLE getcourse.application_logs TO fn_housekeeping;
GRANT SELECT ON TABLE getcourse.application_logs TO carillon_backup;

GRANT SELECT ON SEQUENCE getcourse.application_logs_id_seq TO carillon_backup;

GRANT INSERT ON TABLE getcourse.error_logs TO fn_dispatch_notifications;
GRANT SELECT,DELETE ON TABLE getcourse.error_logs TO fn_housekeeping;
GRANT SELECT ON TABLE getcourse.error_logs TO carillon_backup;

GRANT SELECT ON SEQUENCE getcourse.error_logs_id_seq TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE getcourse.notifications TO fn_dispatch_notifications;
GRANT SELECT,INSERT,UPDATE ON TABLE getcourse.notifications TO fn_remind_courses;
GRANT SELECT,INSERT,UPDATE ON TABLE getcourse.notifications TO fn_remind_deadlines;
GRANT SELECT ON TABLE getcourse.notifications TO carillon_backup;
GRANT DELETE ON TABLE getcourse.notifications TO fn_housekeeping;

GRANT SELECT(id) ON TABLE getcourse.notifications TO fn_housekeeping;

GRANT SELECT(message),UPDATE(message) ON TABLE getcourse.notifications TO fn_housekeeping;

GRANT UPDATE(status) ON TABLE getcourse.notifications TO fn_telegram_webhook;
GRANT SELECT(status) ON TABLE getcourse.notifications TO fn_housekeeping;

GRANT SELECT(outbox_id) ON TABLE getcourse.notifications TO fn_telegram_webhook;

GRANT SELECT(created_at) ON TABLE getcourse.notifications TO fn_housekeeping;

GRANT UPDATE(sent_at) ON TABLE getcourse.notifications TO fn_telegram_webhook;

GRANT SELECT ON SEQUENCE getcourse.notifications_id_seq TO carillon_backup;
GRANT USAGE ON SEQUENCE getcourse.notifications_id_seq TO fn_dispatch_notifications;

GRANT INSERT ON TABLE getcourse.webhook_events TO fn_ingest_webhook;
GRANT SELECT,UPDATE ON TABLE getcourse.webhook_events TO fn_dispatch_notifications;
GRANT SELECT ON TABLE getcourse.webhook_events TO carillon_backup;
GRANT DELETE ON TABLE getcourse.webhook_events TO fn_housekeeping;

GRANT SELECT(id) ON TABLE getcourse.webhook_events TO fn_housekeeping;

GRANT SELECT(user_id) ON TABLE getcourse.webhook_events TO fn_remind_deadlines;
GRANT SELECT(user_id) ON TABLE getcourse.webhook_events TO fn_remind_courses;

GRANT SELECT(user_email) ON TABLE getcourse.webhook_events TO fn_remind_deadlines;
GRANT SELECT(user_email) ON TABLE getcourse.webhook_events TO fn_remind_courses;

GRANT SELECT(answer_lesson_id) ON TABLE getcourse.webhook_events TO fn_remind_deadlines;
GRANT SELECT(answer_lesson_id) ON TABLE getcourse.webhook_events TO fn_remind_courses;

GRANT SELECT(raw_payload),UPDATE(raw_payload) ON TABLE getcourse.webhook_events TO fn_housekeeping;

GRANT SELECT(raw_body),UPDATE(raw_body) ON TABLE getcourse.webhook_events TO fn_housekeeping;

GRANT SELECT(correlation_id) ON TABLE getcourse.webhook_events TO fn_ingest_webhook;

GRANT SELECT(processed) ON TABLE getcourse.webhook_events TO fn_housekeeping;

GRANT SELECT(created_at) ON TABLE getcourse.webhook_events TO fn_housekeeping;

GRANT SELECT ON TABLE platform.webhook_sources TO fn_ingest_webhook;
GRANT SELECT ON TABLE platform.webhook_sources TO carillon_backup;

GRANT SELECT(id) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;
GRANT SELECT(id) ON TABLE platform.webhook_sources TO fn_remind_deadlines;
GRANT SELECT(id) ON TABLE platform.webhook_sources TO fn_remind_courses;

GRANT SELECT(provider) ON TABLE platform.webhook_sources TO fn_telegram_webhook;
GRANT SELECT(provider) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;
GRANT SELECT(provider) ON TABLE platform.webhook_sources TO fn_remind_deadlines;
GRANT SELECT(provider) ON TABLE platform.webhook_sources TO fn_remind_courses;

GRANT SELECT(name) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;

GRANT SELECT(bot_id) ON TABLE platform.webhook_sources TO fn_telegram_webhook;
GRANT SELECT(bot_id) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;

GRANT SELECT(admin_chat_id) ON TABLE platform.webhook_sources TO fn_telegram_webhook;
GRANT SELECT(admin_chat_id) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;

GRANT SELECT(timezone) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;
GRANT SELECT(timezone) ON TABLE platform.webhook_sources TO fn_remind_deadlines;
GRANT SELECT(timezone) ON TABLE platform.webhook_sources TO fn_remind_courses;

GRANT SELECT(language) ON TABLE platform.webhook_sources TO fn_telegram_webhook;
GRANT SELECT(language) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;
GRANT SELECT(language) ON TABLE platform.webhook_sources TO fn_remind_deadlines;
GRANT SELECT(language) ON TABLE platform.webhook_sources TO fn_remind_courses;

GRANT SELECT(link_template) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;

GRANT SELECT(collapse_seconds) ON TABLE platform.webhook_sources TO fn_dispatch_notifications;

GRANT SELECT ON TABLE getcourse.v_next_answers TO fn_dispatch_notifications;

GRANT SELECT ON SEQUENCE getcourse.webhook_events_id_seq TO carillon_backup;

GRANT SELECT,INSERT ON TABLE learning.chat_messages TO fn_agent_reply;
GRANT SELECT,INSERT ON TABLE learning.chat_messages TO fn_learning_api;
GRANT SELECT ON TABLE learning.chat_messages TO carillon_backup;

GRANT SELECT(thread_id) ON TABLE learning.chat_messages TO fn_housekeeping;

GRANT SELECT(seq) ON TABLE learning.chat_messages TO fn_housekeeping;

GRANT SELECT(created_at) ON TABLE learning.chat_messages TO fn_housekeeping;

GRANT SELECT ON TABLE learning.chat_templates TO fn_agent_reply;
GRANT SELECT ON TABLE learning.chat_templates TO carillon_backup;

GRANT SELECT ON TABLE learning.chat_threads TO fn_agent_reply;
GRANT SELECT,INSERT ON TABLE learning.chat_threads TO fn_learning_api;
GRANT SELECT ON TABLE learning.chat_threads TO carillon_backup;

GRANT SELECT(id) ON TABLE learning.chat_threads TO fn_housekeeping;

GRANT SELECT(session_id) ON TABLE learning.chat_threads TO fn_housekeeping;

GRANT UPDATE(last_seq) ON TABLE learning.chat_threads TO fn_agent_reply;
GRANT UPDATE(last_seq) ON TABLE learning.chat_threads TO fn_learning_api;
GRANT SELECT(last_seq) ON TABLE learning.chat_threads TO fn_housekeeping;

GRANT SELECT ON TABLE learning.client_tokens TO fn_agent_reply;
GRANT SELECT ON TABLE learning.client_tokens TO fn_learning_api;
GRANT SELECT ON TABLE learning.client_tokens TO carillon_backup;

GRANT SELECT ON TABLE learning.clients TO fn_agent_reply;
GRANT SELECT ON TABLE learning.clients TO fn_learning_api;
GRANT SELECT ON TABLE learning.clients TO carillon_backup;

GRANT SELECT ON SEQUENCE learning.clients_id_seq TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE learning.daily_usage TO fn_agent_reply;
GRANT SELECT ON TABLE learning.daily_usage TO carillon_backup;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.idempotency_keys TO fn_agent_reply;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE learning.idempotency_keys TO fn_learning_api;
GRANT SELECT,DELETE ON TABLE learning.idempotency_keys TO fn_housekeeping;
GRANT SELECT ON TABLE learning.idempotency_keys TO carillon_backup;

GRANT SELECT,INSERT,DELETE ON TABLE learning.synopses TO fn_learning_api;
GRANT SELECT ON TABLE learning.synopses TO carillon_backup;

GRANT SELECT(session_id) ON TABLE learning.synopses TO fn_housekeeping;

GRANT UPDATE(origin) ON TABLE learning.synopses TO fn_learning_api;

GRANT SELECT(updated_at) ON TABLE learning.synopses TO fn_housekeeping;

GRANT SELECT ON TABLE learning.track_roadmap_items TO fn_agent_reply;
GRANT SELECT ON TABLE learning.track_roadmap_items TO fn_learning_api;
GRANT SELECT ON TABLE learning.track_roadmap_items TO carillon_backup;

GRANT SELECT ON TABLE learning.track_sessions TO fn_agent_reply;
GRANT SELECT,INSERT ON TABLE learning.track_sessions TO fn_learning_api;
GRANT SELECT ON TABLE learning.track_sessions TO carillon_backup;
GRANT DELETE ON TABLE learning.track_sessions TO fn_housekeeping;

GRANT SELECT(id) ON TABLE learning.track_sessions TO fn_housekeeping;

GRANT SELECT(user_id) ON TABLE learning.track_sessions TO fn_housekeeping;

GRANT UPDATE(active_tab) ON TABLE learning.track_sessions TO fn_learning_api;

GRANT UPDATE(sidebar_visible) ON TABLE learning.track_sessions TO fn_learning_api;

GRANT SELECT(updated_at) ON TABLE learning.track_sessions TO fn_housekeeping;

GRANT SELECT ON TABLE learning.tracks TO fn_agent_reply;
GRANT SELECT ON TABLE learning.tracks TO fn_learning_api;
GRANT SELECT ON TABLE learning.tracks TO carillon_backup;

GRANT SELECT,INSERT ON TABLE learning.usage TO fn_agent_reply;
GRANT SELECT,INSERT ON TABLE learning.usage TO fn_learning_api;
GRANT SELECT,DELETE ON TABLE learning.usage TO fn_housekeeping;
GRANT SELECT ON TABLE learning.usage TO carillon_backup;

GRANT UPDATE(used) ON TABLE learning.usage TO fn_agent_reply;
GRANT UPDATE(used) ON TABLE learning.usage TO fn_learning_api;

GRANT UPDATE(leased_until) ON TABLE learning.usage TO fn_agent_reply;

GRANT SELECT ON TABLE learning.users TO fn_agent_reply;
GRANT SELECT,INSERT ON TABLE learning.users TO fn_learning_api;
GRANT SELECT ON TABLE learning.users TO carillon_backup;
GRANT DELETE ON TABLE learning.users TO fn_housekeeping;

GRANT SELECT(id) ON TABLE learning.users TO fn_housekeeping;

GRANT UPDATE(device_id) ON TABLE learning.users TO fn_learning_api;

GRANT SELECT(updated_at) ON TABLE learning.users TO fn_housekeeping;

GRANT UPDATE(weak_until) ON TABLE learning.users TO fn_learning_api;

GRANT SELECT,DELETE ON TABLE platform.archive_queue TO fn_housekeeping;
GRANT SELECT ON TABLE platform.archive_queue TO carillon_backup;

GRANT SELECT ON SEQUENCE platform.archive_queue_id_seq TO carillon_backup;

GRANT SELECT ON TABLE platform.bots TO fn_dispatch_notifications;
GRANT SELECT ON TABLE platform.bots TO carillon_backup;

GRANT SELECT(id) ON TABLE platform.bots TO fn_serve_media;
GRANT SELECT(id) ON TABLE platform.bots TO fn_ingest_webhook;
GRANT SELECT(id) ON TABLE platform.bots TO dashboard_keeper;
GRANT SELECT(id) ON TABLE platform.bots TO fn_daily_metrics_digest;
GRANT SELECT(id) ON TABLE platform.bots TO fn_telegram_webhook;
GRANT SELECT(id) ON TABLE platform.bots TO fn_remind_deadlines;
GRANT SELECT(id) ON TABLE platform.bots TO fn_remind_courses;
GRANT SELECT(id) ON TABLE platform.bots TO fn_salon_pages;

GRANT SELECT(name) ON TABLE platform.bots TO fn_serve_media;
GRANT SELECT(name) ON TABLE platform.bots TO dashboard_keeper;
GRANT SELECT(name) ON TABLE platform.bots TO fn_daily_metrics_digest;
GRANT SELECT(name) ON TABLE platform.bots TO fn_telegram_webhook;

GRANT SELECT(system) ON TABLE platform.bots TO dashboard_keeper;
GRANT SELECT(system) ON TABLE platform.bots TO fn_telegram_webhook;
GRANT SELECT(system) ON TABLE platform.bots TO fn_remind_deadlines;
GRANT SELECT(system) ON TABLE platform.bots TO fn_remind_courses;

GRANT SELECT(telegram_id) ON TABLE platform.bots TO dashboard_keeper;

GRANT SELECT(username) ON TABLE platform.bots TO fn_telegram_webhook;
GRANT SELECT(username) ON TABLE platform.bots TO dashboard_keeper;
GRANT SELECT(username) ON TABLE platform.bots TO fn_salon_pages;

GRANT SELECT(token_sealed) ON TABLE platform.bots TO fn_serve_media;

GRANT SELECT(webhook_version) ON TABLE platform.bots TO fn_telegram_webhook;

GRANT UPDATE(status) ON TABLE platform.bots TO fn_dispatch_notifications;

GRANT SELECT(rate_per_second) ON TABLE platform.bots TO fn_telegram_webhook;

GRANT SELECT(channel) ON TABLE platform.bots TO fn_serve_media;
GRANT SELECT(channel) ON TABLE platform.bots TO fn_ingest_webhook;
GRANT SELECT(channel) ON TABLE platform.bots TO dashboard_keeper;
GRANT SELECT(channel) ON TABLE platform.bots TO fn_telegram_webhook;
GRANT SELECT(channel) ON TABLE platform.bots TO fn_remind_deadlines;
GRANT SELECT(channel) ON TABLE platform.bots TO fn_remind_courses;

GRANT SELECT(address) ON TABLE platform.bots TO fn_serve_media;
GRANT SELECT(address) ON TABLE platform.bots TO fn_ingest_webhook;

GRANT SELECT(alert_chat_id) ON TABLE platform.bots TO fn_daily_metrics_digest;
GRANT SELECT(alert_chat_id) ON TABLE platform.bots TO fn_telegram_webhook;

GRANT SELECT(webhook_rotated_at) ON TABLE platform.bots TO fn_telegram_webhook;

GRANT SELECT ON TABLE support.client_settings TO fn_dispatch_notifications;
GRANT SELECT ON TABLE support.client_settings TO fn_answer_conversations;
GRANT SELECT ON TABLE support.client_settings TO fn_handover_reminder_sweep;
GRANT SELECT ON TABLE support.client_settings TO fn_telegram_webhook;
GRANT SELECT ON TABLE support.client_settings TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.client_settings TO carillon_backup;

GRANT SELECT ON TABLE platform.bot_languages TO fn_dispatch_notifications;
GRANT SELECT ON TABLE platform.bot_languages TO fn_telegram_webhook;

GRANT SELECT,UPDATE ON TABLE platform.bot_limits TO fn_dispatch_notifications;
GRANT SELECT ON TABLE platform.bot_limits TO carillon_backup;

GRANT SELECT ON SEQUENCE platform.bots_id_seq TO carillon_backup;

GRANT SELECT,INSERT ON TABLE platform.chat_moves TO fn_telegram_webhook;
GRANT SELECT,INSERT ON TABLE platform.chat_moves TO fn_dispatch_notifications;
GRANT SELECT ON TABLE platform.chat_moves TO fn_remind_courses;
GRANT SELECT ON TABLE platform.chat_moves TO fn_answer_conversations;
GRANT SELECT ON TABLE platform.chat_moves TO fn_handover_reminder_sweep;
GRANT SELECT ON TABLE platform.chat_moves TO fn_ingest_webhook;
GRANT SELECT ON TABLE platform.chat_moves TO fn_daily_metrics_digest;
GRANT SELECT ON TABLE platform.chat_moves TO fn_remind_deadlines;
GRANT SELECT ON TABLE platform.chat_moves TO carillon_backup;
GRANT SELECT ON TABLE platform.chat_moves TO fn_remind_participants;

GRANT SELECT(new_chat_id) ON TABLE platform.chat_moves TO fn_salon_pages;

GRANT SELECT(bot_id) ON TABLE platform.chat_moves TO fn_salon_pages;

GRANT SELECT(chat_id) ON TABLE platform.chat_moves TO fn_salon_pages;

GRANT SELECT,INSERT ON TABLE platform.delivery_failures TO fn_ingest_webhook;
GRANT SELECT,DELETE,UPDATE ON TABLE platform.delivery_failures TO fn_dispatch_notifications;
GRANT SELECT ON TABLE platform.delivery_failures TO carillon_backup;

GRANT INSERT,UPDATE ON TABLE platform.failed_updates TO fn_telegram_webhook;
GRANT DELETE ON TABLE platform.failed_updates TO fn_housekeeping;
GRANT SELECT ON TABLE platform.failed_updates TO carillon_backup;

GRANT SELECT(ctid) ON TABLE platform.failed_updates TO fn_housekeeping;

GRANT SELECT(bot_id) ON TABLE platform.failed_updates TO fn_telegram_webhook;

GRANT SELECT(update_id) ON TABLE platform.failed_updates TO fn_telegram_webhook;

GRANT SELECT(attempts) ON TABLE platform.failed_updates TO fn_telegram_webhook;

GRANT SELECT(error) ON TABLE platform.failed_updates TO fn_telegram_webhook;

GRANT SELECT(correlation_id) ON TABLE platform.failed_updates TO fn_telegram_webhook;

GRANT SELECT(last_failed_at) ON TABLE platform.failed_updates TO fn_housekeeping;

GRANT SELECT(set_aside_at) ON TABLE platform.failed_updates TO fn_telegram_webhook;
GRANT SELECT(set_aside_at) ON TABLE platform.failed_updates TO fn_housekeeping;

GRANT INSERT ON TABLE platform.inbox TO fn_ingest_webhook;
GRANT SELECT ON TABLE platform.inbox TO carillon_backup;
GRANT DELETE ON TABLE platform.inbox TO fn_housekeeping;

GRANT SELECT(id) ON TABLE platform.inbox TO fn_housekeeping;

GRANT SELECT(source_id) ON TABLE platform.inbox TO fn_ingest_webhook;

GRANT SELECT(delivery_hash) ON TABLE platform.inbox TO fn_ingest_webhook;

GRANT SELECT(received_at) ON TABLE platform.inbox TO fn_housekeeping;

GRANT SELECT(dismissed_at) ON TABLE platform.inbox TO fn_housekeeping;

GRANT SELECT ON SEQUENCE platform.inbox_id_seq TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_dispatch_notifications;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_housekeeping;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_remind_courses;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_answer_conversations;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_handover_reminder_sweep;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_daily_metrics_digest;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_verify_bookings;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_remind_deadlines;
GRANT SELECT ON TABLE platform.job_runs TO carillon_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.job_runs TO fn_remind_participants;

GRANT SELECT,INSERT,DELETE ON TABLE platform.members TO fn_telegram_webhook;
GRANT SELECT ON TABLE platform.members TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE platform.outbox TO fn_dispatch_notifications;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_remind_courses;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.outbox TO fn_telegram_webhook;
GRANT SELECT,DELETE ON TABLE platform.outbox TO fn_housekeeping;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_answer_conversations;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_handover_reminder_sweep;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_ingest_webhook;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_daily_metrics_digest;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_remind_deadlines;
GRANT SELECT ON TABLE platform.outbox TO carillon_backup;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_remind_participants;
GRANT SELECT,INSERT ON TABLE platform.outbox TO fn_salon_pages;

GRANT UPDATE(state) ON TABLE platform.outbox TO fn_ingest_webhook;

GRANT UPDATE(finished_at) ON TABLE platform.outbox TO fn_ingest_webhook;

GRANT UPDATE(error_class) ON TABLE platform.outbox TO fn_ingest_webhook;

GRANT UPDATE(error_code) ON TABLE platform.outbox TO fn_ingest_webhook;

GRANT SELECT,INSERT ON TABLE platform.outbox_attempts TO fn_dispatch_notifications;
GRANT SELECT ON TABLE platform.outbox_attempts TO carillon_backup;

GRANT SELECT,DELETE ON TABLE platform.outbox_audits TO fn_housekeeping;
GRANT SELECT ON TABLE platform.outbox_audits TO carillon_backup;

GRANT SELECT ON SEQUENCE platform.outbox_audits_id_seq TO carillon_backup;

GRANT SELECT ON SEQUENCE platform.outbox_id_seq TO carillon_backup;

GRANT SELECT,INSERT ON TABLE platform.refused_requests TO fn_ingest_webhook;
GRANT SELECT,DELETE ON TABLE platform.refused_requests TO fn_housekeeping;
GRANT SELECT ON TABLE platform.refused_requests TO carillon_backup;

GRANT UPDATE(status) ON TABLE platform.refused_requests TO fn_ingest_webhook;

GRANT UPDATE(count) ON TABLE platform.refused_requests TO fn_ingest_webhook;

GRANT UPDATE(last_at) ON TABLE platform.refused_requests TO fn_ingest_webhook;

GRANT INSERT ON TABLE platform.run_reports TO fn_dispatch_notifications;
GRANT INSERT,DELETE ON TABLE platform.run_reports TO fn_housekeeping;
GRANT INSERT ON TABLE platform.run_reports TO fn_remind_deadlines;
GRANT INSERT ON TABLE platform.run_reports TO fn_answer_conversations;
GRANT INSERT ON TABLE platform.run_reports TO fn_handover_reminder_sweep;
GRANT INSERT ON TABLE platform.run_reports TO fn_daily_metrics_digest;
GRANT INSERT ON TABLE platform.run_reports TO fn_verify_bookings;
GRANT SELECT ON TABLE platform.run_reports TO carillon_backup;
GRANT INSERT ON TABLE platform.run_reports TO fn_remind_participants;

GRANT SELECT(correlation_id) ON TABLE platform.run_reports TO fn_housekeeping;

GRANT SELECT(finished_at) ON TABLE platform.run_reports TO fn_housekeeping;

GRANT SELECT ON TABLE platform.source_secrets TO fn_ingest_webhook;
GRANT SELECT ON TABLE platform.source_secrets TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE platform.starts TO fn_telegram_webhook;
GRANT SELECT,INSERT ON TABLE platform.starts TO fn_housekeeping;
GRANT SELECT ON TABLE platform.starts TO carillon_backup;

GRANT SELECT(bot_id) ON TABLE platform.starts TO fn_salon_pages;

GRANT SELECT(chat_id) ON TABLE platform.starts TO fn_salon_pages;

GRANT SELECT ON TABLE platform.tenant_secrets TO carillon_backup;

GRANT SELECT(tenant_id) ON TABLE platform.tenant_secrets TO fn_verify_bookings;
GRANT SELECT(tenant_id) ON TABLE platform.tenant_secrets TO dashboard_keeper;

GRANT SELECT(name) ON TABLE platform.tenant_secrets TO fn_verify_bookings;
GRANT SELECT(name) ON TABLE platform.tenant_secrets TO dashboard_keeper;

GRANT SELECT(sealed) ON TABLE platform.tenant_secrets TO fn_verify_bookings;

GRANT SELECT,INSERT ON TABLE platform.topics TO fn_telegram_webhook;
GRANT SELECT,INSERT,UPDATE ON TABLE platform.topics TO fn_dispatch_notifications;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_remind_courses;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_answer_conversations;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_handover_reminder_sweep;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_ingest_webhook;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_daily_metrics_digest;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_remind_deadlines;
GRANT SELECT ON TABLE platform.topics TO carillon_backup;
GRANT DELETE ON TABLE platform.topics TO fn_housekeeping;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_remind_participants;
GRANT SELECT,INSERT ON TABLE platform.topics TO fn_salon_pages;

GRANT SELECT(key) ON TABLE platform.topics TO fn_housekeeping;

GRANT SELECT ON SEQUENCE platform.topics_id_seq TO carillon_backup;

GRANT SELECT,INSERT ON TABLE platform.updates TO fn_telegram_webhook;
GRANT SELECT,DELETE ON TABLE platform.updates TO fn_housekeeping;
GRANT SELECT ON TABLE platform.updates TO carillon_backup;

GRANT SELECT ON SEQUENCE platform.webhook_sources_id_seq TO carillon_backup;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.active_sessions_v2 TO salon_bot;
GRANT SELECT ON TABLE public.active_sessions_v2 TO authenticated;
GRANT SELECT ON TABLE public.active_sessions_v2 TO carillon_backup;

GRANT SELECT ON TABLE public.carillon_version TO carillon_backup;

GRANT USAGE ON SEQUENCE public.conversation_sessions_v2_id_seq TO salon_bot;
GRANT SELECT ON SEQUENCE public.conversation_sessions_v2_id_seq TO carillon_backup;

GRANT USAGE ON SEQUENCE public.recent_history_v2_id_seq TO salon_bot;
GRANT SELECT ON SEQUENCE public.recent_history_v2_id_seq TO carillon_backup;

GRANT USAGE ON SEQUENCE public.user_ltm_v2_id_seq TO salon_bot;
GRANT SELECT ON SEQUENCE public.user_ltm_v2_id_seq TO carillon_backup;

GRANT USAGE ON SEQUENCE public.wishlist_v2_id_seq TO salon_bot;
GRANT SELECT ON SEQUENCE public.wishlist_v2_id_seq TO carillon_backup;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE support.addresses TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.addresses TO fn_answer_conversations;
GRANT SELECT ON TABLE support.addresses TO fn_handover_reminder_sweep;
GRANT SELECT ON TABLE support.addresses TO fn_telegram_webhook;
GRANT SELECT ON TABLE support.addresses TO carillon_backup;

GRANT SELECT ON TABLE support.clients TO fn_answer_conversations;
GRANT SELECT ON TABLE support.clients TO fn_handover_reminder_sweep;
GRANT SELECT ON TABLE support.clients TO fn_telegram_webhook;
GRANT SELECT ON TABLE support.clients TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.clients TO carillon_backup;

GRANT SELECT(id) ON TABLE support.clients TO fn_dispatch_notifications;

GRANT SELECT(name) ON TABLE support.clients TO fn_dispatch_notifications;

GRANT SELECT ON TABLE support.conversations TO fn_dispatch_notifications;
GRANT SELECT,UPDATE ON TABLE support.conversations TO fn_answer_conversations;
GRANT SELECT,UPDATE ON TABLE support.conversations TO fn_handover_reminder_sweep;
GRANT SELECT,UPDATE ON TABLE support.conversations TO fn_telegram_webhook;
GRANT SELECT,INSERT,UPDATE ON TABLE support.conversations TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.conversations TO carillon_backup;
GRANT DELETE ON TABLE support.conversations TO fn_housekeeping;

GRANT SELECT(id) ON TABLE support.conversations TO fn_housekeeping;

GRANT SELECT(user_id) ON TABLE support.conversations TO fn_housekeeping;

GRANT SELECT(last_message_at) ON TABLE support.conversations TO fn_housekeeping;

GRANT SELECT ON TABLE support.handover_events TO fn_dispatch_notifications;
GRANT SELECT,INSERT ON TABLE support.handover_events TO fn_answer_conversations;
GRANT SELECT,INSERT ON TABLE support.handover_events TO fn_handover_reminder_sweep;
GRANT SELECT,INSERT ON TABLE support.handover_events TO fn_telegram_webhook;
GRANT SELECT,INSERT ON TABLE support.handover_events TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.handover_events TO carillon_backup;

GRANT SELECT ON SEQUENCE support.handover_events_id_seq TO carillon_backup;

GRANT SELECT ON TABLE support.handovers TO fn_dispatch_notifications;
GRANT SELECT,INSERT,UPDATE ON TABLE support.handovers TO fn_answer_conversations;
GRANT SELECT,UPDATE ON TABLE support.handovers TO fn_handover_reminder_sweep;
GRANT SELECT,INSERT,UPDATE ON TABLE support.handovers TO fn_telegram_webhook;
GRANT SELECT,UPDATE ON TABLE support.handovers TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.handovers TO carillon_backup;

GRANT SELECT(id) ON TABLE support.handovers TO fn_housekeeping;

GRANT SELECT(trigger_text),UPDATE(trigger_text) ON TABLE support.handovers TO fn_housekeeping;

GRANT SELECT(created_at) ON TABLE support.handovers TO fn_housekeeping;

GRANT UPDATE(telegram_message_id) ON TABLE support.handovers TO fn_dispatch_notifications;

GRANT UPDATE(outbox_id) ON TABLE support.handovers TO fn_dispatch_notifications;

GRANT UPDATE(reminder_1_sent_at) ON TABLE support.handovers TO fn_dispatch_notifications;

GRANT UPDATE(reminder_2_sent_at) ON TABLE support.handovers TO fn_dispatch_notifications;

GRANT SELECT ON SEQUENCE support.handovers_number_seq TO carillon_backup;

GRANT SELECT ON TABLE support.messages TO fn_dispatch_notifications;
GRANT SELECT,INSERT,UPDATE ON TABLE support.messages TO fn_answer_conversations;
GRANT SELECT,INSERT,UPDATE ON TABLE support.messages TO fn_handover_reminder_sweep;
GRANT SELECT,INSERT,UPDATE ON TABLE support.messages TO fn_telegram_webhook;
GRANT SELECT,INSERT,UPDATE ON TABLE support.messages TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.messages TO carillon_backup;
GRANT DELETE ON TABLE support.messages TO fn_housekeeping;

GRANT SELECT(id) ON TABLE support.messages TO fn_housekeeping;

GRANT UPDATE(outbox_id) ON TABLE support.messages TO fn_dispatch_notifications;

GRANT SELECT(created_at) ON TABLE support.messages TO fn_housekeeping;

GRANT SELECT ON SEQUENCE support.messages_position_seq TO carillon_backup;

GRANT SELECT ON TABLE support.prompts TO fn_answer_conversations;
GRANT SELECT ON TABLE support.prompts TO carillon_backup;

GRANT SELECT,INSERT,UPDATE ON TABLE support.token_usage TO fn_answer_conversations;
GRANT SELECT ON TABLE support.token_usage TO carillon_backup;

GRANT SELECT ON TABLE support.users TO fn_dispatch_notifications;
GRANT SELECT ON TABLE support.users TO fn_answer_conversations;
GRANT SELECT ON TABLE support.users TO fn_handover_reminder_sweep;
GRANT SELECT ON TABLE support.users TO fn_telegram_webhook;
GRANT SELECT,INSERT,UPDATE ON TABLE support.users TO fn_ingest_webhook;
GRANT SELECT ON TABLE support.users TO carillon_backup;
GRANT DELETE ON TABLE support.users TO fn_housekeeping;

GRANT SELECT(id) ON TABLE support.users TO fn_housekeeping;
