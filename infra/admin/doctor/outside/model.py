"""Doctor: the language model, which several systems ask."""

from functools import partial

from infra.admin.doctor.finding import Finding
from infra.admin.doctor.outside.questions import Question
from infra.admin.probes.llm import lists_model
from shared import config


def model(area: str) -> Question:
    """Whether the model of LLM_API_URL answers us, for the system `area`."""
    return Question(area, "model", "", partial(_ask, area), "a model is set; it was not asked")


def _ask(area: str) -> Finding:
    name = config.load(names=("llm_model",)).llm_model
    if not lists_model():
        step = "correct LLM_MODEL, or ask the provider for access to it"
        return Finding("warning", area, f"the model's server does not list {name}", step)
    return Finding("ok", area, "there is a model, and it answers")
