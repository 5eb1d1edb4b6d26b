-- name: collect
-- Everything of one person, column by column where their password's hash stands: nobody may read that.
select jsonb_build_object(
    'person', jsonb_build_object(
        'id', u.id, 'telegram_id', u.telegram_id, 'username', u.username, 'nickname', u.nickname,
        'full_name', u.full_name, 'role', u.role, 'phone', u.phone, 'email', u.email, 'cohort_id', u.cohort_id,
        'cohort', c.name, 'created_at', u.created_at, 'updated_at', u.updated_at),
    'participation', (select to_jsonb(p) || jsonb_build_object('cohort', o.name, 'stream', s.title)
                      from courses.participants p
                      left join courses.cohorts o on o.id = p.cohort_id
                      left join courses.streams s on s.id = p.stream_id
                      where p.user_id = u.id),
    'notifications', (select f.notify_enabled from courses.user_flags f where f.user_id = u.id),
    'reminders_off', (select coalesce(jsonb_agg(x.kind order by x.kind), '[]')
                      from courses.reminder_opt_outs x where x.user_id = u.id),
    'consents', (select coalesce(jsonb_agg(to_jsonb(k) || jsonb_build_object('text', t.text_ru) order by k.id), '[]')
                 from courses.consents k
                 join courses.consent_texts t on t.purpose = k.purpose and t.version = k.version
                 where k.telegram_id = u.telegram_id),
    'attendance', (select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('date', n.start_date, 'title', n.title)
                                             order by n.start_date, a.id), '[]')
                   from courses.attendance a join courses.sessions n on n.id = a.session_id where a.user_id = u.id),
    'attendance_history', (select coalesce(jsonb_agg(to_jsonb(h) order by h.id), '[]')
                           from courses.attendance_history h where h.user_id = u.id),
    'announced_absences', (select coalesce(jsonb_agg(to_jsonb(b) order by b.announced_at), '[]')
                           from courses.announced_absences b where b.user_id = u.id),
    'payments', (select coalesce(jsonb_agg(to_jsonb(m) || jsonb_build_object('date', n.start_date, 'title', n.title)
                                           order by n.start_date, m.id), '[]')
                 from courses.payments m join courses.sessions n on n.id = m.session_id where m.user_id = u.id),
    'payments_history', (select coalesce(jsonb_agg(to_jsonb(h) order by h.id), '[]')
                         from courses.payments_history h where h.user_id = u.id),
    'homework', (select coalesce(jsonb_agg(to_jsonb(w) order by w.id), '[]')
                 from courses.homework_delivery w where w.user_id = u.id),
    'submissions', (select coalesce(jsonb_agg(to_jsonb(d) order by d.submitted_at), '[]')
                    from courses.submissions d where d.user_id = u.id),
    'healing_sessions', (select coalesce(jsonb_agg(to_jsonb(g) || jsonb_build_object('date', e.date) order by g.id), '[]')
                         from courses.healing_signups g
                         join courses.healing_sessions e on e.id = g.healing_session_id
                         where g.user_id = u.id),
    'broadcasts', (select coalesce(jsonb_agg(to_jsonb(r) || jsonb_build_object('title', b.title)
                                             order by r.broadcast_id), '[]')
                   from courses.broadcast_recipients r join courses.broadcasts b on b.id = r.broadcast_id
                   where r.user_id = u.id),
    'invitations', (select coalesce(jsonb_agg(jsonb_build_object(
                        'created_at', i.created_at, 'expires_at', i.expires_at, 'used_at', i.used_at)), '[]')
                    from courses.invitations i where i.user_id = u.id),
    'match_requests', (select coalesce(jsonb_agg(to_jsonb(q) order by q.id), '[]')
                       from courses.match_requests q where q.user_id = u.id or q.telegram_id = u.telegram_id),
    'import_rejections', (select coalesce(jsonb_agg(jsonb_build_object(
                              'table', j.source_table, 'reason', j.reason, 'content', j.content)), '[]')
                          from courses.import_rejections j
                          where j.source_table = 'users' and j.source_row = u.id::text
                             or j.content ->> 'user_id' = u.id::text
                             or j.content ->> 'telegram_id' = u.telegram_id::text),
    'dialog', (select jsonb_build_object('screen', d.screen, 'data', d.data, 'updated_at', d.updated_at)
               from courses.dialogs d where d.telegram_id = u.telegram_id)) as everything
from courses.users u
left join courses.cohorts c on c.id = u.cohort_id
where u.id = %(user_id)s::bigint;

-- name: lock_healing_sessions
-- In which the person's place is worth something: whoever writes sign-ups locks these first.
select h.id
from courses.healing_sessions h
join courses.healing_signups s on s.healing_session_id = h.id and s.user_id = %(user_id)s::bigint
where s.state in ('signed', 'offered') and h.date >= (select clock_timestamp())::date - 1
order by h.id
for update of h;

-- name: delete_healing_signups
delete from courses.healing_signups where user_id = %(user_id)s::bigint;

-- name: delete_attendance
delete from courses.attendance where user_id = %(user_id)s::bigint;

-- name: delete_attendance_history
delete from courses.attendance_history where user_id = %(user_id)s::bigint;

-- name: delete_absences
delete from courses.announced_absences where user_id = %(user_id)s::bigint;

-- name: delete_homework
delete from courses.homework_delivery where user_id = %(user_id)s::bigint;

-- name: delete_submissions
delete from courses.submissions where user_id = %(user_id)s::bigint;

-- name: delete_recipients
delete from courses.broadcast_recipients where user_id = %(user_id)s::bigint;

-- name: delete_participants
delete from courses.participants where user_id = %(user_id)s::bigint;

-- name: delete_flags
delete from courses.user_flags where user_id = %(user_id)s::bigint;

-- name: delete_opt_outs
delete from courses.reminder_opt_outs where user_id = %(user_id)s::bigint;

-- name: delete_rejections
delete from courses.import_rejections r
using courses.users u
where u.id = %(user_id)s::bigint
  and (r.source_table = 'users' and r.source_row = u.id::text
       or r.content ->> 'user_id' = u.id::text
       or r.content ->> 'telegram_id' = u.telegram_id::text);

-- name: delete_invitations
delete from courses.invitations where user_id = %(user_id)s::bigint;

-- name: delete_match_requests
delete from courses.match_requests q
using courses.users u
where u.id = %(user_id)s::bigint and (q.user_id = u.id or q.telegram_id = u.telegram_id);

-- name: delete_dialog
delete from courses.dialogs d
using courses.users u
where u.id = %(user_id)s::bigint and d.telegram_id = u.telegram_id;

-- name: withdraw_consents
update courses.consents k
set withdrawn_at = greatest(clock_timestamp(), k.given_at)
from courses.users u
where u.id = %(user_id)s::bigint and k.telegram_id = u.telegram_id and k.withdrawn_at is null;

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
