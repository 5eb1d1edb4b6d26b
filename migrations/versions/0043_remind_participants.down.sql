revoke all on courses.v_roster, courses.user_flags, courses.users, courses.participants, courses.consents, courses.sessions,
    courses.topics, courses.announced_absences, courses.healing_sessions, courses.healing_signups, courses.events,
    courses.assignments, courses.submissions from fn_dispatch_notifications;
revoke select (timezone) on courses.school from fn_dispatch_notifications;
drop view courses.v_reminders;
drop table courses.reminder_opt_outs;
drop type courses.reminder_kind;

drop owned by fn_remind_participants;

do $$
begin
    execute format('drop role %I', 'fn_remind_participants');
exception when dependent_objects_still_exist then
    null;  -- another database of this cluster still uses it
end $$;
