-- Named parts of raw payloads are redacted after a day; what leaves by its term may be archived first.

-- Paths by their text, each with its steps: a name, [] for each element, {} for anywhere below.
alter table platform.webhook_sources
    add column redact jsonb not null default '{}',
    add column answers_redacted bigint not null default 0,
    add column account_events_redacted bigint not null default 0;
-- squawk-ignore constraint-missing-not-valid
alter table platform.webhook_sources add constraint webhook_sources_redact_check check (jsonb_typeof(redact) = 'object');
comment on column platform.webhook_sources.answers_redacted is 'the id up to which getcourse.webhook_events are redacted';
comment on column platform.webhook_sources.account_events_redacted is 'the same of getcourse.account_events';

-- `value` with what `steps` lead to replaced by "…". What is nested deeper than anybody means it is replaced whole.
create function platform.redacted(value jsonb, steps jsonb, depth int) returns jsonb
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
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

-- The same for all paths of a source.
create function platform.redacted(value jsonb, paths jsonb) returns jsonb
language plpgsql immutable strict security definer set search_path = pg_catalog, pg_temp as $$
declare
    steps jsonb;
begin
    for steps in select p.value from jsonb_each(paths) p order by p.key loop
        value := platform.redacted(value, steps, 0);
    end loop;
    return value;
end $$;
revoke execute on function platform.redacted(jsonb, jsonb, int), platform.redacted(jsonb, jsonb) from public;

grant select (id, redact, answers_redacted, account_events_redacted), update (answers_redacted, account_events_redacted)
    on platform.webhook_sources to fn_housekeeping;
grant select (source_id) on getcourse.webhook_events to fn_housekeeping;
grant select (source_id, raw_payload), update (raw_payload) on getcourse.account_events to fn_housekeeping;
grant execute on function platform.redacted(jsonb, jsonb) to fn_housekeeping;

-- What was deleted or emptied and is not in the archive yet: JSON lines of rows of one table and day.
create table platform.archive_queue (
    id bigint generated always as identity primary key,
    table_name text not null,
    day date not null,
    lines text not null
);
create index archive_queue_next on platform.archive_queue (table_name, day, id);
grant select, delete on platform.archive_queue to fn_housekeeping;
grant select on platform.archive_queue to carillon_backup;
grant select on sequence platform.archive_queue_id_seq to carillon_backup;

-- For triggers: keep the rows that a statement deleted, by the day of the column that the trigger names.
create function platform.archive_deleted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into platform.archive_queue (table_name, day, lines)
    select tg_table_schema || '.' || tg_table_name, g.day, string_agg(g.line::text, e'\n')
    from (select to_jsonb(d) as line, ((to_jsonb(d) ->> tg_argv[0])::timestamptz at time zone 'UTC')::date as day
          from gone d) g
    group by g.day;
    return null;
end $$;

-- The same for a row that was emptied, as it was.
create function platform.archive_emptied() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into platform.archive_queue (table_name, day, lines)
    values (tg_table_schema || '.' || tg_table_name, (old.created_at at time zone 'UTC')::date, to_jsonb(old)::text);
    return null;
end $$;
revoke execute on function platform.archive_deleted(), platform.archive_emptied() from public;

-- Only where housekeeping says so: whoever forgets a person archives nothing. The name of each trigger is "archive".
do $$
declare
    kept record;
begin
    for kept in
        select * from (values
            ('getcourse.webhook_events', 'created_at'), ('getcourse.account_events', 'created_at'),
            ('getcourse.notifications', 'created_at'), ('support.conversations', 'last_message_at'),
            ('support.messages', 'created_at'), ('support.handovers', 'created_at'),
            ('learning.track_sessions', 'created_at'), ('learning.chat_messages', 'created_at'),
            ('dashboard.conversations', 'last_message_at'), ('dashboard.bookings', 'created_at'),
            ('dashboard.alerts', 'triggered_at'), ('dashboard.audits', 'created_at'),
            ('platform.outbox', 'created_at'), ('platform.outbox_audits', 'at'), ('platform.inbox', 'received_at')
        ) k (table_name, day)
    loop
        execute format(
            'create trigger archive after delete on %s referencing old table as gone for each statement '
            'when (current_setting(''carillon.archive'', true) = ''on'') execute function platform.archive_deleted(%L)',
            kept.table_name, kept.day);
    end loop;
end $$;
create trigger archive_emptied after update of raw_payload on getcourse.webhook_events for each row
    when (old.raw_payload is not null and new.raw_payload is null and current_setting('carillon.archive', true) = 'on')
    execute function platform.archive_emptied();
create trigger archive_emptied after update of message on getcourse.notifications for each row
    when (old.message <> '' and new.message = '' and current_setting('carillon.archive', true) = 'on')
    execute function platform.archive_emptied();
