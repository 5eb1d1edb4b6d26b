revoke select (bot_id, provider, language) on platform.webhook_sources from fn_telegram_webhook;
revoke select (bot_id, language) on dashboard.tenant_settings from fn_dispatch_notifications;
drop view platform.bot_languages;
alter table support.client_settings drop column language;
