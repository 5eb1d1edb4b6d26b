drop view platform.v_dead_letters;
create view platform.v_dead_letters with (security_invoker = true) as
select o.id, b.name as bot, o.kind, o.state, o.error_class, o.error_code, o.attempt, o.maybe_duplicate, o.created_at,
       o.finished_at, o.correlation_id, b.channel, o.out_of_order, o.redrives
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.state in ('dead', 'unknown');
revoke select (id, name) on support.clients from fn_dispatch_notifications;
alter table platform.topics drop column former_thread_id;
alter table platform.outbox drop column error_text;
