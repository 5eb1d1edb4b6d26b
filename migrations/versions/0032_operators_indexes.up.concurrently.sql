-- What operators ask finds its rows however many there are. Ids of correlation begin with the time, so that their indexes
-- grow at one end.
create index concurrently webhook_events_correlation on getcourse.webhook_events (correlation_id);
create index concurrently account_events_correlation on getcourse.account_events (correlation_id);
create index concurrently error_logs_correlation on getcourse.error_logs (correlation_id);
create index concurrently inbox_correlation on platform.inbox (correlation_id);
create index concurrently messages_correlation on support.messages (correlation_id);

-- The newest event of each source.
create index concurrently webhook_events_source on getcourse.webhook_events (source_id, created_at);

-- The newest conversations of a desk; whoever looked for all of them finds them here, too.
create index concurrently conversations_client_newest on support.conversations (client_id, last_message_at);
drop index concurrently if exists support.conversations_client;

create index concurrently handovers_created on support.handovers (created_at);

-- Messages that ended otherwise than sent: when, and what for.
create index concurrently outbox_not_sent on platform.outbox (state, finished_at, error_class, kind)
    where state in ('dead', 'unknown', 'cancelled');

-- Who was reached: mentors, and those who are told how a school, a bot or a salon does. The latter are few.
create index concurrently notifications_mentor on getcourse.notifications (mentor_id);
create index concurrently outbox_reached on platform.outbox (bot_id, chat_id)
    where state = 'sent' and chat_id > 0
      and kind in ('platform/alert', 'getcourse/no-mentor', 'salon/digest', 'salon/alert');

-- Who has to rest, and chats that cannot be written to.
create index concurrently lanes_paused on platform.lanes (paused_until) where paused_until > '-infinity';
create index concurrently lanes_blocked on platform.lanes (bot_id) where blocked_at is not null;
