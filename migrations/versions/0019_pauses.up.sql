-- A 429 makes a whole chat rest, also what its pace does not hold: edits, and topics that have to be created.
alter table platform.lanes add column paused_until timestamptz not null default '-infinity';
-- Whether a message counts among its chat's. A lane has that of its head, as it has its priority: a topic's first message
-- creates it, and is none of the chat's.
alter table platform.outbox add column paced boolean not null default true;
update platform.outbox set paced = false
where state in ('queued', 'sending') and kind in ('platform/topic', 'support/card-edit', 'salon/alert-edit');
-- Topics of a group are created one after the other: those that do not exist yet.
create index topics_missing on platform.topics (bot_id, chat_id) where thread_id is null;

-- Wrong zones are refused where somebody writes them by hand. What is there already stays until it is written anew, and
-- counts as the default.
create function platform.check_timezone() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
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
create trigger webhook_sources_timezone before insert or update of timezone on platform.webhook_sources
    for each row execute function platform.check_timezone();
create trigger client_settings_timezone before insert or update of timezone on support.client_settings
    for each row execute function platform.check_timezone();
create trigger tenant_settings_timezone before insert or update of timezone on dashboard.tenant_settings
    for each row execute function platform.check_timezone();

-- Days that were counted keep their bounds when their salon moves to another zone, and the next one begins where the last
-- one ended: no session is lost or counted twice. Null: counted before there were these columns.
alter table dashboard.metrics_dailies add column begins_at timestamptz, add column ends_at timestamptz;

-- The alert about a salon's wrong zone goes to those who look after its bot.
grant select (id, name, alert_chat_id) on platform.bots to fn_daily_metrics_digest;

-- One desk's wrong zone must not end the query about all of them.
create or replace view support.v_handover_numbers with (security_invoker = true) as
select h.client_id, (h.created_at at time zone z.timezone)::date as day,
       count(*) as handovers,
       count(*) filter (where h.status = 'timeout') as timeouts,
       round(100.0 * count(*) filter (where h.status = 'timeout') / count(*), 1) as timeout_percent,
       count(h.reminder_1_sent_at) + count(h.reminder_2_sent_at) as reminders,
       round(percentile_cont(0.5) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as first_response_p50_minutes,
       round(percentile_cont(0.9) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as first_response_p90_minutes
from support.handovers h
join support.client_settings s on s.client_id = h.client_id
cross join lateral (
    select case when s.timezone in (select name from pg_catalog.pg_timezone_names) then s.timezone
                else 'Asia/Almaty' end as timezone) z
group by h.client_id, (h.created_at at time zone z.timezone)::date;
create or replace view support.v_manager_numbers with (security_invoker = true) as
select h.client_id, (h.created_at at time zone z.timezone)::date as day,
       coalesce(h.assigned_to_name, '') as manager,       -- empty: nobody took it
       count(*) as handovers,
       count(*) filter (where h.status = 'resolved') as resolved,
       count(h.reminder_1_sent_at) + count(h.reminder_2_sent_at) as reminders,
       round(percentile_cont(0.5) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as first_response_p50_minutes
from support.handovers h
join support.client_settings s on s.client_id = h.client_id
cross join lateral (
    select case when s.timezone in (select name from pg_catalog.pg_timezone_names) then s.timezone
                else 'Asia/Almaty' end as timezone) z
group by h.client_id, (h.created_at at time zone z.timezone)::date, coalesce(h.assigned_to_name, '');
