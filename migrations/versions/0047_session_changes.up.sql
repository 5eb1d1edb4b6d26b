-- What a device changes of its session is counted by the hour, as what it adds is. The table holds an hour's counts: it is small.
-- squawk-ignore ban-drop-constraint
alter table learning.usage drop constraint usage_kind_check;
-- squawk-ignore constraint-missing-not-valid
alter table learning.usage add constraint usage_kind_check check (kind in ('messages', 'synopses', 'sessions', 'devices', 'tokens', 'calls', 'changes'));
