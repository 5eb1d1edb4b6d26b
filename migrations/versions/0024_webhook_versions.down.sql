alter table platform.bots drop column webhook_key_id, drop column webhook_rotated_at;
