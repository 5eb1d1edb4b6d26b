-- Each school's answers in the order in which they become due, so that schools take turns (0 is no school: written by hand).
create index concurrently webhook_events_due on getcourse.webhook_events ((coalesce(source_id, 0)), next_attempt_at)
    where not processed;
drop index concurrently if exists getcourse.webhook_events_pending;  -- the same without the school

-- The other answers of a student. It says `is not true`, and so do the statements that mean it: with the condition of
-- webhook_events_due the planner, who believes after a quiet time that nothing is pending, takes either of them.
create index concurrently webhook_events_open on getcourse.webhook_events (user_id) where processed is not true;

-- What a correction wakes. Only what has waited once is in them.
create index concurrently webhook_events_waiting_email on getcourse.webhook_events (lower(user_email))
    where error_message is not null and not processed;
create index concurrently webhook_events_waiting_lesson on getcourse.webhook_events (answer_lesson_id)
    where error_message is not null and answer_training_id is null and not processed;

-- Who has answered a lesson, by e-mail; by id there is webhook_events_lesson. Nobody asks for an e-mail with its capitals.
create index concurrently webhook_events_email on getcourse.webhook_events (lower(user_email), answer_lesson_id);
drop index concurrently if exists getcourse.webhook_events_user_email;

-- A reminder reads the lessons whose deadline is near, and who is mapped to their trainings.
create index concurrently lesson_versions_deadline on getcourse.lesson_versions (deadline_at);

-- Of each answer its student, lesson, mapping and mentor are looked for. The indexes of the constraints find them, too, for
-- three times the time.
create index concurrently student_versions_getcourse_id on getcourse.student_versions (getcourse_id);
create index concurrently student_versions_email on getcourse.student_versions (lower(email));
create index concurrently student_versions_person on getcourse.student_versions (person_id);
create index concurrently mentor_versions_person on getcourse.mentor_versions (person_id);
create index concurrently lesson_versions_getcourse_id on getcourse.lesson_versions (getcourse_id);
create index concurrently mapping_versions_training on getcourse.mapping_versions (training_id, student_id);
