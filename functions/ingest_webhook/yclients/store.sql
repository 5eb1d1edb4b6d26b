-- name: make_due
-- The bookings that were hinted at, those that are due already too. A check that is under way loses its lease: it may
-- have asked before the change.
with hints as (
    select distinct h.tenant_id, h.external_id
    from json_to_recordset(%(rows)s::json) as h (tenant_id uuid, external_id text)
), held as (
    select b.id, b.tenant_id, b.external_id
    from dashboard.bookings b
    join hints h on h.tenant_id = b.tenant_id and h.external_id = b.external_id
    order by b.id
    for update of b
), due as (
    update dashboard.bookings b
    set look_at = now(), updated_at = now()
    from held h
    where b.id = h.id and b.look_at > now()
)
select tenant_id, external_id from held;
