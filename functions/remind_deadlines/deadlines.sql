-- name: approaching
-- One row per mentor and lesson whose deadline is near, with the students of theirs who have not answered it.
-- Only those mentors who were not told of this very deadline come back. (Offset 0, so that each student is looked for in the
-- indexes: as a join, the planner would rather read all answers ever.)
with school as materialized (
    select w.timezone, w.language
    from platform.webhook_sources w
    where w.provider = 'getcourse'
    order by w.id
    limit 1
), near as (
    select l.getcourse_id as lesson_id, l.training_id, l.module_number, l.module_title, l.lesson_number, l.lesson_title,
           l.deadline_at
    from getcourse.lesson_versions l
    where l.valid_from <= now() and (l.valid_to is null or now() < l.valid_to)
      and l.deadline_at > now() and l.deadline_at <= now() + make_interval(secs => %(ahead_seconds)s::float8)
), missing as (
    select n.*, m.mentor_id, s.person_id as student_id,
           coalesce(nullif(concat_ws(' ', s.first_name, s.last_name), ''), 'GetCourse ' || s.getcourse_id, s.email) as student
    from near n
    join getcourse.mapping_versions m
        on m.training_id = n.training_id and m.valid_from <= now() and (m.valid_to is null or now() < m.valid_to)
    join getcourse.student_versions s
        on s.person_id = m.student_id and s.valid_from <= now() and (s.valid_to is null or now() < s.valid_to)
    where not exists (
        select from getcourse.webhook_events e
        where e.answer_lesson_id = n.lesson_id and e.user_id = s.getcourse_id
        offset 0)
      and not exists (
        select from getcourse.webhook_events e
        where e.answer_lesson_id = n.lesson_id and lower(e.user_email) = lower(s.email)
        offset 0)
)
select x.mentor_id, t.telegram_id, x.lesson_id, x.training_id, x.module_number, x.module_title, x.lesson_number,
       x.lesson_title, x.deadline_at, array_agg(x.student order by x.student) as students,
       (select v.title from getcourse.training_versions v
        where v.getcourse_id = x.training_id order by v.valid_from desc limit 1) as training_title,
       coalesce(school.timezone, 'Europe/Moscow') as timezone, coalesce(school.language, 'ru') as language,
       (select min(b.id) from platform.bots b where b.system = 'getcourse' and b.channel = 'telegram') as bot_id
from missing x
join getcourse.mentor_versions t
    on t.person_id = x.mentor_id and t.valid_from <= now() and (t.valid_to is null or now() < t.valid_to)
left join school on true
where t.telegram_id is not null
group by x.mentor_id, t.telegram_id, x.lesson_id, x.training_id, x.module_number, x.module_title, x.lesson_number,
         x.lesson_title, x.deadline_at, school.timezone, school.language
order by x.deadline_at, x.mentor_id;
