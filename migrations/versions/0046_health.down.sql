revoke usage on schema platform from fn_agent_reply, fn_learning_api;
drop function platform.health();
alter table platform.job_runs drop column period_seconds;
