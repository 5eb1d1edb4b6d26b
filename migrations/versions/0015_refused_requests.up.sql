-- Requests of authenticated callers that were refused before anything was stored (a body too large, compressed, cut
-- off): one row per source, day and reason, however many there are. Nothing of a request is kept. Callers who are not
-- authenticated leave no row.
create table platform.refused_requests (
    source_id bigint not null references platform.webhook_sources on delete cascade,
    day date not null default (now() at time zone 'utc')::date,
    reason text not null,                    -- the title of the answer
    status smallint not null,                -- of the answer, HTTP
    count int not null default 1,
    last_at timestamptz not null default now(),
    primary key (source_id, day, reason)
);
create index refused_requests_day on platform.refused_requests (day);

grant select, insert, update (count, status, last_at) on platform.refused_requests to fn_ingest_webhook;
grant select, delete on platform.refused_requests to fn_housekeeping;
