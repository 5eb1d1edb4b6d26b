-- name: periods
-- The figures of support.v_handover_numbers; percentiles of seven days do not follow from those of each day.
select s.client_id, k.name, s.language, p.place, count(h.id) as handovers,
       count(*) filter (where h.status = 'timeout') as timeouts,
       round(100.0 * count(*) filter (where h.status = 'timeout') / nullif(count(h.id), 0), 1) as timeout_percent,
       count(h.reminder_1_sent_at) + count(h.reminder_2_sent_at) as reminders,
       round(percentile_cont(0.5) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as p50,
       round(percentile_cont(0.9) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as p90
from support.client_settings s
join support.clients k on k.id = s.client_id
cross join (values (0, 0, 0), (1, 1, 1), (2, 6, 0)) as p (place, first, last)
cross join lateral (
    select case when s.timezone in (select name from pg_catalog.pg_timezone_names) then s.timezone
                else 'Asia/Almaty' end as timezone) z
cross join lateral (select (now() at time zone z.timezone)::date as day) today
left join support.handovers h
    on h.client_id = s.client_id and h.created_at > now() - interval '8 days'
    and (h.created_at at time zone z.timezone)::date between today.day - p.first and today.day - p.last
where s.telegram_bot_id = %(bot_id)s::bigint and s.telegram_chat_id = %(chat_id)s::bigint::text
group by s.client_id, k.name, p.place
order by k.name, s.client_id, p.place;

-- name: managers
select h.client_id, h.assigned_to_name as manager, count(*) as handovers,
       round(percentile_cont(0.5) within group (
           order by extract(epoch from h.first_response_at - h.created_at) / 60)::numeric, 1) as p50
from support.client_settings s
join support.handovers h on h.client_id = s.client_id and h.created_at > now() - interval '8 days'
cross join lateral (
    select case when s.timezone in (select name from pg_catalog.pg_timezone_names) then s.timezone
                else 'Asia/Almaty' end as timezone) z
where s.telegram_bot_id = %(bot_id)s::bigint and s.telegram_chat_id = %(chat_id)s::bigint::text
  and (h.created_at at time zone z.timezone)::date >= (now() at time zone z.timezone)::date - 6
  and h.assigned_to_name is not null
group by h.client_id, h.assigned_to_name
order by count(*) desc, h.assigned_to_name
limit 30;
