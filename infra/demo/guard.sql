-- name: find
select coalesce(shobj_description(d.oid, 'pg_database') = %(mark)s::text, false) as is_marked
from pg_catalog.pg_database d
where d.datname = %(name)s::text;
