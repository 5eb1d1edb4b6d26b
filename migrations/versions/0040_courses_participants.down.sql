drop view courses.v_roster;
