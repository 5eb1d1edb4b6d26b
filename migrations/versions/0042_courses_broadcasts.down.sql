drop view courses.v_audiences, courses.v_mailings;
drop trigger broadcast_recipients_added on courses.broadcast_recipients;
drop trigger broadcast_recipients_changed on courses.broadcast_recipients;
drop trigger broadcast_recipients_removed on courses.broadcast_recipients;
drop function courses.count_recipients();
drop index courses.broadcast_recipients_queued, courses.broadcast_recipients_shown, courses.broadcast_recipients_unknown,
    courses.broadcasts_open, courses.broadcasts_draft;
alter table courses.broadcast_recipients
    drop column outbox_id, drop column enqueued, drop column revision, drop column message_id;
alter table courses.broadcasts reset (fillfactor, toast_tuple_target);
alter table courses.broadcasts
    drop column confirmed_at, drop column started_at, drop column paused_at, drop column cancelled_at,
    drop column withdrawn_at, drop column message, drop column revision, drop column new_body, drop column is_open,
    drop column has_progress, drop column progress_at, drop column progress_outbox_id, drop column progress_message_id,
    alter column stats_json set default '{}';

revoke all on courses.broadcasts from fn_telegram_webhook;
revoke update (status, error) on courses.broadcast_recipients from fn_telegram_webhook;
revoke select (rate_per_second) on platform.bots from fn_telegram_webhook;
revoke all on courses.broadcasts, courses.broadcast_recipients, courses.users, courses.participants, courses.user_flags,
    courses.consents, courses.consent_texts from fn_dispatch_notifications;
