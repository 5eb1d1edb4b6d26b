create index concurrently webhook_events_email on getcourse.webhook_events (lower(user_email), answer_lesson_id);
drop index concurrently if exists getcourse.webhook_events_lesson_email;
