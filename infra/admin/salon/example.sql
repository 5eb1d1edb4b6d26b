-- name: is_ours
-- Whether the bot's tables were made by us, where no bot has made them.
select coalesce(obj_description(to_regclass('public.tenants_v2'), 'pg_class') = 'carillon: 0006_bot_tables', false) as ours;

-- name: add
insert into public.tenants_v2 (name, slug, metadata)
values ('Салон «Аврора»', %(slug)s::text, jsonb_build_object(
            'yclients_company_id', '880001', 'yclients_token', 'an-invented-token',
            'telegram_bot_token', %(token)s::text, 'admin_chat_id', %(chat)s::text))
on conflict (slug) do nothing
returning id;
