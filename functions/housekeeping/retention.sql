-- name: delete_application_logs
delete from getcourse.application_logs
where ctid = any(array(
    select ctid from getcourse.application_logs
    where created_at < now() - interval '30 days'
    limit %(batch)s::int));

-- name: delete_error_logs
delete from getcourse.error_logs
where ctid = any(array(
    select ctid from getcourse.error_logs
    where created_at < now() - interval '90 days'
    limit %(batch)s::int));

-- name: delete_outbox_audits
delete from platform.outbox_audits
where ctid = any(array(
    select ctid from platform.outbox_audits
    where at < now() - interval '1 year'
    limit %(batch)s::int));

-- name: delete_updates
-- Telegram repeats an update for a day at most.
delete from platform.updates
where ctid = any(array(
    select ctid from platform.updates
    where received_at < now() - interval '72 hours'
    limit %(batch)s::int));

-- name: delete_failed_updates
-- Those that were set aside hold what people wrote; the others may have gone through the next time.
delete from platform.failed_updates
where ctid = any(array(
    select ctid from platform.failed_updates
    where last_failed_at < now() - case when set_aside_at is null then interval '72 hours' else interval '30 days' end
    limit %(batch)s::int));

-- name: delete_idempotency_keys
-- Whoever has not called again within a day has given up.
delete from learning.idempotency_keys
where ctid = any(array(
    select ctid from learning.idempotency_keys
    where created_at < now() - interval '24 hours'
    limit %(batch)s::int));

-- name: delete_refused_requests
delete from platform.refused_requests
where ctid = any(array(
    select ctid from platform.refused_requests
    where day < current_date - 90
    limit %(batch)s::int));

-- name: remaining
select (select count(*) from getcourse.application_logs where created_at < now() - interval '30 days')
     + (select count(*) from getcourse.error_logs where created_at < now() - interval '90 days')
     + (select count(*) from platform.outbox_audits where at < now() - interval '1 year')
     + (select count(*) from platform.updates where received_at < now() - interval '72 hours')
     + (select count(*) from platform.failed_updates
        where last_failed_at < now() - case when set_aside_at is null then interval '72 hours' else interval '30 days' end)
     + (select count(*) from platform.refused_requests where day < current_date - 90)
     + (select count(*) from learning.idempotency_keys where created_at < now() - interval '24 hours') as remaining;
