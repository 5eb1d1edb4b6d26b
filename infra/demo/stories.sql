-- name: ended
select (select count(*) from getcourse.webhook_events) as events,
       (select count(*) from support.messages) as messages,
       (select count(*) from platform.outbox where state = 'sent') as sent,
       (select count(*) from learning.chat_messages) as replies,
       (select count(*) from getcourse.webhook_events where not processed)
     + (select count(*) from platform.outbox
        where (state <> 'sent' or maybe_duplicate) and not (kind like 'courses/%%' and state in ('sent', 'unknown')))
     + (select count(*) from getcourse.notifications where status <> 'sent')
     + (select count(*) from support.handovers where status in ('pending', 'active'))
     + (select count(*) from learning.idempotency_keys where answer is null)
     + (select count(*) from learning.chat_threads t
        where t.last_seq <> (select count(*) from learning.chat_messages m where m.thread_id = t.id)) as lost;
