-- remind_courses reminds of GetCourse's deadlines, and is called so from now on. Its old role stays for one release:
-- the old code runs while this is applied, and roles belong to the whole cluster.

do $$
begin
    execute format('create role %I nologin', 'fn_remind_deadlines');
exception when duplicate_object or unique_violation then
    null;
end $$;

grant usage on schema platform, getcourse to fn_remind_deadlines;

grant select on
    getcourse.mentor_versions, getcourse.student_versions, getcourse.training_versions,
    getcourse.lesson_versions, getcourse.mapping_versions, getcourse.webhook_events to fn_remind_deadlines;
grant select, insert, update on getcourse.notifications to fn_remind_deadlines;

grant select on platform.bots, platform.webhook_sources, platform.chat_moves to fn_remind_deadlines;
grant select, insert, update on platform.lanes, platform.job_runs to fn_remind_deadlines;
grant select, insert on platform.outbox, platform.topics to fn_remind_deadlines;

-- So that nothing looks as if it had never run.
insert into platform.job_runs (function, started_at, finished_at, report)
select 'remind_deadlines', started_at, finished_at, report
from platform.job_runs
where function = 'remind_courses'
on conflict do nothing;
