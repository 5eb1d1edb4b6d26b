revoke select, delete on courses.dialogs, courses.broadcasts from fn_housekeeping;
drop index courses.dialogs_updated;
alter table courses.materials drop column further_file_ids;
alter table courses.broadcasts drop column further_file_ids;
drop view courses.v_change_readers;
drop index courses.sessions_untold, courses.events_untold;
alter table courses.sessions drop column is_untold, drop column told_date, drop column told_time, drop column told_cancelled, drop column told_version;
alter table courses.events drop column is_untold, drop column told_date, drop column told_time, drop column told_cancelled, drop column told_version;
