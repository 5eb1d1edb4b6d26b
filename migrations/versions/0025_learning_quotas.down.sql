revoke update (device_id, weak_until) on learning.users from fn_learning_api;
alter table learning.users drop column weak_until;
revoke delete on learning.synopses from fn_learning_api;
drop table learning.usage;
