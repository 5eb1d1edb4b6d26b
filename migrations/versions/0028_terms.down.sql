drop index dashboard.audits_created, dashboard.alerts_over, dashboard.bookings_created, dashboard.conversations_last_message,
    learning.users_updated, learning.track_sessions_updated, support.conversations_last_message,
    support.handovers_trigger_texts, support.messages_created, getcourse.notifications_texts, getcourse.webhook_events_raw,
    platform.topics_key, platform.outbox_audits_at, platform.inbox_settled;

revoke select (id, tenant_id, phone, whatsapp_id, telegram_chat_id, yclients_client_id) on public.clients_v2 from dashboard_keeper;
drop policy housekeeping on dashboard.conversations;
drop policy housekeeping on dashboard.bookings;
drop policy housekeeping on dashboard.alerts;
drop policy housekeeping on dashboard.audits;
revoke all on all tables in schema dashboard, support from fn_housekeeping;
revoke usage on schema dashboard, support from fn_housekeeping;
revoke all on platform.inbox, platform.topics, getcourse.webhook_events, getcourse.account_events, getcourse.notifications,
    learning.track_sessions, learning.chat_threads, learning.chat_messages, learning.synopses, learning.users
    from fn_housekeeping;
