-- name: booking
select status, yclients_attendance from dashboard.bookings where external_id = %(record)s::text;

-- name: bad_day
-- Yesterday's sessions move out of the alerts' period; today's end without a booking.
with gone as (
    update public.conversation_sessions_v2 set started_at = started_at - interval '1 day'
    where tenant_id = %(tenant)s::uuid and started_at between now() - interval '25 hours' and now() - interval '1 hour'
)
insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status, meta)
select gen_random_uuid(), %(tenant)s::uuid, md5('client' || n)::uuid, 'telegram', now() - n * interval '1 minute', 'dropped',
       '{"drop_off_stage": "time_selection"}'
from generate_series(1, 12) as n
returning id;

-- name: audit
select action, actor from dashboard.audits where tenant_id = %(tenant)s::uuid and action like '%%alert%%';

-- name: become_viewer
select set_config('role', 'authenticated', true), set_config('request.jwt.claims', %(claims)s::text, true);

-- name: visible
-- The rows of one salon that the viewer may read.
select (select count(*) from dashboard.metrics_dailies where tenant_id = %(tenant)s::uuid) as metrics,
       (select count(*) from dashboard.alerts where tenant_id = %(tenant)s::uuid) as alerts,
       (select count(*) from dashboard.bookings where tenant_id = %(tenant)s::uuid) as bookings,
       (select coalesce(sum(total_sessions), 0)::int from dashboard.v_conversion_funnel_corrected
        where tenant_id = %(tenant)s::uuid) as sessions;

-- name: yesterday
select m.day, m.dialogs_started as dialogs, m.bookings from dashboard.metrics_dailies m
where m.tenant_id = %(tenant)s::uuid and m.digest_sent_at is not null
order by m.day desc
limit 1;
