-- name: lock
select id from learning.users where client_id = %(client)s::bigint and device_id = %(device)s::text for update;

-- name: count
select %(user)s::uuid as id, (select count(*) from learning.track_sessions where user_id = %(user)s::uuid) as sessions,
       (select count(*)
        from learning.chat_messages m
        join learning.chat_threads t on t.id = m.thread_id
        join learning.track_sessions s on s.id = t.session_id
        where s.user_id = %(user)s::uuid) as messages;

-- name: delete
-- Everything else goes with it.
delete from learning.users where id = %(user)s::uuid;
