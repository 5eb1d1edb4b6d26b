-- name: unconnected
select t.id::text as tenant
from public.tenants_v2 t
left join dashboard.tenant_settings k on k.tenant_id = t.id
where t.is_active and k.bot_id is null
order by t.name, t.id;

-- name: unsealed
-- Connected salons whose token lies in clear only.
select t.id::text as tenant
from public.tenants_v2 t
join dashboard.tenant_settings k on k.tenant_id = t.id and k.bot_id is not null
where t.is_active and t.metadata ->> %(name)s::text <> ''
  and not exists (select from platform.tenant_secrets s where s.tenant_id = t.id and s.name = %(name)s::text)
order by t.name, t.id;

-- name: open_secret
select t.metadata ->> %(name)s::text as secret
from public.tenants_v2 t
where t.id = %(tenant)s::uuid;

-- name: seal
insert into platform.tenant_secrets (tenant_id, name, sealed)
values (%(tenant)s::uuid, %(name)s::text, %(sealed)s::bytea)
on conflict (tenant_id, name) do update set sealed = excluded.sealed;

-- name: metadata
select t.metadata ->> 'telegram_bot_token' as token, t.metadata ->> 'admin_chat_id' as chat
from public.tenants_v2 t
where t.id = %(tenant)s::uuid;

-- name: same_bot
select b.name, b.system from platform.bots b where b.telegram_id = %(telegram_id)s::bigint;

-- name: add_bot
-- A known bot gets its new token and is put back to work.
insert into platform.bots as b (name, system, channel, telegram_id, token_sealed)
values (%(name)s::text, 'salon', 'telegram', %(telegram_id)s::bigint, %(sealed)s::bytea)
on conflict (name) do update
    set token_sealed = excluded.token_sealed,
        status = case b.status when 'auth_failed' then 'active' else b.status end
    where b.system = 'salon' and b.channel = 'telegram' and b.telegram_id = excluded.telegram_id
returning b.id, b.name;
