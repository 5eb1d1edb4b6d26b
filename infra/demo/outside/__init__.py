"""What calls the functions from outside, as buttons of the page: GetCourse's forms, YClients' day."""
