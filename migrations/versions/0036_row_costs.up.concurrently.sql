-- Who answered a lesson, by e-mail. As the lesson comes first, what is written at one time lies together: students work at the
-- same lessons. By e-mail first each answer changed a page of its own, twice, which the log then has in full.
create index concurrently webhook_events_lesson_email on getcourse.webhook_events (answer_lesson_id, lower(user_email));
drop index concurrently if exists getcourse.webhook_events_email;
