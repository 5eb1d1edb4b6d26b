"""What an operator can do, without typing or printing: functions that return data."""
