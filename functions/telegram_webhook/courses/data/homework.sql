-- name: find
-- Whoever attended gets it: whoever was there, also late; without a Telegram account, or a consent, it cannot be sent.
select s.id, coalesce(s.title, t.title, s.topic_code) as title, s.start_date, s.homework_link as link, n.attended, n.sent,
       n.on_the_way, n.failed, n.out_of_reach, n.attended - n.sent - n.on_the_way - n.out_of_reach as to_send
from courses.sessions s
left join courses.topics t on t.code = s.topic_code
cross join lateral (
    select count(*) as attended, count(*) filter (where h.sent_at is not null) as sent,
           count(*) filter (where h.id is not null and h.sent_at is null and h.error is null) as on_the_way,
           count(*) filter (where h.sent_at is null and h.error is not null) as failed,
           count(*) filter (where not r.is_reachable and (h.id is null or h.sent_at is null and h.error is not null))
               as out_of_reach
    from courses.attendance a
    join courses.users u on u.id = a.user_id
    left join courses.homework_delivery h on h.session_id = a.session_id and h.user_id = a.user_id
    cross join lateral (
        select exists (
            select from courses.consents c
            where c.telegram_id = u.telegram_id and c.purpose = 'processing' and c.withdrawn_at is null) as is_reachable) r
    where a.session_id = s.id and a.status in ('present', 'late')) n
where s.id = %(session_id)s::bigint and s.cancelled_at is null and s.start_date <= %(today)s::date;

-- name: set_link
update courses.sessions
set homework_link = %(link)s::text
where id = %(session_id)s::bigint and cancelled_at is null and start_date <= %(today)s::date;

-- name: forget_failed
-- What did not arrive is sent anew.
delete from courses.homework_delivery
where session_id = %(session_id)s::bigint and sent_at is null and error is not null;

-- name: plan
-- Each once: whoever has it, or to whom it is on its way, is left out.
with planned as (
    insert into courses.homework_delivery (session_id, user_id, link, sent_by)
    select s.id, a.user_id, s.homework_link, %(by)s::bigint
    from courses.sessions s
    join courses.attendance a on a.session_id = s.id and a.status in ('present', 'late')
    join courses.users u on u.id = a.user_id and exists (
        select from courses.consents c
        where c.telegram_id = u.telegram_id and c.purpose = 'processing' and c.withdrawn_at is null)
    where s.id = %(session_id)s::bigint and s.homework_link is not null and s.cancelled_at is null
      and s.start_date <= %(today)s::date
    order by a.user_id
    on conflict (session_id, user_id) do nothing
    returning id, user_id
)
select p.id, u.telegram_id
from planned p
join courses.users u on u.id = p.user_id
order by p.id;
