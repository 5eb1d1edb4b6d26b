-- Every key and value of a payload was an entry of this index: a body of 20,000 keys kept everybody who was written with it
-- waiting for half a second. Nothing of ours searches in payloads; who does it by hand once in a while can wait for a scan.
drop index getcourse.webhook_events_raw_payload;

-- Answers that differ only in what was replaced by a mark are different answers. The key is made of what came then; of
-- all others it stays as it was. Building this index locks the table, for a second or two per 100,000 answers; it cannot
-- be built concurrently, for a second deploy that waits for this one would be waited for.
alter table getcourse.webhook_events add column answer_key uuid;
create unique index webhook_events_natural_key_of_bytes on getcourse.webhook_events (
    source_id, answer_id, coalesce(answer_status, ''),
    coalesce(answer_key, md5(getcourse.normal_text(answer_text))::uuid)
) nulls not distinct;
drop index getcourse.webhook_events_natural_key;
alter index getcourse.webhook_events_natural_key_of_bytes rename to webhook_events_natural_key;

alter table getcourse.account_events add column sanitized boolean not null default false;
