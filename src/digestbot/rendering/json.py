"""A digest as JSON: what a program reads."""

from __future__ import annotations

from typing import Any

from digestbot.model import Digest, DigestStory


def render_json(digest: Digest) -> dict[str, Any]:
    """The digest as plain lists, strings and numbers; times in ISO 8601, UTC; spans in code points."""
    return {
        "since": digest.window.since.isoformat(),
        "until": digest.window.until.isoformat(),
        "composed": digest.composed.isoformat(),
        "zone": digest.settings.zone,
        "leading": list(digest.leading),
        "stories": [_story(story) for story in digest.stories],
        "coverage": {
            "documents": digest.coverage.documents,
            "publishers": digest.coverage.publishers,
            "failures": list(digest.coverage.failures),
            "silent_sources": list(digest.coverage.silent_sources),
            "left_out": list(digest.coverage.left_out),
        },
    }


def _story(story: DigestStory) -> dict[str, Any]:
    return {
        "number": story.number,
        "headline": story.headline,
        "url": story.url,
        "region": story.region,
        "language": story.language,
        "published": story.published.isoformat(),
        "publishers": list(story.publishers),
        "changed": story.changed,
        "continues": story.continues.isoformat() if story.continues else None,
        "edits": [{"before": edit.before, "after": edit.after} for edit in story.edits],
        "bullets": [
            {
                "number": bullet.number,
                "text": bullet.text,
                "start": bullet.start,
                "end": bullet.end,
                "context": bullet.context,
                "publisher": bullet.publisher,
                "url": bullet.url,
            }
            for bullet in story.bullets
        ],
        "conditions": [
            {
                "text": found.condition.text,
                "sentence": found.condition.sentence,
                "start": found.condition.start,
                "end": found.condition.end,
                "type": found.condition.type.value,
                "domain": found.condition.domain.value,
                "holder": found.condition.holder,
                "addressee": found.condition.addressee,
                "speaker": found.condition.speaker,
                "deadline": found.condition.deadline,
                "hedged": found.condition.hedged,
                "negated": found.condition.negated,
                "status": found.status,
                "before": found.before,
                "report": found.report,
            }
            for found in story.conditions
        ],
        "actors": [
            {
                "name": actor.name,
                "kind": actor.kind.value,
                "country": actor.country,
                "role": actor.role,
            }
            for actor in story.actors
        ],
        "reasons": list(story.reasons),
    }
