-- name: is_there
-- Whether anything of ours is in this database.
select exists (
    select from pg_namespace where nspname in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning'))
    or to_regclass('public.carillon_version') is not null as there;

-- name: owners
-- What belongs to a role of ours, and acts with its rights. pg_restore without a superuser gives everything to who runs it.
select 'function ' || p.oid::regprocedure as name, r.rolname as owner
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_roles r on r.oid = p.proowner
where n.nspname = 'dashboard' and p.proowner <> n.nspowner
union all
select 'view ' || c.oid::regclass, r.rolname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_roles r on r.oid = c.relowner
where n.nspname = 'dashboard' and c.relkind = 'v' and c.relowner <> n.nspowner
order by 1;
