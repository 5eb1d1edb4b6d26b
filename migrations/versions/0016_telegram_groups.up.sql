-- What Telegram or a gateway said of a refusal, in its own words: short, and without addresses, names and numbers.
alter table platform.outbox add column error_text text;

-- While topics are switched off in a group, Telegram calls each of them gone, and has them again afterwards: the former
-- thread is remembered, and what managers write there still belongs to the topic.
alter table platform.topics add column former_thread_id bigint;

-- Alerts about a group name the desk whose group it is.
grant select (id, name) on support.clients to fn_dispatch_notifications;

create or replace view platform.v_dead_letters with (security_invoker = true) as
select o.id, b.name as bot, o.kind, o.state, o.error_class, o.error_code, o.attempt, o.maybe_duplicate, o.created_at,
       o.finished_at, o.correlation_id, b.channel, o.out_of_order, o.redrives, o.error_text
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.state in ('dead', 'unknown');
