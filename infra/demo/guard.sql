-- name: find
select coalesce(shobj_description(d.oid, 'pg_database') = 'carillon: demo', false) as is_marked
from pg_catalog.pg_database d
where d.datname = %(name)s::text;

-- name: mark
-- Who uses a database of somebody else may not comment on it.
do $$
begin
    execute 'comment on database ' || quote_ident(current_database()) || ' is ''carillon: demo''';
exception when insufficient_privilege then
    null;
end $$;
