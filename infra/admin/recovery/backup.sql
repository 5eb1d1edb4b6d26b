-- name: has_role
select to_regrole('carillon_backup') is not null as there;

-- name: unreadable
-- What a backup would lack: tables and sequences of ours that carillon_backup may not read, or not every row of.
select c.oid::regclass::text as name
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'S') and n.nspname in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning')
  and (case c.relkind when 'S' then not has_sequence_privilege('carillon_backup', c.oid, 'select')
                      else not has_table_privilege('carillon_backup', c.oid, 'select') end
       or (c.relrowsecurity and not exists (
           select from pg_policy p
           where p.polrelid = c.oid and p.polroles = array['carillon_backup'::regrole::oid] and p.polcmd = 'r'
             and pg_get_expr(p.polqual, p.polrelid) = 'true')))
order by 1;

-- name: not_ours
-- Somebody else's in this database; who owns them backs them up.
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'S', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not has_table_privilege('carillon_backup', c.oid, 'select')
  and n.nspname not in ('platform', 'courses', 'getcourse', 'support', 'dashboard', 'learning')
order by 1;

-- name: now
select clock_timestamp() as now;
