drop view courses.v_reminders;
drop table courses.reminder_opt_outs;
drop type courses.reminder_kind;

revoke select on courses.v_roster from fn_dispatch_notifications;
revoke select (created_at) on courses.participants from fn_dispatch_notifications;
revoke select (timezone) on courses.school from fn_dispatch_notifications;
revoke select (healing_session_id, user_id) on courses.healing_signups from fn_dispatch_notifications;
revoke select on courses.sessions, courses.topics, courses.announced_absences, courses.healing_sessions, courses.events,
    courses.assignments, courses.submissions from fn_dispatch_notifications;

drop owned by fn_remind_participants;

do $$
begin
    execute format('drop role %I', 'fn_remind_participants');
exception when dependent_objects_still_exist then
    null;  -- another database of this cluster still uses it
end $$;
