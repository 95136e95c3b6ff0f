"""Runs in Kolibri's own shell: one pupil's laptop, syncing 20 new attempts some times."""

from __future__ import annotations

import json
import logging
import os
import time
import uuid

from django.core.management import call_command
from django.utils import timezone
from kolibri.core.auth.models import FacilityUser
from kolibri.core.logger.models import (
    AttemptLog,
    ContentSessionLog,
    ContentSummaryLog,
    MasteryLog,
)

logging.disable(logging.INFO)
PUPIL = json.loads(os.environ["KERUEN_PUPIL"])


def sync():
    started_s = time.time()
    call_command(
        "sync",
        baseurl=PUPIL["url"],
        facility=PUPIL["facility"],
        user=PUPIL["id"],
        username=PUPIL["name"],
        password=PUPIL["password"],
        noninteractive=True,
    )
    return [started_s, time.time()]


def start_lesson():
    user, now = FacilityUser.objects.get(id=PUPIL["id"]), timezone.now()
    lesson = {
        "user": user,
        "content_id": uuid.uuid4().hex,
        "channel_id": uuid.uuid4().hex,
        "start_timestamp": now,
        "kind": "exercise",
    }
    summary = ContentSummaryLog.objects.create(**lesson)
    session = ContentSessionLog.objects.create(**lesson)
    mastery = MasteryLog.objects.create(
        user=user, summarylog=summary, start_timestamp=now, mastery_level=1
    )
    return {"user": user, "sessionlog": session, "masterylog": mastery}


def attempt(lesson, item):
    now = timezone.now()
    AttemptLog.objects.create(
        **lesson,
        item=item,
        start_timestamp=now,
        end_timestamp=now,
        correct=1,
        time_spent=12,
        answer={"root": "5"},
        simple_answer="5",
        interaction_history=[],
    )


def main():
    sync()
    lesson, spans = start_lesson(), []
    for number in range(PUPIL["rounds"]):
        for item in range(20):
            attempt(lesson, f"{number}-{item}")
        spans.append(sync())
    print("SPANS " + json.dumps(spans), flush=True)


main()
