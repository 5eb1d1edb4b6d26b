revoke select (outbox_id), update (status, sent_at) on getcourse.notifications from fn_telegram_webhook;
revoke select (admin_chat_id) on platform.webhook_sources from fn_telegram_webhook;
revoke select (telegram_id, first_name, last_name, valid_from, valid_to) on getcourse.mentor_versions
    from fn_telegram_webhook;
revoke usage on schema getcourse from fn_telegram_webhook;
drop index support.handovers_card;
drop index platform.outbox_unreachable;
drop trigger chat_moves_members on platform.chat_moves;
drop function platform.move_members();
drop table platform.members;
drop table platform.starts;
