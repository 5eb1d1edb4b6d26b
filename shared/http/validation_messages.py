"""Pydantic's errors in our words: its own messages quote the input."""

# By pydantic's name of the error. {…} are the limits that it checked.
VALIDATION_MESSAGES = {
    "missing": "is missing",
    "list_type": "is no list",
    "literal_error": "is none of {expected}",
    "string_too_long": "has more than {max_length} characters",
    "too_long": "has more than {max_length} parts",
    "value_error": "{error}",
}
