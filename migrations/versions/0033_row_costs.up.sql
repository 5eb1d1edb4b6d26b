-- Time-ordered ids --------------------------------------------------------------------------------------------

-- UUIDs of version 7 (RFC 9562), as shared/uuid7.py makes them: milliseconds since 1970, then 74 random bits. What is
-- inserted one after the other lies beside each other in the indexes; a random id lies anywhere, and after each checkpoint
-- writes a page of its own into the log. Postgres 18 has a function for it, 15 has none.
create function platform.uuid7() returns uuid
language sql volatile parallel safe as $$
    select encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
            52, 1), 53, 1),
        'hex')::uuid
$$;
comment on function platform.uuid7() is 'A time-ordered id (UUID version 7).';

alter table support.users alter column id set default platform.uuid7();
alter table support.conversations alter column id set default platform.uuid7();
alter table support.messages alter column id set default platform.uuid7();
alter table support.handovers alter column id set default platform.uuid7();
alter table learning.users alter column id set default platform.uuid7();
alter table learning.track_sessions alter column id set default platform.uuid7();
alter table learning.chat_threads alter column id set default platform.uuid7();
alter table learning.chat_messages alter column id set default platform.uuid7();
alter table learning.synopses alter column id set default platform.uuid7();
