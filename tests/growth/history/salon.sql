-- name: guests
insert into public.clients_v2 (id, tenant_id, telegram_chat_id, phone, full_name, created_at)
select md5('guest' || i)::uuid, md5('tenant' || i %% %(salons)s + 1)::uuid, 3000000 + i, '+7702' || lpad(i::text, 7, '0'), 'Guest ' || i, pg_temp.moment(10 * i)
from generate_series(1, %(rows)s / 10) i;
insert into public.user_ltm_v2 (id, tenant_id, user_id, created_at)
select i, md5('tenant' || i %% %(salons)s + 1)::uuid, md5('guest' || i)::uuid, pg_temp.moment(10 * i) from generate_series(1, %(rows)s / 10) i;
insert into public.wishlist_v2 (id, tenant_id, user_id, item_type, item_id, status, created_at)
select i, md5('tenant' || i %% %(salons)s + 1)::uuid, md5('guest' || i)::uuid, 'service', 'x', case when i > %(rows)s / 10 - 20 then 'pending' else 'done' end,
       pg_temp.moment(10 * i)
from generate_series(1, %(rows)s / 10, 5) i;

-- name: sessions
insert into public.conversation_sessions_v2 (id, session_id, tenant_id, user_id, channel, started_at, ended_at, duration_sec, final_status, booking_id,
                                             booking_status, booking_datetime, booking_amount, messages_count, meta, created_at)
select i, md5('session' || i)::uuid, md5('tenant' || g %% %(salons)s + 1)::uuid, md5('guest' || g)::uuid, 'telegram', pg_temp.moment(4 * i),
       pg_temp.moment(4 * i), 60, case when i %% 3 = 0 then 'booked' when i %% 7 = 0 then 'escalated' else 'completed' end,
       case when i %% 3 = 0 then 'b' || i end, case when i %% 3 = 0 then 'confirmed' end, case when i %% 3 = 0 then pg_temp.moment(4 * i) end,
       case when i %% 3 = 0 then 9000 end, 4, '{"services_mentioned": ["haircut"]}', pg_temp.moment(4 * i)
from generate_series(1, %(rows)s / 4) i cross join lateral (select (4 * i - 1) / 10 + 1 as g) n;
insert into public.active_sessions_v2 (tenant_id, user_id)
select tenant_id, id from public.clients_v2 order by created_at desc limit 20;
insert into public.recent_history_v2 (id, tenant_id, user_id, session_id, role, message, created_at)
select i, md5('tenant' || g %% %(salons)s + 1)::uuid, md5('guest' || g)::uuid, md5('session' || (i - 1) / 4 + 1)::uuid, case when i %% 4 = 2 then 'user' else 'assistant' end,
       'A haircut on Friday, please, number ' || i, pg_temp.moment(i)
from generate_series(2, %(rows)s, 2) i cross join lateral (select ((i - 1) / 4 * 4 + 3) / 10 + 1 as g) n;

-- name: dashboard
insert into dashboard.conversations (id, session, tenant_id, client_id, status, escalated, closed_at, closure_reason, last_message_at, created_at)
overriding system value
select id, id, tenant_id, user_id::text, case when final_status = 'escalated' then 'escalated' else 'resolved' end, final_status = 'escalated',
       ended_at, final_status, ended_at, ended_at
from public.conversation_sessions_v2 where id <= %(rows)s / 4 - 10;
-- The last fifty are looked after: twenty are due.
insert into dashboard.bookings (id, tenant_id, external_id, client_id, start_at, status, look_at, created_at)
overriding system value
select id, tenant_id, booking_id, user_id::text, booking_datetime, case when id > %(rows)s / 4 - 150 then 'created' else 'completed' end,
       case when id > %(rows)s / 4 - 60 then now() - interval '1 minute' when id > %(rows)s / 4 - 150 then now() + interval '1 hour' else 'infinity' end, created_at
from public.conversation_sessions_v2 where booking_id is not null;
insert into dashboard.metrics_dailies (tenant_id, day, dialogs_started, bookings, conversion, digest_sent_at, digest_outbox_id, begins_at, ends_at)
select md5('tenant' || s)::uuid, current_date - d, 10, 3, 30, now() - make_interval(days => d), (%(days)s - d) * s, now() - make_interval(days => d + 1), now() - make_interval(days => d)
from generate_series(2, %(days)s) d cross join generate_series(1, %(salons)s) s;
insert into dashboard.alerts (tenant_id, kind, threshold, actual, triggered_at, resolved_at, notification_sent_at, told_severity, told_at, outbox_id)
select md5('tenant' || i / 50 %% %(salons)s + 1)::uuid, (array['low_conversion', 'error_spike', 'high_drop_off', 'data_stale'])[i / 50 / %(salons)s %% 4 + 1], 15, 9, pg_temp.moment(i),
       case when i <= %(rows)s - 1000 then pg_temp.moment(i) end, pg_temp.moment(i), 'warning', pg_temp.moment(i), i
from generate_series(1, %(rows)s, 50) i;
insert into dashboard.audits (tenant_id, user_id, actor, action, description, created_at)
select md5('tenant' || i %% %(salons)s + 1)::uuid, i %% %(salons)s + 1, 'verify_bookings', 'booking_completed', 'YClients', pg_temp.moment(i)
from generate_series(1, %(rows)s, 20) i;

-- name: sign_in
-- Each owner signs in every day; the last sessions are open.
insert into dashboard.page_sessions (id_hash, user_id, way, created_at, seen_at, expires_at, ip_address, user_agent)
select sha256(('session' || i)::bytea), i %% %(salons)s + 1, 'link', pg_temp.moment(i), pg_temp.moment(i), pg_temp.moment(i) + interval '7 days', '192.0.2.1', 'Mozilla/5.0'
from generate_series(1, %(rows)s, 20) i;
insert into dashboard.sign_in_links (token_hash, user_id, created_at, expires_at, used_at)
select sha256(('link' || i)::bytea), i %% %(salons)s + 1, pg_temp.moment(i), pg_temp.moment(i) + interval '15 minutes', pg_temp.moment(i)
from generate_series(1, %(rows)s, 20) i;
insert into dashboard.sign_in_attempts (key_hash, tried_at)
select sha256(('attempt' || i)::bytea), pg_temp.moment(i) from generate_series(1, %(rows)s, 20) i;
