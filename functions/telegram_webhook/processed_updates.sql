-- name: mark
insert into platform.updates (bot_id, update_id)
values (%(bot_id)s::bigint, %(update_id)s::bigint)
on conflict (bot_id, update_id) do nothing;
