drop trigger webhook_sources_wake_answers on platform.webhook_sources;
drop trigger bots_wake_answers on platform.bots;
drop function getcourse.wake_all();
do $$
declare
    corrected text;
begin
    foreach corrected in array array['student_versions', 'mapping_versions', 'mentor_versions', 'lesson_versions'] loop
        execute format('drop trigger %1$s_wake_added on getcourse.%1$I', corrected);
        execute format('drop trigger %1$s_wake_changed on getcourse.%1$I', corrected);
    end loop;
end $$;
drop function getcourse.wake_after_correction();
drop function getcourse.wake_students(bigint[]);
drop function getcourse.wake(bigint[]);

-- The code of before looks at them every ten minutes.
update getcourse.webhook_events set next_attempt_at = clock_timestamp() + interval '10 minutes'
where not processed and error_message <> 'restored' and next_attempt_at > clock_timestamp() + interval '10 minutes';

drop index getcourse.mapping_versions_training;
drop index getcourse.lesson_versions_getcourse_id;
drop index getcourse.mentor_versions_person;
drop index getcourse.student_versions_person;
drop index getcourse.student_versions_email;
drop index getcourse.student_versions_getcourse_id;
drop index getcourse.lesson_versions_deadline;
create index webhook_events_user_email on getcourse.webhook_events (user_email);
drop index getcourse.webhook_events_email;
drop index getcourse.webhook_events_waiting_lesson;
drop index getcourse.webhook_events_waiting_email;
drop index getcourse.webhook_events_open;
create index webhook_events_pending on getcourse.webhook_events (next_attempt_at) where not processed;
drop view getcourse.v_next_answers;
drop index getcourse.webhook_events_due;
