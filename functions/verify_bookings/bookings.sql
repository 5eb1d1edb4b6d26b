-- name: enqueue_new
-- Sessions that ended with a booking: those since the last run that came to its end, and two days more for what was
-- written late. The bot's first word on a booking counts; what it becomes, YClients knows.
insert into dashboard.bookings (tenant_id, external_id, client_id, start_at, service_code)
select s.tenant_id, btrim(s.booking_id), s.user_id::text, s.booking_datetime,
       case when jsonb_typeof(s.meta #> '{services_mentioned,0}') = 'string' then s.meta #>> '{services_mentioned,0}' end
from public.conversation_sessions_v2 s
where s.booking_id is not null and btrim(s.booking_id) <> ''
  and s.created_at >= coalesce((select r.started_at from platform.job_runs r where r.function = 'verify_bookings'),
                               '-infinity') - interval '2 days'
order by s.tenant_id, btrim(s.booking_id), s.id
on conflict (tenant_id, external_id) do nothing;

-- name: salons
-- Salons with due bookings, those that have waited longest first. (What is never due again is not in the index.)
-- A token that nobody has sealed yet is taken from the bot's metadata.
select t.id as tenant_id, t.metadata ->> 'yclients_company_id' as company_id, k.sealed as sealed_token,
       case when k.sealed is null then t.metadata ->> 'yclients_token' end as open_token
from public.tenants_v2 t
left join platform.tenant_secrets k on k.tenant_id = t.id and k.name = %(token)s::text
cross join lateral (
    select min(b.look_at) as since
    from dashboard.bookings b
    where b.tenant_id = t.id and b.look_at <= now() and b.look_at < 'infinity') due
where t.is_active and due.since is not null
order by due.since, t.id;

-- name: remaining
-- Without the salons that YClients cannot be asked for.
select count(*) as remaining
from public.tenants_v2 t
join dashboard.bookings b on b.tenant_id = t.id and b.look_at <= now() and b.look_at < 'infinity'
where t.is_active and t.metadata ->> 'yclients_company_id' <> ''
  and (t.metadata ->> 'yclients_token' <> ''
       or exists (select from platform.tenant_secrets k where k.tenant_id = t.id and k.name = %(token)s::text));

-- name: claim
-- Due bookings of a salon become one run's for a while. Whoever writes back must find the lease as it was: another run
-- that took over, or a webhook that made the booking due again, has changed it.
with due as (
    select b.id
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
          b.look_at as lease, now() as now;

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
    order by b.id
    for update
)
update dashboard.bookings b
set look_at = now() + make_interval(secs => %(seconds)s::float8), last_error = 'refused', updated_at = now()
from due
where b.id = due.id;
