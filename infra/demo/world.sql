-- name: under_way
-- Messages that are not out yet, and answers that nobody has looked at; not those that wait for a mentor.
select (select count(*) from platform.outbox where state in ('queued', 'sending'))
     + (select count(*) from support.conversations where answer_due_at is not null)
     + (select count(*) from getcourse.webhook_events where not processed and error_message is null) as waiting;
