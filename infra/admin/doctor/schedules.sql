-- name: runs
select function, extract(epoch from clock_timestamp() - started_at)::float8 as age from platform.job_runs;

-- name: systems
select 'getcourse' as system where exists (select from platform.webhook_sources where provider = 'getcourse')
union all
select 'support' where exists (select from support.clients where status = 'active')
union all
select 'courses' where exists (select from courses.school where bot_id is not null);

-- name: salons
select 'salon' as system where exists (select from dashboard.tenant_settings where bot_id is not null);
