"""Chats of the sandbox and the standing of the bot and of people in them, as the Bot API's objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
"""An object of the Bot API, exactly as it goes over the wire."""

ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

GENERAL_TOPIC = 1
"""Message thread of the topic "General", which every forum has."""

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def member_object(user: Json, status: Status, chat_type: ChatType, rights: dict[str, bool]) -> Json:
    """A ChatMember. `rights` overrides single rights: what an administrator may (default: everything
    but promoting others) or what a restricted member may (default: nothing).

    Raises ValueError for a right the Bot API does not know.
    """
    known = {*ADMIN_RIGHTS, *CHANNEL_RIGHTS, *GROUP_RIGHTS, *MEMBER_RIGHTS, "is_anonymous"}
    if unknown := sorted(set(rights) - known):
        raise ValueError(f"The Bot API knows no such rights: {', '.join(unknown)}")
    member: Json = {"status": status, "user": user}
    if status == "creator":
        member["is_anonymous"] = rights.get("is_anonymous", False)
    elif status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": rights.get("is_anonymous", False)}
        special = CHANNEL_RIGHTS if chat_type == "channel" else GROUP_RIGHTS
        for right in (*ADMIN_RIGHTS, *special):
            member[right] = rights.get(right, right != "can_promote_members")
    elif status == "restricted":
        member |= {"is_member": True, "until_date": 0}
        for right in MEMBER_RIGHTS:
            member[right] = rights.get(right, False)
    elif status == "kicked":
        member["until_date"] = 0
    return member


@dataclass(slots=True)
class Topic:
    """A topic of a forum. `thread`: its message_thread_id."""

    thread: int
    name: str
    icon_color: int
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """One chat. `members`: ChatMember objects by user id, the bot's own among them.

    `started`: (private) the person has written to the bot, which may write back since. `deactivated`:
    (private) the person's account is deleted. `migrated_to`: the supergroup this group became.
    `messages`: by message id, oldest first; service messages among them. `markups`: by message id, the
    ReplyKeyboardMarkup, ReplyKeyboardRemove or ForceReply a message came with (the Message object does not
    tell them). `bot_posts`: ids of messages the bot sent. `pinned`: ids, oldest first.
    """

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    is_forum: bool = False
    started: bool = True
    deactivated: bool = False
    migrated_to: int | None = None
    members: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    markups: dict[int, Json] = field(default_factory=dict)
    bot_posts: set[int] = field(default_factory=set)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    menu_button: Json | None = None
    last_message_id: int = 0

    def object(self) -> Json:
        """The Chat object of the Bot API."""
        found: Json = {"id": self.id, "type": self.type}
        for name in ("title", "username", "first_name", "last_name"):
            value = getattr(self, name)
            if value is not None:
                found[name] = value
        if self.is_forum:
            found["is_forum"] = True
        return found

    def full_object(self) -> Json:
        """The ChatFullInfo object of the Bot API."""
        found = self.object() | {
            "accent_color_id": abs(self.id) % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                (
                    "unlimited_gifts",
                    "limited_gifts",
                    "unique_gifts",
                    "premium_subscription",
                    "gifts_from_channels",
                ),
                False,
            ),
        }
        if self.username:
            found["active_usernames"] = [self.username]
        if self.type in ("group", "supergroup"):
            found["permissions"] = {
                right: right not in ("can_change_info", "can_pin_messages", "can_edit_tag")
                for right in MEMBER_RIGHTS
            }
        if self.pinned and (pinned := self.messages.get(self.pinned[-1])):
            found["pinned_message"] = pinned
        return found

    def status_of(self, user_id: int) -> Status:
        """The member's status; "left" for who was never in it."""
        member = self.members.get(user_id)
        status: Status = member["status"] if member else "left"
        return status

    def may(self, user_id: int, right: str) -> bool:
        """Whether this member has the right (creators have every right, plain members those of members)."""
        member = self.members.get(user_id)
        if member is None:
            return False
        if member["status"] == "creator":
            return True
        if member["status"] == "member":
            return right in MEMBER_RIGHTS
        return bool(member.get(right, member["status"] == "administrator" and right in MEMBER_RIGHTS))

    def is_admin(self, user_id: int) -> bool:
        """Creator or administrator."""
        return self.status_of(user_id) in ("creator", "administrator")
