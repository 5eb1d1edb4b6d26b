-- name: agree
-- As those who agreed in the bot, long ago.
insert into courses.consents (telegram_id, purpose, version)
select u.telegram_id, 'mailings', 1 from courses.users u where u.full_name like 'Читатель %%'
on conflict do nothing
returning id;

-- name: people
select (select count(*) from courses.users) as users, (select count(*) from courses.users where password is not null) as hashes;

-- name: consents
select purpose::text as purpose, version from courses.consents
where telegram_id = %(chat)s::bigint and withdrawn_at is null
order by purpose;

-- name: capacity
update courses.healing_sessions set capacity = 1 where note = 'Одно место' returning id;

-- name: marks
select u.id, a.status::text as status, (select count(*) from courses.attendance_history h where h.user_id = u.id and h.session_id = s.id) as changes
from courses.sessions s
join courses.attendance a on a.session_id = s.id
join courses.users u on u.id = a.user_id
where s.title = %(title)s::text;

-- name: broadcast
select b.status::text as status, b.stats_json as stats,
       (select jsonb_object_agg(k.status, (select count(*) from courses.broadcast_recipients r
                                           where r.broadcast_id = b.id and r.status = k.status))
        from unnest(enum_range(null::courses.recipient_status)) k (status)) as recounted
from courses.broadcasts b
where b.started_at is not null;

-- name: pause_bot
update platform.bots set status = case when %(is_paused)s::boolean then 'paused' else 'active' end
where system = 'courses'
returning id;
