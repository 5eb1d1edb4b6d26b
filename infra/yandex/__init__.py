"""Yandex Cloud: what turns its events into requests of a function."""
