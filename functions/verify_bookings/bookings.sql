-- name: position
-- After which session (`at`, `id`) a run begins: where the last one ended, if that was not the end; else with what was
-- written late. Times are texts, as they may be infinite.
select coalesce(min(r.position ->> 'at'), (min(r.started_at) - %(late)s::interval)::text, '-infinity') as at,
       coalesce(min((r.position ->> 'id')::bigint), 0) as id
from platform.job_runs r
where r.function = 'verify_bookings';

-- name: enqueue_new
-- A batch of the sessions that ended with a booking, in the order of their archiving, after (`at`, `id`). The bot's first
-- word on a booking counts; what it becomes, YClients knows. A full batch writes down where to go on, until a run comes
-- to the end.
with batch as materialized (
    select s.id, s.created_at, s.tenant_id, btrim(s.booking_id) as external_id, s.user_id::text as client_id, s.booking_datetime,
           case when jsonb_typeof(s.meta #> '{services_mentioned,0}') = 'string' then s.meta #>> '{services_mentioned,0}' end
               as service_code
    from public.conversation_sessions_v2 s
    where s.booking_id is not null
      and s.created_at >= %(at)s::timestamptz
      and (s.created_at, s.id) > (%(at)s::timestamptz, %(id)s::bigint)
    order by s.created_at, s.id
    limit %(batch)s::int
), written as (
    insert into dashboard.bookings (tenant_id, external_id, client_id, start_at, service_code)
    select tenant_id, external_id, client_id, booking_datetime, service_code
    from batch
    where external_id <> ''
    order by tenant_id, external_id, id
    on conflict (tenant_id, external_id) do nothing
    returning 1
), last as (
    select created_at, id from batch order by created_at desc, id desc limit 1
), noted as (
    insert into platform.job_runs (function, started_at, finished_at, report, position)
    select 'verify_bookings', clock_timestamp(), clock_timestamp(), '{}', jsonb_build_object('at', created_at::text, 'id', id)
    from last
    where (select count(*) from batch) = %(batch)s::int
    on conflict (function) do update set position = excluded.position
), ended as (
    update platform.job_runs set position = null
    where function = 'verify_bookings' and position is not null and (select count(*) from batch) < %(batch)s::int
)
select (select count(*) from batch) as sessions, (select count(*) from written) as written,
       (select created_at::text from last) as at, (select id from last) as id;

-- name: salons
-- Salons with due bookings, those that have waited longest first; nobody is looked at while nothing is due. (What is never
-- due again is not in the index.) A token that nobody has sealed yet is taken from the bot's metadata.
select t.id as tenant_id, t.metadata ->> 'yclients_company_id' as company_id, k.sealed as sealed_token,
       case when k.sealed is null then t.metadata ->> 'yclients_token' end as open_token
from public.tenants_v2 t
left join platform.tenant_secrets k on k.tenant_id = t.id and k.name = %(token)s::text
cross join lateral (
    select min(b.look_at) as since
    from dashboard.bookings b
    where b.tenant_id = t.id and b.look_at <= now() and b.look_at < 'infinity') due
where t.is_active and due.since is not null
  and exists (select from dashboard.bookings b where b.look_at <= now() and b.look_at < 'infinity')
order by due.since, t.id;

-- name: remaining
-- Without the salons that YClients cannot be asked for.
select count(*) as remaining
from public.tenants_v2 t
join dashboard.bookings b on b.tenant_id = t.id and b.look_at <= now() and b.look_at < 'infinity'
where t.is_active and t.metadata ->> 'yclients_company_id' <> ''
  and exists (select from dashboard.bookings d where d.look_at <= now() and d.look_at < 'infinity')
  and (t.metadata ->> 'yclients_token' <> ''
       or exists (select from platform.tenant_secrets k where k.tenant_id = t.id and k.name = %(token)s::text));

-- name: claim
-- Due bookings of a salon become one run's for a while. Whoever writes back must find the lease as it was: another run
-- that took over, or a webhook that made the booking due again, has changed it.
with due as (
    select b.id, b.look_at
    from dashboard.bookings b
    where b.tenant_id = %(tenant)s::uuid and b.look_at <= now() and b.look_at < 'infinity'
    order by b.look_at, b.id
    limit %(limit)s::int
    for update skip locked
)
update dashboard.bookings b
set look_at = now() + make_interval(secs => %(lease_seconds)s::float8)
from due
where b.id = due.id
returning b.id, b.external_id, b.status, b.start_at, b.verified_at, b.created_at, b.attempts, b.last_error,
          b.look_at as lease, due.look_at as due_at, now() as now;

-- name: settle
-- Good answers. Whose status changed gets a line in the audit.
with answers as (
    select a.*
    from json_to_recordset(%(rows)s::json) as a (
        id bigint, lease timestamptz, status text, start_at timestamptz, attendance int, details jsonb, look_at timestamptz)
), held as (
    select b.id, b.status as before
    from dashboard.bookings b
    join answers a on a.id = b.id and a.lease = b.look_at
    order by b.id
    for update of b
), settled as (
    update dashboard.bookings b
    set status = a.status, start_at = coalesce(a.start_at, b.start_at), look_at = coalesce(a.look_at, 'infinity'),
        yclients_attendance = case when a.details is null then b.yclients_attendance else a.attendance end,
        verification_data = coalesce(a.details, b.verification_data),
        verified_at = now(), attempts = 0, last_error = null, updated_at = now()
    from answers a
    join held h on h.id = a.id
    where b.id = a.id
    returning b.tenant_id, b.external_id, b.status, h.before
), noted as (
    insert into dashboard.audits (tenant_id, actor, action, description, metadata)
    select s.tenant_id, 'verify_bookings', 'booking_' || s.status, 'YClients: ' || s.before || ' → ' || s.status,
           jsonb_build_object('external_id', s.external_id, 'before', s.before, 'after', s.status)
    from settled s
    where s.before <> s.status
)
select count(*) as verified, count(*) filter (where s.before <> s.status) as changed from settled s;

-- name: reschedule
-- Lookups that brought nothing: what was known stays as it is.
with lookups as (
    select a.*
    from json_to_recordset(%(rows)s::json) as a (
        id bigint, lease timestamptz, attempts int, last_error text, look_at timestamptz)
), held as (
    select b.id
    from dashboard.bookings b
    join lookups a on a.id = b.id and a.lease = b.look_at
    order by b.id
    for update of b
)
update dashboard.bookings b
set look_at = coalesce(a.look_at, 'infinity'), attempts = a.attempts, last_error = a.last_error, updated_at = now()
from lookups a
join held h on h.id = a.id
where b.id = a.id;

-- name: mark_auth_failed
-- Nothing of this salon can be looked up until somebody mends its token.
with due as (
    select b.id
    from dashboard.bookings b
    where b.tenant_id = %(tenant)s::uuid and b.look_at < now() + make_interval(secs => %(seconds)s::float8)
      and b.look_at < 'infinity'  -- as the index says
    order by b.id
    for update
)
update dashboard.bookings b
set look_at = now() + make_interval(secs => %(seconds)s::float8), last_error = 'refused', updated_at = now()
from due
where b.id = due.id;
