-- name: users
-- Who the person is in this bot's salons.
select u.id, coalesce(u.language, t.language) as language
from dashboard.users u
join dashboard.tenant_settings t on t.tenant_id = u.tenant_id and t.bot_id = %(bot_id)s::bigint
where u.telegram_id = %(chat_id)s::bigint and u.active
order by u.id;

-- name: add_owner
-- Whose private chat gets the digests owns the salon. Who was switched off stays so.
insert into dashboard.users (telegram_id, role, tenant_id, first_name)
select t.chat_id, 'admin', t.tenant_id, nullif(%(username)s::text, '')
from dashboard.tenant_settings t
where t.bot_id = %(bot_id)s::bigint and t.chat_id = %(chat_id)s::bigint and t.chat_id > 0
  and not exists (select from dashboard.users u where u.telegram_id = t.chat_id and u.tenant_id = t.tenant_id)
on conflict do nothing;

-- name: accept
-- Unless the person is somebody in this salon already.
with link as (
    update dashboard.sign_in_links k
    set used_at = now()
    from dashboard.users u
    join dashboard.tenant_settings t on t.tenant_id = u.tenant_id and t.bot_id = %(bot_id)s::bigint
    where k.token_hash = %(token_hash)s::bytea and k.used_at is null and k.expires_at > now()
      and u.id = k.user_id and u.active
      and not exists (
        select from dashboard.users o
        where o.telegram_id = %(chat_id)s::bigint and o.tenant_id = u.tenant_id and o.id <> u.id)
    returning k.user_id
)
update dashboard.users u
set telegram_id = %(chat_id)s::bigint, updated_at = now()
from link
where u.id = link.user_id
returning u.id;
