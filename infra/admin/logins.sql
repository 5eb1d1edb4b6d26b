-- name: missing_roles
select r.name
from unnest(%(roles)s::text[]) as r (name)
where not exists (select from pg_catalog.pg_roles k where k.rolname = r.name)
order by r.name;

-- name: find
-- Without an end: the login that its function uses. The other one, if its end has not come, is that of before.
select l.rolname as name, coalesce(l.rolvaliduntil = 'infinity', true) as has_no_end,
       l.rolsuper or l.rolcreaterole or l.rolcreatedb or l.rolreplication or l.rolbypassrls as is_powerful,
       array(select g.rolname::text
             from pg_catalog.pg_auth_members m
             join pg_catalog.pg_roles g on g.oid = m.roleid
             where m.member = l.oid
             order by g.rolname) as roles
from pg_catalog.pg_roles l
where l.rolname = any(%(names)s::text[])
order by l.rolname;

-- name: session
select current_user::text as owner, (clock_timestamp() + %(keep)s::interval)::text as old_until;
