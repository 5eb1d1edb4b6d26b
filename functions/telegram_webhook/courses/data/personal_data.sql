-- name: collect
-- Column by column: the bot may not read the hash of a password.
select jsonb_build_object(
    'person', jsonb_build_object(
        'id', u.id, 'telegram_id', u.telegram_id, 'username', u.username, 'nickname', u.nickname,
        'full_name', u.full_name, 'role', u.role, 'phone', u.phone, 'email', u.email, 'cohort_id', u.cohort_id,
        'created_at', u.created_at, 'updated_at', u.updated_at),
    'participation', (select to_jsonb(p) from courses.participants p where p.user_id = u.id),
    'reminders', (select f.notify_enabled from courses.user_flags f where f.user_id = u.id),
    'consents', (select coalesce(jsonb_agg(to_jsonb(k) || jsonb_build_object('text', t.text_ru) order by k.id), '[]')
                 from courses.consents k
                 join courses.consent_texts t on t.purpose = k.purpose and t.version = k.version
                 where k.telegram_id = %(telegram_id)s::bigint),
    'attendance', (select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('date', s.start_date, 'title', s.title)
                                             order by s.start_date, a.id), '[]')
                   from courses.attendance a join courses.sessions s on s.id = a.session_id where a.user_id = u.id),
    'attendance_history', (select coalesce(jsonb_agg(to_jsonb(h) order by h.id), '[]')
                           from courses.attendance_history h where h.user_id = u.id),
    'payments', (select coalesce(jsonb_agg(to_jsonb(m) || jsonb_build_object('date', s.start_date, 'title', s.title)
                                           order by s.start_date, m.id), '[]')
                 from courses.payments m join courses.sessions s on s.id = m.session_id where m.user_id = u.id),
    'payments_history', (select coalesce(jsonb_agg(to_jsonb(h) order by h.id), '[]')
                         from courses.payments_history h where h.user_id = u.id),
    'homework', (select coalesce(jsonb_agg(to_jsonb(w) order by w.id), '[]')
                 from courses.homework_delivery w where w.user_id = u.id),
    'broadcasts', (select coalesce(jsonb_agg(to_jsonb(r) order by r.broadcast_id), '[]')
                   from courses.broadcast_recipients r where r.user_id = u.id)) as everything
from courses.users u
where u.id = %(user_id)s::bigint;

-- name: delete_attendance
delete from courses.attendance where user_id = %(user_id)s::bigint;

-- name: delete_attendance_history
delete from courses.attendance_history where user_id = %(user_id)s::bigint;

-- name: delete_homework
delete from courses.homework_delivery where user_id = %(user_id)s::bigint;

-- name: delete_recipients
delete from courses.broadcast_recipients where user_id = %(user_id)s::bigint;

-- name: delete_participants
delete from courses.participants where user_id = %(user_id)s::bigint;

-- name: delete_flags
delete from courses.user_flags where user_id = %(user_id)s::bigint;

-- name: withdraw_consents
update courses.consents
set withdrawn_at = greatest(clock_timestamp(), given_at)
where telegram_id = %(telegram_id)s::bigint and withdrawn_at is null;

-- name: empty_dialog
update courses.dialogs set data = '{}' where telegram_id = %(telegram_id)s::bigint;

-- name: empty_person
-- What was paid has to be kept, and leads to nobody any more.
update courses.users u
set telegram_id = null, username = null, nickname = null, password = null, full_name = null, role = 'user', phone = null,
    email = null, cohort_id = null
where u.id = %(user_id)s::bigint
  and (exists (select from courses.payments p where p.user_id = u.id)
       or exists (select from courses.payments_history h where h.user_id = u.id));

-- name: delete_person
delete from courses.users where id = %(user_id)s::bigint;
