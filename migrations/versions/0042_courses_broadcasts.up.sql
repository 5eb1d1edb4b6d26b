-- Broadcasts: planning, sending, and what was changed afterwards.
select 1;
