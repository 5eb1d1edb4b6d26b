-- name: conversations
-- What ten customers write, and all that is known of them; each statement takes what it names.
(select json_agg(json_build_object(
    'place', i, 'id', md5('conversation' || i)::uuid, 'client_id', md5('desk' || i %% %(desks)s + 1)::uuid,
    'user_id', md5('customer' || i)::uuid, 'conversation_id', md5('conversation' || i)::uuid,
    'address', '7701' || lpad(i::text, 7, '0') || '@s.whatsapp.net', 'external_id', 'in-new' || i, 'role', 'user',
    'content', 'Good afternoon', 'metadata', '{}'::json, 'correlation_id', 'event-new', 'position', %(rows)s,
    'gather_seconds', 4, 'now', now(), 'wrote_at', now(), 'no_count', 0))
from generate_series(1, 10) i)

-- name: customers
(select json_agg(json_build_object(
    'place', i, 'id', md5('customer' || i)::uuid, 'client_id', md5('desk' || i %% %(desks)s + 1)::uuid,
    'user_id', md5('customer' || i)::uuid, 'conversation_id', md5('conversation' || i)::uuid,
    'address', '7701' || lpad(i::text, 7, '0') || '@s.whatsapp.net', 'external_id', 'in-new' || i,
    'phone', '+7701', 'name', 'A name', 'correlation_id', 'event-new',
    'leaves', md5('customer' || i)::uuid, 'stays', md5('customer' || i + 20)::uuid))
from generate_series(1, 10) i)

-- name: new_customers
(select json_agg(json_build_object(
    'place', i, 'id', md5('new' || i)::uuid, 'client_id', md5('desk' || i %% %(desks)s + 1)::uuid,
    'user_id', md5('customer' || i)::uuid, 'address', 'new' || i || '@s.whatsapp.net',
    'remote_jid', 'new' || i || '@s.whatsapp.net', 'phone', '+7701', 'name', 'A name'))
from generate_series(1, 10) i)

-- name: messages
(select json_agg(json_build_object(
    'place', i, 'id', md5('message' || %(rows)s - i)::uuid, 'client_id', md5('desk' || i %% %(desks)s + 1)::uuid,
    'external_id', 'in' || (%(rows)s - 2 * i + 1), 'bot_id', %(salons)s + %(desks)s + 2, 'content', 'Good evening',
    'metadata', '{}'::json, 'position', %(rows)s, 'gather_seconds', 4, 'outbox_id', i::text, 'echo', 'e' || i))
from generate_series(1, 10) i)

-- name: answers
(select json_agg(json_build_object(
    'source_id', 1, 'correlation_id', 'new' || i, 'event_date', now(), 'user_id', 's' || i, 'answer_id', 'new' || i,
    'answer_training_id', 't1', 'answer_lesson_id', 'l1', 'answer_type', 'text', 'answer_status', 'accepted',
    'answer_text', 'Mine', 'raw_payload', '{}'::json, 'answer_key', md5(i::text)::uuid, 'event_type', 'dealPaid',
    'object_id', 'o' || i, 'natural_key', encode(sha256(i::text::bytea), 'hex'), 'sanitized', false,
    'reason', 'unknown', 'query', '', 'body', '', 'delivery_hash', encode(sha256(i::text::bytea), 'hex')))
from generate_series(1, 50) i)

-- name: bookings
(select json_agg(json_build_object(
    'id', id, 'lease', look_at, 'status', 'completed', 'start_at', start_at, 'attendance', 1,
    'look_at', now() + interval '1 day', 'attempts', 1, 'last_error', 'timeout', 'tenant_id', tenant_id,
    'external_id', external_id))
from (select * from dashboard.bookings order by id desc limit 10) b)

-- name: decisions
(select jsonb_agg(jsonb_build_object(
    'id', id, 'attempt_id', md5('new' || id)::uuid, 'started_at', now(), 'outcome', 'sent', 'http_status', 200,
    'state', 'sent', 'counts_as_attempt', true, 'may_be_duplicate', false, 'parked', false, 'as_text', false,
    'message_id', 1, 'bot_id', bot_id, 'lane', lane, 'chat', chat_id::text, 'pause', 1))
from platform.outbox where id > %(rows)s and id <= %(rows)s + 100)

-- name: refused
jsonb_build_array(jsonb_build_object(
    'bot_id', %(salons)s + 2 * %(desks)s + 1, 'chat', '600002', 'lane', '600002', 'method', 'sendMessage',
    'state', 'queued', 'scope', 'chat'))

-- name: facts
(select jsonb_agg(jsonb_build_object(
    'id', i, 'lesson_id', 'l10', 'deadline_at', now(), 'handover_id', md5('handover' || i)::uuid,
    'conversation_id', md5('conversation' || i)::uuid))
from generate_series(1, 20) i)

-- name: failures
(select json_agg(json_build_object('bot_id', bot_id, 'external_id', external_id, 'error_class', 'undelivered'))
from platform.outbox where id > %(rows)s - 100 and external_id is not null)

-- name: alerts
(select jsonb_agg(jsonb_build_object(
    'id', %(rows)s / 50 - 20 + i, 'tenant_id', md5('tenant' || i)::uuid, 'kind', 'data_stale', 'threshold', 1, 'actual', 2,
    'severity', 'warning', 'description', 'Silent', 'now', now(), 'action', 'resolve', 'outbox_id', 1))
from generate_series(1, 20) i)

-- name: words
jsonb_build_array(jsonb_build_object(
    'id', md5('new word')::uuid, 'role', 'user', 'content', 'What is it?', 'meta', '{}'::jsonb))

-- name: updates
(select jsonb_agg(jsonb_build_object(
    'conversation_id', md5('conversation' || i)::uuid, 'handover_id', md5('handover' || i)::uuid, 'bot_status', 'active',
    'event', 'reminder_1', 'answered', false))
from generate_series(1, 10) i)

-- name: broadcast
(select jsonb_agg(jsonb_build_object(
    'place', i, 'bot_id', %(salons)s + 2 * %(desks)s + 1, 'chat_id', 600000 + i, 'lane', (600000 + i)::text,
    'kind', 'getcourse/notification', 'method', 'sendMessage', 'payload', '{"text": "News"}'::jsonb,
    'dedup_key', 'broadcast/' || i, 'correlation_id', 'new', 'policy', 'at_least_once', 'priority', 1, 'paced', true,
    'delay_seconds', 0, 'ttl_seconds', 3600))
from generate_series(1, 100) i)

-- name: persons
(select jsonb_agg(jsonb_build_object(
    'id', i, 'changes', '{}'::jsonb, 'getcourse_id', 'new' || i, 'email', 'new' || i || '@school.invalid', 'at', now(),
    'training_id', 't1', 'title', 'New', 'lesson_title', 'New', 'student_id', 10000 + 2 * i, 'mentor_id', i + 5,
    'valid_to', now()))
from generate_series(1, 3) i)
-- name: record
-- What staff write down of any kind.
jsonb_build_object(
    'start_date', '2001-01-01', 'date', '2001-01-01', 'time_start', '10:00', 'title', 'New', 'code', 'new', 'files', json_build_array('BQAC', 'BQAD'))
