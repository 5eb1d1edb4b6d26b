-- name: open
select a.id, a.kind, a.severity, coalesce(a.description, '') as description, a.triggered_at, a.acknowledged_at,
       coalesce(a.acknowledged_by, '') as acknowledged_by, a.resolved_at
from dashboard.alerts a
where a.tenant_id = %(tenant)s::uuid and a.resolved_at is null
order by a.triggered_at desc, a.id desc;

-- name: over
select a.id, a.kind, a.severity, coalesce(a.description, '') as description, a.triggered_at, a.acknowledged_at,
       coalesce(a.acknowledged_by, '') as acknowledged_by, a.resolved_at
from dashboard.alerts a
where a.tenant_id = %(tenant)s::uuid and a.resolved_at is not null
order by a.triggered_at desc, a.id desc
limit %(limit)s::int;
