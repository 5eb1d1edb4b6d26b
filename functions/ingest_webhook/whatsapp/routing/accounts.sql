-- name: find_desks
-- Some sources with their desks, if they have one, and the desks to which some accounts belong. Whose account opens a
-- gateway's files: the desk's own, if it answers by the gateway that brought them.
select w.id as source_id, w.name as source, w.gateway, w.signing_secret_sealed, s.client_id, k.status = 'active' as is_active, s.gather_seconds,
       least(k.created_at, w.created_at) as connected_at, b.id as media_bot_id, s.telegram_bot_id, b.address as account
from platform.webhook_sources w
left join support.clients k on k.source_id = w.id
left join support.client_settings s on s.client_id = k.id
left join platform.bots b on b.id = s.whatsapp_bot_id and b.channel = w.gateway
where w.id = any(%(sources)s::bigint[]) or b.address = any(%(accounts)s::text[])
order by w.id;
