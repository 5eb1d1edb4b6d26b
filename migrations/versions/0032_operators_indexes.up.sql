-- Runs of scheduled functions that did something, by the id that their log lines have, so that `carillon trace` finds them.
create table platform.run_reports (
    correlation_id text primary key,  -- begins with the time: the oldest are the first
    function text not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    report jsonb not null
);
grant insert on platform.run_reports to fn_dispatch_notifications, fn_housekeeping, fn_remind_deadlines,
    fn_answer_conversations, fn_handover_reminder_sweep, fn_daily_metrics_digest, fn_verify_bookings;
grant select (correlation_id, finished_at), delete on platform.run_reports to fn_housekeeping;
grant select on platform.run_reports to carillon_backup;
