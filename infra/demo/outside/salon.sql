-- name: book
-- What the salon's own bot writes down of a dialog that ended with a booking.
insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, ended_at, final_status,
                                             booking_id, booking_datetime, booking_amount, booking_currency, meta)
values (gen_random_uuid(), %(tenant)s::uuid, md5('client7')::uuid, 'whatsapp', now() - interval '5 minutes', now(), 'done',
        %(record)s::text, %(at)s::timestamptz, 7000, 'KZT', '{"services_mentioned": ["Стрижка"]}');

-- name: known
-- What we know of the salon's bookings at YClients.
select external_id, status, yclients_attendance as attendance, look_at
from dashboard.bookings
where tenant_id = %(tenant)s::uuid and external_id = any(%(records)s::text[]);
