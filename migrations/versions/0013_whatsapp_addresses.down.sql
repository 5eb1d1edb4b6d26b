revoke select (address) on platform.bots from fn_ingest_webhook;
alter table support.users drop column moved_to;
drop trigger users_remember_address on support.users;
drop function support.remember_address();
drop table support.addresses;
