-- name: page
select a.id, a.title, a.body, a.due_date,
       exists (select from courses.submissions s
               where s.assignment_id = a.id and s.user_id = %(user_id)s::bigint) as is_submitted
from courses.assignments a
where a.withdrawn_at is null
order by case when a.due_date >= %(today)s::date then 0 when a.due_date is null then 1 else 2 end,
         case when a.due_date >= %(today)s::date then a.due_date end, a.due_date desc, a.id desc
offset %(offset)s::int limit %(most)s::int;
