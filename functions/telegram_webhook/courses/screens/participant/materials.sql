-- name: page
select m.id, m.title
from courses.materials m
where m.withdrawn_at is null
order by m.created_at desc, m.id desc
offset %(offset)s::int limit %(most)s::int;

-- name: find
select m.id, m.title, m.body, array_remove(m.tg_file_id || m.further_file_ids, null) as files
from courses.materials m
where m.id = %(id)s::bigint and m.withdrawn_at is null;
