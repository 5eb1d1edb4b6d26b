"""Every text that promises something, and the test of the rows that keep the promise.

A new text that promises needs a line here, and the test that it names: no text promises what is not done.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conventions import tree
from tests.helpers.serving import ROOT

TEXT_MODULES = [path for house in ("functions", "shared") for path in tree.files(house, "*texts.py")]
# All that these say is said to customers, who know of nothing else that we do: each text stands below.
TO_CUSTOMERS = ("functions/answer_conversations/texts.py", "functions/handover_reminder_sweep/texts.py")
PROMISING = re.compile(
    r"\b(передал|передам|(?<!не )ответит|ответим|увидит|видит|придёт|придут|приходит|приходят|уйдёт|уйдут"
    r"|получит|дойдёт|пришлёт|позову|не пишу|не буду|написали|сохранён|снова на связи"
    r"|переписка идёт|сообщения ждут|они ждут)\b",
    re.IGNORECASE,
)

DESK = "tests/functions/answer_conversations/test_promises.py::"
SWEEP = "tests/functions/handover_reminder_sweep/"
CHANGES = "tests/functions/ingest_webhook/whatsapp/customers/test_changes.py::"
OUTBOX = "tests/functions/dispatch_notifications/outbox/"
GROUPS = OUTBOX + "test_groups.py::"
GROUP_TOPICS = OUTBOX + "test_group_topics.py::"
ABSENCE = "tests/functions/telegram_webhook/courses/test_absence.py::"
MATCH = "tests/functions/telegram_webhook/courses/test_match.py::"
STARTS = "tests/functions/telegram_webhook/starts/test_start.py::"
PROMISES = {
    "functions/answer_conversations/texts.py": {
        "HANDOVER_OPENED": DESK + "test_a_manager_who_will_reply_is_paged_and_reminded",
        "HANDOVER_OPENED_AFTER_HOURS": DESK + "test_who_will_reply_after_opening_is_paged_now_and_reminded_then",
        "NOBODY_CALLED": DESK + "test_where_nobody_can_be_called_no_reply_is_promised_and_the_question_is_kept",
        "MESSAGE_RECEIVED": DESK + "test_what_was_passed_on_stands_in_the_managers_topic",
        "OPTED_OUT": DESK + "test_who_opted_out_is_left_alone_and_the_words_call_a_manager",
        "CANCELLED": DESK + "test_a_cancelled_request_chases_nobody_and_the_words_call_a_manager_again",
        "OPTED_OUT_ONLY": DESK + "test_words_that_would_call_nobody_are_not_named",
        "CANCELLED_ONLY": DESK + "test_words_that_would_call_nobody_are_not_named",
    },
    "functions/handover_reminder_sweep/texts.py": {
        "NOBODY_AVAILABLE": DESK + "test_after_an_apology_the_words_call_a_manager_again",
    },
    "functions/dispatch_notifications/getcourse/texts.py": {
        "NEXT_STEP": "tests/functions/dispatch_notifications/test_dispatch.py::"
        "test_a_mapping_added_later_lets_the_backlog_go",
    },
    "functions/ingest_webhook/whatsapp/customers/texts.py": {
        "NUMBER_CHANGED": CHANGES + "test_the_new_number_leads_to_the_same_conversation_and_replies_go_there",
        "ADDRESS_CHANGED": CHANGES + "test_a_change_of_the_id_alone_keeps_the_number",
        "TAKEN": CHANGES + "test_a_number_that_is_somebody_elses_already_joins_nobody",
        "JOINED": CHANGES + "test_two_halves_of_a_person_go_on_where_people_are_at_work",
        "JOINED_HERE": CHANGES + "test_two_halves_of_a_person_go_on_where_people_are_at_work",
    },
    "functions/telegram_webhook/courses/match_texts.py": {
        "ASKED": MATCH + "test_a_curator_says_who_it_is",
        "CANDIDATES": MATCH + "test_a_curator_says_who_it_is",
    },
    "functions/telegram_webhook/courses/participant_texts.py": {
        "ABSENCE_HELP": ABSENCE + "test_staff_see_it_beside_the_name_and_before_they_mark_all",
        "ANNOUNCED": ABSENCE + "test_staff_see_it_beside_the_name_and_before_they_mark_all",
    },
    "functions/telegram_webhook/starts/texts.py": {
        "ROLES.mentor": STARTS + "test_a_mentor_hears_that_answers_will_come",
        "ROLES.school": STARTS + "test_the_schools_admin_and_whoever_gets_alerts_hear_so",
        "ROLES.alerts": STARTS + "test_the_schools_admin_and_whoever_gets_alerts_hear_so",
        "ROLES.owner": STARTS + "test_a_desks_owner_and_managers_hear_that_requests_come_to_the_group",
        "ROLES.manager": STARTS + "test_a_desks_owner_and_managers_hear_that_requests_come_to_the_group",
        "ROLES.salon": STARTS + "test_a_salons_owner_and_staff_hear_what_comes",
        "ROLES.salon_staff": STARTS + "test_a_salons_owner_and_staff_hear_what_comes",
        "STRANGER": STARTS + "test_a_stranger_hears_the_id_to_pass_on",
        "WAITING": STARTS + "test_what_died_for_want_of_a_start_and_is_still_worth_it_comes_now",
    },
    "functions/telegram_webhook/texts.py": {
        "CHAT_REOPENED": "tests/functions/dispatch_notifications/test_chats.py::"
        "test_a_person_who_comes_back_opens_the_chat_at_once",
    },
    "shared/delivery/alert_texts.py": {
        "ACCOUNT_REFUSED": OUTBOX + "test_alerts.py::test_managers_hear_that_the_key_of_their_account_is_refused",
        "PROBLEMS.bot_refused": OUTBOX + "test_refusals.py::test_a_dead_token_parks_the_bot_and_counts_as_no_attempt",
        "PROBLEMS.topics_off": GROUP_TOPICS
        + "test_what_is_sent_while_topics_are_off_arrives_in_its_old_topics_once_they_are_on",
        "PROBLEMS.chat_paused": OUTBOX + "test_pauses.py::test_a_group_that_has_to_rest_for_long_is_told_of_once",
        "PROBLEMS.bot_paused": OUTBOX + "test_pauses.py::test_a_bot_that_has_to_rest_is_told_of_by_another",
        "PROBLEMS.no_right_to_topics": GROUP_TOPICS
        + "test_topics_that_may_not_be_created_wait_with_all_that_belongs_to_them",
        "PROBLEMS.no_right_to_files": GROUPS + "test_files_that_members_may_not_send_wait_and_texts_of_other_topics_go",
        "PROBLEMS.closed_topic": OUTBOX
        + "test_topics.py::test_a_topic_that_cannot_be_opened_again_lets_its_messages_wait_and_no_others",
        **dict.fromkeys(
            (
                "PROBLEMS.no_right_to_write",
                "PROBLEMS.not_administrator",
                "PROBLEMS.removed_from_group",
                "PROBLEMS.group_not_found",
                "PROBLEMS.group_deleted",
            ),
            GROUPS + "test_a_group_that_cannot_be_written_to_gets_everything_in_order_once_it_can",
        ),
    },
    "functions/telegram_webhook/courses/broadcasts/texts.py": {
        "ALBUM_TAKEN": "tests/functions/telegram_webhook/courses/test_broadcasts.py::"
        "test_an_album_goes_with_all_of_its_files_until_another_message_replaces_it",
    },
    "shared/support/texts.py": {
        "PENDING": "tests/functions/telegram_webhook/support/test_story.py::"
        "test_a_request_is_taken_answered_and_resolved_in_telegram",
        "TIMED_OUT": SWEEP + "test_ladder.py::test_closing_tells_the_client_once_and_takes_the_buttons_off_the_card",
    },
}
# A reason each.
WITHOUT_PROMISE = {
    "functions/answer_conversations/texts.py": {
        "TODAY": "a part of HANDOVER_OPENED_AFTER_HOURS",
        "TOMORROW": "a part of HANDOVER_OPENED_AFTER_HOURS",
        "LATER": "a part of HANDOVER_OPENED_AFTER_HOURS",
    },
    "functions/telegram_webhook/courses/staff_texts.py": {
        "ANNOUNCED": "to staff: says what participants have said",
        "SOME_ANNOUNCED": "to staff: says what participants have said",
    },
    "functions/handover_reminder_sweep/texts.py": {
        "NOBODY_AVAILABLE_ONLY": "says only what was",
        "FIRST_REMINDER": "to managers: says what waits, and what they can do",
        "SECOND_REMINDER": "to managers: says what waits",
        "SECOND_REMINDER_TO_OWNER": "to managers: says what waits",
        "UNKNOWN_ZONE": "to managers: says what is wrong, and what to do",
    },
}


def russian_of(path: Path) -> Iterator[tuple[str, str]]:
    """The names that a module gives to texts (`NAME`, or `NAME.key` in a mapping), each with its Russian text."""
    for node in tree.parse(path).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if not isinstance(target, ast.Name) or not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        entries = [(target.id, node.value)]
        if isinstance(node.value, ast.Dict):
            keys = [str(key.value) if isinstance(key, ast.Constant) else "" for key in node.value.keys]
            entries = [(f"{target.id}.{key}", text) for key, text in zip(keys, node.value.values, strict=True)]
        for name, text in entries:
            yield from ((name, russian) for russian in _russian(text))


def _russian(node: ast.expr) -> Iterator[str]:
    for call in ast.walk(node):
        sides = {keyword.arg: keyword.value for keyword in call.keywords} if isinstance(call, ast.Call) else {}
        if "ru" in sides and "en" in sides:
            parts = (part.value for part in ast.walk(sides["ru"]) if isinstance(part, ast.Constant))
            yield " ".join(part for part in parts if isinstance(part, str))


@pytest.mark.parametrize("path", TEXT_MODULES, ids=tree.relative)
def test_every_promise_is_listed_with_what_keeps_it(path: Path) -> None:
    module = tree.relative(path)
    needed = {name for name, russian in russian_of(path) if module in TO_CUSTOMERS or PROMISING.search(russian)}

    listed = PROMISES.get(module, {}).keys() | WITHOUT_PROMISE.get(module, {}).keys()
    assert listed == needed, "list it in PROMISES, with a test of the row behind it"


@pytest.mark.parametrize("test", sorted({test for tests in PROMISES.values() for test in tests.values()}))
def test_what_keeps_a_promise_is_tested(test: str) -> None:
    path, _, name = test.partition("::")

    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_a_promising_text_without_a_line_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "texts.py"
    module.write_text('A = Text(ru="Менеджер ответит", en="A manager will reply")\nB = Text(ru="Цена", en="Price")\n')

    assert [name for name, russian in russian_of(module) if PROMISING.search(russian)] == ["A"]
