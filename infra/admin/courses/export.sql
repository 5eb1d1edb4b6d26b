-- name: person
-- Everything of one person, but for the hash of their password.
select jsonb_build_object(
    'person', (to_jsonb(u) - 'password') || jsonb_build_object('cohort', c.name),
    'participation', (select to_jsonb(p) || jsonb_build_object('cohort', o.name, 'stream', s.title)
                      from courses.participants p
                      left join courses.cohorts o on o.id = p.cohort_id
                      left join courses.streams s on s.id = p.stream_id
                      where p.user_id = u.id),
    'notifications', (select f.notify_enabled from courses.user_flags f where f.user_id = u.id),
    'consents', (select coalesce(jsonb_agg(to_jsonb(k) || jsonb_build_object('text', t.text_ru) order by k.id), '[]')
                 from courses.consents k
                 join courses.consent_texts t on t.purpose = k.purpose and t.version = k.version
                 where k.telegram_id = u.telegram_id),
    'attendance', (select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('date', n.start_date, 'title', n.title)
                                             order by n.start_date, a.id), '[]')
                   from courses.attendance a join courses.sessions n on n.id = a.session_id where a.user_id = u.id),
    'attendance_history', (select coalesce(jsonb_agg(to_jsonb(h) order by h.id), '[]')
                           from courses.attendance_history h where h.user_id = u.id),
    'payments', (select coalesce(jsonb_agg(to_jsonb(m) || jsonb_build_object('date', n.start_date, 'title', n.title)
                                           order by n.start_date, m.id), '[]')
                 from courses.payments m join courses.sessions n on n.id = m.session_id where m.user_id = u.id),
    'payments_history', (select coalesce(jsonb_agg(to_jsonb(h) order by h.id), '[]')
                         from courses.payments_history h where h.user_id = u.id),
    'homework', (select coalesce(jsonb_agg(to_jsonb(w) order by w.id), '[]')
                 from courses.homework_delivery w where w.user_id = u.id),
    'broadcasts', (select coalesce(jsonb_agg(to_jsonb(r) || jsonb_build_object('title', b.title)
                                             order by r.broadcast_id), '[]')
                   from courses.broadcast_recipients r join courses.broadcasts b on b.id = r.broadcast_id
                   where r.user_id = u.id)) as everything
from courses.users u
left join courses.cohorts c on c.id = u.cohort_id
where u.id = %(id)s::bigint;
