-- name: people
-- A hundred participants, two curators and an administrator, however long the school has been there.
insert into platform.bots (id, name, system, telegram_id, token_sealed, alert_chat_id)
overriding system value values (900000, 'bot-courses', 'courses', 900000, '\x00', -100200900000);
insert into platform.bot_limits (bot_id) values (900000);
insert into courses.school (name, bot_id) values ('School', 900000);
insert into courses.cohorts (id, name) select i, 'Cohort ' || i from generate_series(1, 2) i;
insert into courses.streams (id, title) select i, 'Stream ' || i from generate_series(1, 2) i;
insert into courses.topics (id, code, title) select i, 'T-' || i, 'Topic ' || i from generate_series(1, 50) i;
insert into courses.users (id, telegram_id, nickname, full_name, phone, role)
select i, 950000 + i, 'person' || i, 'Person ' || i, '+7702000' || lpad(i::text, 4, '0'),
       case when i <= 100 then 'user' when i <= 102 then 'curator' else 'admin' end::courses.role
from generate_series(1, 103) i;
insert into courses.participants (user_id, cohort_id, stream_id) select i, i %% 2 + 1, i %% 2 + 1 from generate_series(1, 100) i;
insert into courses.user_flags (user_id) select i from generate_series(1, 100) i;
insert into courses.consent_texts (purpose, version, text_ru, text_en)
select purpose, version, 'Да?', 'Yes?' from unnest(enum_range(null::courses.consent_purpose)) purpose, generate_series(1, 2) version;
insert into courses.consents (telegram_id, purpose, version)
select 950000 + i, purpose, 2 from generate_series(1, 103) i, unnest(enum_range(null::courses.consent_purpose)) purpose;
insert into courses.dialogs (telegram_id, message_id) select 950000 + i, i from generate_series(1, 103) i;
insert into courses.match_requests (telegram_id, written, state, created_at, decided_at)
select 960000 + i, 'Person ' || i, case when i %% 100 = 0 then 'open' else 'declined' end::courses.match_state,
       now() - make_interval(days => i %% 90), case when i %% 100 > 0 then now() end
from generate_series(1, 2000) i;

-- name: taught
-- A session a day for one stream after the other, and ten to come; each has an event, a material and an assignment. The last
-- three were moved, and nobody knows that yet.
insert into courses.sessions (id, start_date, end_date, start_time, topic_code, stream_id, told_date, told_time, told_cancelled)
select i, current_date - %(days)s + i, current_date - %(days)s + i, '19:00', 'T-' || i %% 50 + 1, i %% 2 + 1,
       current_date - %(days)s + i, case when i > %(days)s + 7 then '18:00' else '19:00' end::time, false
from generate_series(1, %(days)s + 10) i;
insert into courses.session_days (date, stream_id, topic_id) select start_date, stream_id, id %% 50 + 1 from courses.sessions;
insert into courses.events (title, start_date, told_date, told_cancelled)
select 'Event ' || id, start_date, start_date, id > %(days)s + 7 from courses.sessions;
insert into courses.healing_sessions (id, date, time_start, capacity) select id, start_date, '12:00', 3 from courses.sessions;
insert into courses.healing_signups (healing_session_id, user_id, state, offer_until)
select h.id, (h.id + n) %% 100 + 1, case when n <= 2 then 'signed' when h.date < current_date then 'expired'
                                     when n = 3 then 'offered' else 'waiting' end::courses.signup_state,
       case when n = 3 and h.date >= current_date then h.date end
from courses.healing_sessions h cross join generate_series(1, 4) n;
insert into courses.announced_absences (session_id, user_id, reason)
select s.id, u, 'Ill' from courses.sessions s cross join generate_series(1, 3) u where s.stream_id = u %% 2 + 1;
insert into courses.materials (id, title, created_at) select id, 'Material ' || id, start_date from courses.sessions;
insert into courses.assignments (id, title, due_date, material_id) select id, 'Assignment ' || id, start_date, id from courses.sessions;
insert into courses.submissions (assignment_id, user_id, body, submitted_at)
select a.id, u, 'Done', a.due_date from courses.assignments a cross join generate_series(1, 50) u;

-- name: noted
insert into courses.attendance (user_id, session_id, status, noted_at, noted_by)
select u, s.id, case when (u + s.id) %% 9 = 0 then 'absent' else 'present' end::courses.attendance_status, s.start_date, 101
from courses.sessions s cross join generate_series(1, 100) u
where s.start_date < current_date and s.stream_id = u %% 2 + 1;
insert into courses.payments (user_id, session_id, paid, noted_at, noted_by)
select user_id, session_id, true, noted_at, noted_by from courses.attendance;
insert into courses.attendance_history (user_id, session_id, status, noted_at, noted_by, replaced_at)
select user_id, session_id, 'late', noted_at, noted_by, noted_at from courses.attendance where (user_id + session_id) %% 10 = 0;
insert into courses.payments_history (user_id, session_id, paid, noted_at, noted_by, replaced_at)
select user_id, session_id, false, noted_at, noted_by, noted_at from courses.attendance where (user_id + session_id) %% 10 = 0;
insert into courses.homework_delivery (session_id, user_id, link, sent_at)
select session_id, user_id, 'https://school.invalid/' || session_id, noted_at from courses.attendance where status = 'present';

-- name: broadcasts
-- One every ten days; the last one is under way: some have it, with an older text, some are next, the others wait.
insert into courses.broadcasts (id, title, audience, status, created_by, confirmed_at, started_at, message, is_open, revision)
select i, 'Broadcast ' || i, 'all', 'sending', 103, s.at, s.at, '{"method": "sendMessage", "payload": {"text": "News"}}', false, 2
from generate_series(1, %(days)s / 10) i, lateral (select now() - make_interval(days => 10 * i)) s (at);
insert into courses.broadcast_recipients (broadcast_id, user_id, status, outbox_id, enqueued, revision, message_id, sent_at)
select b.id, u, 'sent', b.id * 100 + u, 1, 2, b.id * 100 + u, b.started_at
from courses.broadcasts b cross join generate_series(1, 100) u;
update courses.broadcasts set is_open = false, has_progress = false;
insert into courses.broadcasts (id, title, audience, status, created_by, confirmed_at, started_at, message, is_open, revision)
values (900000, 'News', 'all', 'sending', 103, now(), now(), '{"method": "sendMessage", "payload": {"text": "News"}}', true, 2),
       (900001, 'Next', 'all', 'pending', 103, now(), null, '{"method": "sendMessage", "payload": {"text": "Next"}}', true, 1);
insert into courses.broadcast_recipients (broadcast_id, user_id, status, outbox_id, enqueued, revision, message_id, sent_at)
select 900000, u, case when u <= 20 then 'sent' else 'queued' end::courses.recipient_status, case when u <= 40 then -u end,
       (u <= 40)::int, (u <= 40)::int, case when u <= 20 then u end, case when u <= 20 then now() end
from generate_series(1, 100) u;
