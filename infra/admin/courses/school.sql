-- name: read
select k.name, b.name as bot, k.language, k.timezone, k.quiet_from::text as quiet_from, k.quiet_to::text as quiet_to
from courses.school k
left join platform.bots b on b.id = k.bot_id;

-- name: add
insert into courses.school (name) values (%(name)s::text) on conflict do nothing;

-- name: change
update courses.school k
set name = coalesce(%(name)s::text, k.name), bot_id = coalesce(%(bot_id)s::bigint, k.bot_id),
    language = coalesce(%(language)s::text, k.language), timezone = coalesce(%(timezone)s::text, k.timezone),
    quiet_from = coalesce(%(quiet_from)s::time, k.quiet_from), quiet_to = coalesce(%(quiet_to)s::time, k.quiet_to);

-- name: bot
select b.id from platform.bots b where b.name = %(name)s::text and b.system = 'courses' and b.channel = 'telegram';

-- name: cohorts
select c.id, c.name,
       (select count(*) from courses.participants p join courses.users u on u.id = p.user_id
        where coalesce(p.cohort_id, u.cohort_id) = c.id) as participants,
       (select count(*) from courses.sessions s where s.cohort_id = c.id) as own_sessions
from courses.cohorts c
order by c.id;
