-- name: save
-- The message is looked up by its key: one that was handed over before is not handed over again.
update dashboard.metrics_dailies m
set digest_outbox_id = o.id, digest_sent_at = case when o.state = 'sent' then o.finished_at end
from unnest(%(tenants)s::uuid[], %(days)s::date[], %(keys)s::text[]) as d (tenant_id, day, key)
join platform.outbox o on o.dedup_key = d.key
where m.tenant_id = d.tenant_id and m.day = d.day;
