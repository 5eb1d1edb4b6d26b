revoke all on all tables in schema learning from fn_housekeeping;
revoke usage on schema learning from fn_housekeeping;
do $$
declare
    function_role text;
begin
    foreach function_role in array array['fn_agent_reply', 'fn_learning_api'] loop
        execute format('drop owned by %I', function_role);
        begin
            execute format('drop role %I', function_role);
        exception when dependent_objects_still_exist then
            null;  -- another database of this cluster still uses it
        end;
    end loop;
end $$;

drop table learning.synopses, learning.chat_messages, learning.chat_threads, learning.track_sessions, learning.users,
    learning.chat_templates, learning.track_roadmap_items, learning.tracks, learning.idempotency_keys,
    learning.daily_usage, learning.client_tokens, learning.clients;
drop function learning.number_message();
drop type learning.template_scope, learning.chat_tab, learning.message_role, learning.synopsis_origin;
drop schema learning;
