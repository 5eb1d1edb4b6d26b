-- name: find
-- A slug that an address cannot carry, or that reads like another salon's id, is none here.
select t.tenant_id as id, case when t.slug ~ '^[a-z0-9][a-z0-9_-]{0,30}$' then t.slug else t.tenant_id::text end as slug,
       t.name, coalesce(t.timezone, 'Asia/Almaty') as timezone
from dashboard.v_tenants t
where t.slug = %(slug)s::text and t.slug ~ '^[a-z0-9][a-z0-9_-]{0,30}$' or t.tenant_id::text = %(slug)s::text
limit 1;

-- name: list_all
select t.tenant_id as id, case when t.slug ~ '^[a-z0-9][a-z0-9_-]{0,30}$' then t.slug else t.tenant_id::text end as slug,
       t.name, coalesce(t.timezone, 'Asia/Almaty') as timezone
from dashboard.v_tenants t
order by t.name, t.tenant_id;
