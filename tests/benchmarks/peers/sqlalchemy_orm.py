"""The usual way, done well: a Flask function, a kept engine, one ORM insert and one commit per request."""

import os
from datetime import datetime
from typing import Any

from flask import Request
from sqlalchemy import BigInteger, DateTime, Identity, String, create_engine
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine(os.environ["DATABASE_URL"], pool_size=16, max_overflow=0)  # a connection for each thread


class Base(DeclarativeBase):
    """What SQLAlchemy asks for."""


class WebhookEvent(Base):
    """The columns that a webhook fills; the table has all of getcourse.webhook_events."""

    __tablename__ = "sqlalchemy_orm"
    __table_args__ = {"schema": "peer"}  # noqa: RUF012 - SQLAlchemy's own spelling

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source_id: Mapped[int] = mapped_column(BigInteger)
    event_date: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    user_id: Mapped[str] = mapped_column(String(50))
    user_email: Mapped[str] = mapped_column(String(255))
    answer_id: Mapped[str] = mapped_column(String(50))
    answer_training_id: Mapped[str] = mapped_column(String(50))
    answer_lesson_id: Mapped[str] = mapped_column(String(50))
    answer_status: Mapped[str] = mapped_column(String(50))
    answer_text: Mapped[str]
    raw_payload: Mapped[dict[str, Any]] = mapped_column(JSONB)


def sqlalchemy_orm(request: Request) -> dict[str, int]:
    """Store one webhook."""
    body = request.get_json()
    event = WebhookEvent(
        source_id=1,
        event_date=datetime.fromisoformat(body["event_date"]),
        user_id=body["user_id"],
        user_email=body["user_email"],
        answer_id=body["answer_id"],
        answer_training_id=body["answer_training_id"],
        answer_lesson_id=body["answer_lesson_id"],
        answer_status=body["answer_status"],
        answer_text=body["answer_text"],
        raw_payload=body,
    )
    with Session(engine) as session:
        session.add(event)
        session.commit()
    return {"stored": 1}
