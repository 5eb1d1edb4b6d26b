revoke select (id, channel) on platform.bots from fn_ingest_webhook;
revoke all on all tables in schema support from fn_ingest_webhook;
revoke usage on schema support from fn_ingest_webhook;
revoke all on platform.topics, platform.outbox, platform.chat_moves, platform.lanes from fn_ingest_webhook;
revoke all on all tables in schema support from fn_dispatch_notifications;
revoke usage on schema support from fn_dispatch_notifications;
revoke all on all tables in schema support from fn_telegram_webhook;
revoke usage on schema support from fn_telegram_webhook;
do $$
declare
    function_role text;
begin
    foreach function_role in array array['fn_answer_conversations', 'fn_handover_reminder_sweep', 'fn_serve_media'] loop
        execute format('drop owned by %I', function_role);
        begin
            execute format('drop role %I', function_role);
        exception when dependent_objects_still_exist then
            null;  -- another database of this cluster still uses it
        end;
    end loop;
end $$;

drop view support.v_manager_numbers;
drop trigger chat_moves_support on platform.chat_moves;
drop function support.follow_moved_chat();
drop index support.client_settings_chat;
alter table support.conversations drop column heard_position;

drop table platform.updates;
alter table platform.lanes drop column paced;
