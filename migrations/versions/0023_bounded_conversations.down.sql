drop table support.token_usage;
alter table support.client_settings drop column daily_tokens, drop column customer_daily_tokens;
alter table support.conversations drop column attempts, drop column replies, drop column replies_since;
