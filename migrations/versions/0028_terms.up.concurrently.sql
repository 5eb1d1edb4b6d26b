-- In the order in which rows come to their end. None on what ingest_webhook stores of GetCourse: there the primary key leads
-- to the oldest; what is emptied is in a partial index, to which a row is added once it was processed.
create index concurrently inbox_settled on platform.inbox (coalesce(dismissed_at, received_at));
create index concurrently outbox_audits_at on platform.outbox_audits (at);
create index concurrently topics_key on platform.topics (key);
create index concurrently webhook_events_raw on getcourse.webhook_events (created_at)
    where processed and (raw_payload is not null or raw_body is not null);
create index concurrently notifications_texts on getcourse.notifications (created_at) where message <> '' and status <> 'pending';
create index concurrently messages_created on support.messages (created_at);
create index concurrently handovers_trigger_texts on support.handovers (created_at) where trigger_text is not null;
create index concurrently conversations_last_message on support.conversations (last_message_at);
create index concurrently track_sessions_updated on learning.track_sessions (updated_at);
create index concurrently users_updated on learning.users (updated_at);
create index concurrently conversations_last_message on dashboard.conversations (last_message_at);
create index concurrently bookings_created on dashboard.bookings (created_at);
create index concurrently alerts_over on dashboard.alerts (triggered_at) where resolved_at is not null;
create index concurrently audits_created on dashboard.audits (created_at);
