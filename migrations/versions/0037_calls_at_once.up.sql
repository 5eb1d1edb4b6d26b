-- How many calls of the model a public client, and each of its devices, has under way in all processes together. A call has a
-- lease, so that the calls of a process that died stop counting when their leases end (functions/agent_reply/call_leases.py).
alter table learning.usage add column leased_until timestamptz[];  -- of calls under way

-- Calls are counted for a day, as tokens are. The table has the rows of two days.
alter table learning.usage
    -- squawk-ignore ban-drop-constraint
    drop constraint usage_kind_check,
    -- squawk-ignore constraint-missing-not-valid
    add constraint usage_kind_check check (kind in ('messages', 'synopses', 'sessions', 'devices', 'tokens', 'calls'));

grant update (leased_until) on learning.usage to fn_agent_reply;
