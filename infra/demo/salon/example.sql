-- name: tenants
insert into public.tenants_v2 (id, name, slug, metadata)
values (%(tenant)s::uuid, 'Салон «Аврора»', 'aurora', jsonb_build_object(
            'yclients_company_id', %(company)s::text, 'yclients_token', 'sandbox-user-token',
            'telegram_bot_token', %(token)s::text, 'admin_chat_id', %(chat)s::text)),
       (%(neighbour)s::uuid, 'Салон «Сосед»', 'sosed', '{}')
on conflict (id) do update set metadata = excluded.metadata;

-- name: people
insert into public.clients_v2 (id, tenant_id, full_name)
select md5('client' || n)::uuid, case when n <= 40 then %(tenant)s::uuid else %(neighbour)s::uuid end, 'Гостья ' || n
from generate_series(1, 45) as n
on conflict (id) do nothing;

-- name: sessions
-- Fifteen days in the salon's own time, a little livelier at the end of the week; a third of the dialogs become bookings.
insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, ended_at, final_status,
                                             booking_id, booking_datetime, booking_amount, booking_currency, meta)
select md5('session' || d.day || '/' || n)::uuid, %(tenant)s::uuid, md5('client' || (1 + (n * 7 + d.back) %% 40))::uuid,
       case when n %% 3 = 0 then 'whatsapp' else 'telegram' end, at, at + interval '12 minutes',
       case when n %% 3 = 0 then 'done' when n %% 7 = 1 then 'escalated' else 'dropped' end,
       case when n %% 3 = 0 then case when d.back = 1 and n = 3 then %(record)s::text else 'b' || d.back || '-' || n end end,
       case when n %% 3 = 0 then at + interval '2 days' end,
       case when n %% 3 = 0 then 6000 + 500 * (n %% 5) end, 'KZT',
       jsonb_build_object('services_mentioned', case when n %% 2 = 0 then '["Маникюр", "Педикюр"]'::jsonb else '["Стрижка"]'::jsonb end)
       || case when n %% 3 = 0 or n %% 7 = 1 then '{}'::jsonb
               when n %% 4 = 1 then '{"drop_off_stage": "time_selection"}' else '{"drop_off_stage": "service_selection"}' end
from (select (now() at time zone 'Asia/Almaty')::date - back as day, back from generate_series(1, 15) as back) d
cross join lateral generate_series(1, 9 + extract(isodow from d.day)::int) as n
cross join lateral (select (d.day + time '10:00') at time zone 'Asia/Almaty' + n * interval '37 minutes' as at) t
where not exists (select from public.conversation_sessions_v2 s where s.tenant_id = %(tenant)s::uuid);

-- name: lately
-- Today the bot is alive.
insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status, booking_id)
select md5('lately')::uuid, %(tenant)s::uuid, md5('client1')::uuid, 'telegram', now() - interval '20 minutes', 'done', 'today-1'
where not exists (select from public.conversation_sessions_v2 s where s.session_id = md5('lately')::uuid);

-- name: history
insert into public.recent_history_v2 (tenant_id, user_id, session_id, role, channel, message, created_at)
select s.tenant_id, s.user_id, s.session_id, m.role, s.channel, m.words, s.started_at + m.later
from public.conversation_sessions_v2 s
cross join (values ('user', 'Здравствуйте!', interval '0'), ('assistant', 'Чем помочь?', interval '1800 milliseconds')) as m (role, words, later)
where s.tenant_id = %(tenant)s::uuid
  and not exists (select from public.recent_history_v2 h where h.session_id = s.session_id);

-- name: owner
-- Whom the salon's bot knows, and the pages.
insert into dashboard.users (telegram_id, role, tenant_id, first_name, last_name, language)
select %(chat)s::bigint, 'admin', %(tenant)s::uuid, 'Аврора', 'Зорина', 'ru'
where not exists (select from dashboard.users u where u.telegram_id = %(chat)s::bigint and u.tenant_id = %(tenant)s::uuid);
