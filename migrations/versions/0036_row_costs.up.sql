-- A notification is stored with the message that carries it, so its id is drawn before.
grant usage on sequence getcourse.notifications_id_seq to fn_dispatch_notifications;

-- Hashes of answers begin with the source and the answer's number, so that those of one time lie together (shared/getcourse/
-- notifications.py knows the former ones, too). The code before knows the former ones alone: what was stored under today's is
-- not stored by it again.
create function getcourse.skip_notified() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select from getcourse.notifications n
        where n.webhook_event_id = new.webhook_event_id and n.mentor_id = new.mentor_id and n.type = new.type
    ) then
        return null;
    end if;
    return new;
end $$;
create trigger notifications_once before insert on getcourse.notifications
for each row when (new.webhook_event_id is not null and strpos(new.message_hash, '/') = 0)
execute function getcourse.skip_notified();
