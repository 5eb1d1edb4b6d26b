revoke select on courses.attendance from fn_dispatch_notifications;
revoke select (id, session_id, user_id), update (sent_at, error) on courses.homework_delivery from fn_dispatch_notifications;
revoke insert (session_id, user_id, link, sent_by) on courses.homework_delivery from fn_telegram_webhook;
revoke insert, update on courses.sessions, courses.topics, courses.events, courses.healing_sessions, courses.materials,
    courses.assignments from fn_telegram_webhook;
revoke all on courses.session_days from fn_telegram_webhook;
revoke select (created_by, created_at) on courses.assignments from fn_telegram_webhook;
revoke select (mime, created_by) on courses.materials from fn_telegram_webhook;
revoke select (id) on courses.events from fn_telegram_webhook;
revoke select (id, annotation) on courses.topics from fn_telegram_webhook;
revoke select (annotation) on courses.sessions from fn_telegram_webhook;
drop table courses.submissions;
alter table courses.assignments drop column withdrawn_at;
alter table courses.materials drop column withdrawn_at;
alter table courses.homework_delivery drop column error;
alter table courses.sessions drop column homework_link;
