-- name: next
-- Lines of one table and day, as many as make a file: the first ones in any case.
select q.id, q.table_name, q.day, q.lines
from (select n.id, n.table_name, n.day, n.lines, sum(octet_length(n.lines)) over (order by n.id) - octet_length(n.lines) as before
      from platform.archive_queue n
      where (n.table_name, n.day) = (
          select f.table_name, f.day from platform.archive_queue f order by f.table_name, f.day limit 1)
      order by n.id
      limit 1000) q
where q.before < %(most_bytes)s::bigint
order by q.id;

-- name: delete
delete from platform.archive_queue where id = any(%(ids)s::bigint[]);

-- name: waiting
select count(*) from (select from platform.archive_queue limit %(most)s::int) q;
