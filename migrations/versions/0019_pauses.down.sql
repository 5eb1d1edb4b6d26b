create or replace view support.v_manager_numbers with (security_invoker = true) as
select h.client_id, (h.created_at at time zone s.timezone)::date as day,
       coalesce(h.assigned_to_name, '') as manager,
       count(*) as handovers,
       count(*) filter (where h.status = 'resolved') as resolved,
       count(h.reminder_1_sent_at) + count(h.reminder_2_sent_at) as reminders,
       round(percentile_cont(0.5) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as first_response_p50_minutes
from support.handovers h
join support.client_settings s on s.client_id = h.client_id
group by h.client_id, (h.created_at at time zone s.timezone)::date, coalesce(h.assigned_to_name, '');
create or replace view support.v_handover_numbers with (security_invoker = true) as
select h.client_id, (h.created_at at time zone s.timezone)::date as day,
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
group by h.client_id, (h.created_at at time zone s.timezone)::date;
revoke select (id, name, alert_chat_id) on platform.bots from fn_daily_metrics_digest;
alter table dashboard.metrics_dailies drop column begins_at, drop column ends_at;
drop trigger tenant_settings_timezone on dashboard.tenant_settings;
drop trigger client_settings_timezone on support.client_settings;
drop trigger webhook_sources_timezone on platform.webhook_sources;
drop function platform.check_timezone();
drop index platform.topics_missing;
alter table platform.outbox drop column paced;
alter table platform.lanes drop column paused_until;
