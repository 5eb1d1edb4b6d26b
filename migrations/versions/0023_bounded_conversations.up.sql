-- One conversation takes its share of a run, and one customer a share of the model; then it is a person's.

alter table support.conversations
    -- Runs that have begun with its unread messages and not ended well. After three a person is called.
    add column attempts integer not null default 0 check (attempts >= 0),
    -- The model's answers to the customer in the hour that began with the first of them: two answering machines would
    -- talk to each other for ever.
    add column replies integer not null default 0 check (replies >= 0),
    add column replies_since timestamptz;

alter table support.client_settings
    -- Tokens of the model a day (UTC), for all of a desk's customers and for each; beyond them people answer.
    add column daily_tokens bigint not null default 5000000 check (daily_tokens >= 0),
    add column customer_daily_tokens bigint not null default 300000 check (customer_daily_tokens >= 0);

-- What each customer's conversation has used of them, estimated before the call. One row each, which begins anew with the
-- day: nobody's row is everybody's, and the table does not grow with time.
create table support.token_usage (
    conversation_id uuid primary key references support.conversations on delete cascade,
    client_id uuid not null references support.clients on delete cascade,
    day date not null,                         -- UTC
    tokens bigint not null check (tokens >= 0),
    calls integer not null check (calls >= 0)
);
create index token_usage_client on support.token_usage (client_id, day);

grant select, insert, update on support.token_usage to fn_answer_conversations;
grant select on support.token_usage to carillon_backup;
