drop table courses.match_requests, courses.announced_absences, courses.healing_signups;
drop function courses.check_capacity();
drop type courses.match_state, courses.signup_state;
alter table courses.healing_sessions drop column capacity;
drop view courses.v_roster;
