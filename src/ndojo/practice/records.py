"""Records of lower layers, so that a user interface imports only `practice`."""

from __future__ import annotations

from ndojo.question.loading import Card
from ndojo.store import Answer, Status
from ndojo.study.mock import Debrief
from ndojo.study.rating import RATINGS
from ndojo.study.readiness import NOT_RECENT, Chance, Group

__all__ = ["NOT_RECENT", "RATINGS", "Answer", "Card", "Chance", "Debrief", "Group", "Status"]
