-- name: names
-- A mentor by name, a school's admin by the school's.
select p.id,
       coalesce(
           (select nullif(concat_ws(' ', v.first_name, v.last_name), '')
            from getcourse.mentor_versions v
            where v.telegram_id = p.id
            order by v.valid_from desc
            limit 1),
           (select min(s.name) from platform.webhook_sources s where s.admin_chat_id = p.id)) as name
from unnest(%(ids)s::bigint[]) as p (id);
