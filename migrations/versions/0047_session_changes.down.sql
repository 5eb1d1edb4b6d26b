delete from learning.usage where kind = 'changes';
alter table learning.usage drop constraint usage_kind_check;
alter table learning.usage add constraint usage_kind_check check (kind in ('messages', 'synopses', 'sessions', 'devices', 'tokens', 'calls'));
