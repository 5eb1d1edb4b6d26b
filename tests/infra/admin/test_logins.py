"""The address that a function's login gets."""

import pytest

from infra.admin.logins import address, check_prefix


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("postgresql://owner:old@db.example:5432/main", "postgresql://l:new@db.example:5432/main"),
        ("postgresql://owner:p%40w@[::1]/main?sslmode=require", "postgresql://l:new@[::1]/main?sslmode=require"),
        ("postgresql://a.example:1,b.example:2/main", "postgresql://l:new@a.example:1,b.example:2/main"),
        ("postgresql://owner@/main?host=/run/postgresql", "postgresql://l:new@/main?host=/run/postgresql"),
        ("postgresql://owner.project:old@pooler.example:6543/main", "postgresql://l.project:new@pooler.example:6543/main"),
        ("postgresql://db.example/main?user=owner&password=old&sslmode=require", "postgresql://l:new@db.example/main?sslmode=require"),
    ],
)  # fmt: skip
def test_only_the_user_and_the_password_are_others_and_what_a_pooler_adds_stays(url: str, made: str) -> None:
    assert address(url, "owner", "l", "new") == made


@pytest.mark.parametrize("prefix", ["", "A", "1a", "a-b", 'a"', "a" * 33])
def test_a_prefix_that_no_name_may_begin_with_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        check_prefix(prefix)
