delete from learning.usage where kind = 'calls';
alter table learning.usage
    drop column leased_until,
    drop constraint usage_kind_check,
    add constraint usage_kind_check check (kind in ('messages', 'synopses', 'sessions', 'devices', 'tokens'));
