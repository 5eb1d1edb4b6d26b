-- What a source's paths name leaves its unread deliveries, too; one function redacts them and the raw payloads.

alter table platform.webhook_sources add column inbox_redacted bigint not null default 0;
comment on column platform.webhook_sources.inbox_redacted is 'the id up to which platform.inbox is redacted';

-- The same for bytes that came, as far as they are JSON: what is none stays as it is.
create function platform.redacted(body bytea, paths jsonb) returns bytea
language plpgsql immutable strict security definer set search_path = pg_catalog, pg_temp as $$
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
revoke execute on function platform.redacted(bytea, jsonb) from public;

-- Redacts the next rows of a table by id, as far as they are older than `days`: `walked` of them, of which `changed` had
-- something to redact. Where no source wants that, none is walked. In a dry run it changes nothing.
-- Housekeeping itself can read none of it.
create function platform.redact_next(
    table_name text, days int, batch int, dry_run boolean, out walked bigint, out changed bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
end $$;
revoke execute on function platform.redact_next(text, int, int, boolean) from public;
grant execute on function platform.redact_next(text, int, int, boolean) to fn_housekeeping;

revoke execute on function platform.redacted(jsonb, jsonb) from fn_housekeeping;
revoke select (id, redact, answers_redacted, account_events_redacted), update (answers_redacted, account_events_redacted)
    on platform.webhook_sources from fn_housekeeping;
revoke select (source_id) on getcourse.webhook_events from fn_housekeeping;
revoke select (source_id, raw_payload), update (raw_payload) on getcourse.account_events from fn_housekeeping;
