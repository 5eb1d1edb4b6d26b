-- Messages that only the new code can send have to be gone: WhatsApp has no chat_id.
revoke select, delete on platform.outbox, platform.lanes from fn_housekeeping;
revoke update on platform.lanes from fn_housekeeping;

revoke all on platform.bots, platform.lanes, platform.outbox from fn_telegram_webhook;
revoke usage on schema platform from fn_telegram_webhook;

drop table platform.outbox_audits;
drop table platform.chat_moves;
drop function platform.follow_moved_chat();
drop table platform.topics;

drop view platform.v_dead_letters;
create view platform.v_dead_letters with (security_invoker = true) as
select o.id, b.name as bot, o.kind, o.state, o.error_class, o.error_code, o.attempt, o.maybe_duplicate,
       o.created_at, o.finished_at, o.correlation_id
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.state in ('dead', 'unknown');

drop index platform.lanes_due;
create index lanes_due on platform.lanes (bot_id, greatest(head_due, next_at, leased_until))
    where head_due is not null;
alter table platform.lanes
    drop column chat,
    drop column priority,
    drop column blocked_at,
    drop column blocked_class;

alter table platform.outbox
    drop column recipient,
    drop column priority,
    drop column topic,
    drop column guard,
    drop column as_text,
    drop column out_of_order,
    drop column redrives,
    drop column external_id,
    alter column chat_id set not null;
drop index platform.outbox_created;
alter table platform.outbox_attempts reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);

alter table platform.bot_limits
    drop column urgent_tat,
    drop column bulk_tat,
    drop column slowed_rate,
    drop column slowed_at;

alter table platform.bots
    drop column channel,
    drop column address,
    drop column alert_chat_id,
    alter column telegram_id set not null;


do $$
begin
    drop role fn_telegram_webhook;
exception when dependent_objects_still_exist then
    null;  -- another database of this cluster still uses it
end $$;
