-- name: open
insert into courses.dialogs (telegram_id)
values (%(telegram_id)s::bigint)
on conflict (telegram_id) do nothing;

-- name: lock
select d.screen, d.data, d.message_id
from courses.dialogs d
where d.telegram_id = %(telegram_id)s::bigint
for update;

-- name: save
update courses.dialogs
set screen = %(screen)s::text, data = %(data)s::jsonb, version = version + 1, updated_at = clock_timestamp(),
    message_id = coalesce(%(message_id)s::bigint, message_id)
where telegram_id = %(telegram_id)s::bigint;

-- name: set_at
update courses.dialogs
set data = data || jsonb_build_object('at', %(at)s::text), updated_at = clock_timestamp()
where telegram_id = %(telegram_id)s::bigint;
