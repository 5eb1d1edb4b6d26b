-- Participants: who belongs to a session, signing up for healing sessions, absence announced ahead.

-- Who is on the roster of a session: whoever takes part with role user, in its stream and cohort (none: all). Staff are never in it.
create view courses.v_roster with (security_invoker = true) as
select s.id as session_id, p.user_id
from courses.sessions s
join courses.participants p on s.stream_id is null or s.stream_id = p.stream_id
join courses.users u on u.id = p.user_id and u.role = 'user'
    and (s.cohort_id is null or s.cohort_id = coalesce(p.cohort_id, u.cohort_id));

grant select on courses.v_roster to fn_telegram_webhook, carillon_backup;
