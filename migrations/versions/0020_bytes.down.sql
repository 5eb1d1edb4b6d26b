alter table getcourse.account_events drop column sanitized;

-- Answers that their keys alone told apart stay apart, and none is lost.
update getcourse.webhook_events set answer_text = concat_ws(E'\n', answer_text, answer_key) where answer_key is not null;
create unique index webhook_events_natural_key_of_text on getcourse.webhook_events (
    source_id, answer_id, coalesce(answer_status, ''), (md5(getcourse.normal_text(answer_text))::uuid)
) nulls not distinct;
drop index getcourse.webhook_events_natural_key;
alter index getcourse.webhook_events_natural_key_of_text rename to webhook_events_natural_key;
alter table getcourse.webhook_events drop column answer_key;

create index webhook_events_raw_payload on getcourse.webhook_events using gin (raw_payload jsonb_path_ops);
