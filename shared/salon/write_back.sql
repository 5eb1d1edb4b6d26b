-- name: lock_digests
select m.id from dashboard.metrics_dailies m
where m.digest_outbox_id = any(%(ids)s::bigint[])
order by m.tenant_id, m.day
for update;

-- name: lock_alerts
select a.id from dashboard.alerts a
where a.outbox_id = any(%(ids)s::bigint[])
order by a.id
for update;

-- name: digests
-- One that was not sent stays enqueued: a digest of the day before yesterday is no use to anybody.
update dashboard.metrics_dailies m
set digest_sent_at = case when d.state = 'sent' then d.finished_at end
from unnest(%(ids)s::bigint[], %(states)s::text[], %(finished)s::timestamptz[]) as d (outbox_id, state, finished_at)
where m.digest_outbox_id = d.outbox_id;

-- name: alerts
update dashboard.alerts a
set notification_sent_at = case when d.state = 'sent' then d.finished_at end, updated_at = clock_timestamp()
from unnest(%(ids)s::bigint[], %(states)s::text[], %(finished)s::timestamptz[]) as d (outbox_id, state, finished_at)
where a.outbox_id = d.outbox_id;
