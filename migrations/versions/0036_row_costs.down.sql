drop trigger notifications_once on getcourse.notifications;
drop function getcourse.skip_notified();
revoke usage on sequence getcourse.notifications_id_seq from fn_dispatch_notifications;

-- The hashes that the code before looks for.
update getcourse.notifications n
set message_hash = encode(sha256(convert_to(concat_ws('|',
        n.type, n.mentor_id, coalesce(e.source_id::text, 'None'), e.answer_id, coalesce(e.answer_status, ''),
        coalesce(e.answer_key::text, md5(getcourse.normal_text(e.answer_text)))), 'UTF8')), 'hex')
from getcourse.webhook_events e
where e.id = n.webhook_event_id and n.type = 'answerToLesson' and strpos(n.message_hash, '/') > 0;
