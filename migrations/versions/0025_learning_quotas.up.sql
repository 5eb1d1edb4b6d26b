-- What public clients have used, counted where somebody could fill the disk or empty a budget with a token that stands in a
-- page: the limits are in shared/learning/limits.py. Rows live for two days (housekeeping).
create table learning.usage (
    client_id bigint not null references learning.clients on delete cascade,
    -- Whose device; zeros: the client as a whole. No foreign key: nobody who counts waits for whoever deletes a person.
    user_id uuid not null,
    kind text not null check (kind in ('messages', 'synopses', 'sessions', 'devices', 'tokens')),
    started_at timestamptz not null,           -- the hour's beginning; of tokens the day's, UTC
    used bigint not null check (used >= 0),
    primary key (client_id, user_id, kind, started_at)
) with (fillfactor = 70);                      -- counted up in place
create index usage_started on learning.usage using brin (started_at) with (autosummarize = on);

grant select, insert, update (used) on learning.usage to fn_agent_reply, fn_learning_api;
grant select, delete on learning.usage to fn_housekeeping;
grant select on learning.usage to carillon_backup;

-- The oldest snapshots go when new ones come.
grant delete on learning.synopses to fn_learning_api;

-- Devices of public clients have ids that nobody can guess (shared/learning/devices.py). Those that are there and could be
-- guessed go on for thirty days; meanwhile front ends give them new ids.
alter table learning.users add column weak_until timestamptz;
update learning.users u
set weak_until = now() + interval '30 days'
from learning.clients c
where c.id = u.client_id and c.is_public
  and (u.device_id !~ '^[A-Za-z0-9_-]{22,}$'
       or (select count(distinct letter) from unnest(string_to_array(u.device_id, null)) letter) < 8);
grant update (device_id, weak_until) on learning.users to fn_learning_api;
