-- name: page
select a.title, a.body, a.due_date, a.material_id
from courses.assignments a
order by case when a.due_date >= %(today)s::date then 0 when a.due_date is null then 1 else 2 end,
         case when a.due_date >= %(today)s::date then a.due_date end, a.due_date desc, a.id desc
offset %(offset)s::int limit %(most)s::int;
