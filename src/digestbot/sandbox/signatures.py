"""Names, parameters and types of the Bot API 10.0 as far as the sandbox knows them: facts, no behaviour.

One entry begins at the left margin: `name: field; field; …`. A field is `name: types`, with `!` after the
name where it is required; types are separated by `|`, and `String=photo` allows that value alone.
`one of A; B` is a type with subtypes. A test compares every entry with the specification where it is at hand.
"""

from __future__ import annotations

METHODS = """
getMe:
logOut:
close:
getUpdates: offset: Integer; limit: Integer; timeout: Integer; allowed_updates: Array of String
setWebhook: url!: String; certificate: InputFile; ip_address: String; max_connections: Integer;
    allowed_updates: Array of String; drop_pending_updates: Boolean; secret_token: String
deleteWebhook: drop_pending_updates: Boolean
getWebhookInfo:
sendMessage: business_connection_id: String; chat_id!: Integer|String; message_thread_id: Integer;
    direct_messages_topic_id: Integer; text!: String; parse_mode: String; entities: Array of
    MessageEntity; link_preview_options: LinkPreviewOptions; disable_notification: Boolean;
    protect_content: Boolean; allow_paid_broadcast: Boolean; message_effect_id: String;
    suggested_post_parameters: SuggestedPostParameters; reply_parameters: ReplyParameters; reply_markup:
    InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
sendPhoto: business_connection_id: String; chat_id!: Integer|String; message_thread_id: Integer;
    direct_messages_topic_id: Integer; photo!: InputFile|String; caption: String; parse_mode: String;
    caption_entities: Array of MessageEntity; show_caption_above_media: Boolean; has_spoiler: Boolean;
    disable_notification: Boolean; protect_content: Boolean; allow_paid_broadcast: Boolean;
    message_effect_id: String; suggested_post_parameters: SuggestedPostParameters; reply_parameters:
    ReplyParameters; reply_markup:
    InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
sendDocument: business_connection_id: String; chat_id!: Integer|String; message_thread_id: Integer;
    direct_messages_topic_id: Integer; document!: InputFile|String; thumbnail: InputFile|String; caption:
    String; parse_mode: String; caption_entities: Array of MessageEntity; disable_content_type_detection:
    Boolean; disable_notification: Boolean; protect_content: Boolean; allow_paid_broadcast: Boolean;
    message_effect_id: String; suggested_post_parameters: SuggestedPostParameters; reply_parameters:
    ReplyParameters; reply_markup:
    InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
sendMediaGroup: business_connection_id: String; chat_id!: Integer|String; message_thread_id: Integer;
    direct_messages_topic_id: Integer; media!: Array of InputMediaAudio|Array of InputMediaDocument|Array
    of InputMediaLivePhoto|Array of InputMediaPhoto|Array of InputMediaVideo; disable_notification:
    Boolean; protect_content: Boolean; allow_paid_broadcast: Boolean; message_effect_id: String;
    reply_parameters: ReplyParameters
sendLocation: business_connection_id: String; chat_id!: Integer|String; message_thread_id: Integer;
    direct_messages_topic_id: Integer; latitude!: Float; longitude!: Float; horizontal_accuracy: Float;
    live_period: Integer; heading: Integer; proximity_alert_radius: Integer; disable_notification:
    Boolean; protect_content: Boolean; allow_paid_broadcast: Boolean; message_effect_id: String;
    suggested_post_parameters: SuggestedPostParameters; reply_parameters: ReplyParameters; reply_markup:
    InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
sendChatAction: business_connection_id: String; chat_id!: Integer|String; message_thread_id: Integer;
    action!: String
forwardMessage: chat_id!: Integer|String; message_thread_id: Integer; direct_messages_topic_id: Integer;
    from_chat_id!: Integer|String; video_start_timestamp: Integer; disable_notification: Boolean;
    protect_content: Boolean; message_effect_id: String; suggested_post_parameters:
    SuggestedPostParameters; message_id!: Integer
copyMessage: chat_id!: Integer|String; message_thread_id: Integer; direct_messages_topic_id: Integer;
    from_chat_id!: Integer|String; message_id!: Integer; video_start_timestamp: Integer; caption: String;
    parse_mode: String; caption_entities: Array of MessageEntity; show_caption_above_media: Boolean;
    disable_notification: Boolean; protect_content: Boolean; allow_paid_broadcast: Boolean;
    message_effect_id: String; suggested_post_parameters: SuggestedPostParameters; reply_parameters:
    ReplyParameters; reply_markup:
    InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
editMessageText: business_connection_id: String; chat_id: Integer|String; message_id: Integer;
    inline_message_id: String; text!: String; parse_mode: String; entities: Array of MessageEntity;
    link_preview_options: LinkPreviewOptions; reply_markup: InlineKeyboardMarkup
editMessageCaption: business_connection_id: String; chat_id: Integer|String; message_id: Integer;
    inline_message_id: String; caption: String; parse_mode: String; caption_entities: Array of
    MessageEntity; show_caption_above_media: Boolean; reply_markup: InlineKeyboardMarkup
editMessageMedia: business_connection_id: String; chat_id: Integer|String; message_id: Integer;
    inline_message_id: String; media!: InputMedia; reply_markup: InlineKeyboardMarkup
editMessageReplyMarkup: business_connection_id: String; chat_id: Integer|String; message_id: Integer;
    inline_message_id: String; reply_markup: InlineKeyboardMarkup
deleteMessage: chat_id!: Integer|String; message_id!: Integer
deleteMessages: chat_id!: Integer|String; message_ids!: Array of Integer
pinChatMessage: business_connection_id: String; chat_id!: Integer|String; message_id!: Integer;
    disable_notification: Boolean
unpinChatMessage: business_connection_id: String; chat_id!: Integer|String; message_id: Integer
setMessageReaction: chat_id!: Integer|String; message_id!: Integer; reaction: Array of ReactionType;
    is_big: Boolean
answerCallbackQuery: callback_query_id!: String; text: String; show_alert: Boolean; url: String;
    cache_time: Integer
answerInlineQuery: inline_query_id!: String; results!: Array of InlineQueryResult; cache_time: Integer;
    is_personal: Boolean; next_offset: String; button: InlineQueryResultsButton
getFile: file_id!: String
getChat: chat_id!: Integer|String
getChatMember: chat_id!: Integer|String; user_id!: Integer
getChatAdministrators: chat_id!: Integer|String; return_bots: Boolean
getChatMemberCount: chat_id!: Integer|String
leaveChat: chat_id!: Integer|String
createForumTopic: chat_id!: Integer|String; name!: String; icon_color: Integer; icon_custom_emoji_id:
    String
closeForumTopic: chat_id!: Integer|String; message_thread_id!: Integer
reopenForumTopic: chat_id!: Integer|String; message_thread_id!: Integer
setMyCommands: commands!: Array of BotCommand; scope: BotCommandScope; language_code: String
getMyCommands: scope: BotCommandScope; language_code: String
deleteMyCommands: scope: BotCommandScope; language_code: String
setMyName: name: String; language_code: String
getMyName: language_code: String
setMyDescription: description: String; language_code: String
getMyDescription: language_code: String
setMyShortDescription: short_description: String; language_code: String
getMyShortDescription: language_code: String
setChatMenuButton: chat_id: Integer; menu_button: MenuButton
getChatMenuButton: chat_id: Integer
getMyStarBalance:
"""

TYPES = """
MessageEntity: type!: String; offset!: Integer; length!: Integer; url: String; user: User; language:
    String; custom_emoji_id: String; unix_time: Integer; date_time_format: String
LinkPreviewOptions: is_disabled: Boolean; url: String; prefer_small_media: Boolean; prefer_large_media:
    Boolean; show_above_text: Boolean
SuggestedPostParameters: price: SuggestedPostPrice; send_date: Integer
ReplyParameters: message_id!: Integer; chat_id: Integer|String; allow_sending_without_reply: Boolean;
    quote: String; quote_parse_mode: String; quote_entities: Array of MessageEntity; quote_position:
    Integer; checklist_task_id: Integer; poll_option_id: String
InlineKeyboardMarkup: inline_keyboard!: Array of Array of InlineKeyboardButton
ReplyKeyboardMarkup: keyboard!: Array of Array of KeyboardButton; is_persistent: Boolean;
    resize_keyboard: Boolean; one_time_keyboard: Boolean; input_field_placeholder: String; selective:
    Boolean
ReplyKeyboardRemove: remove_keyboard!: Boolean; selective: Boolean
ForceReply: force_reply!: Boolean; input_field_placeholder: String; selective: Boolean
InputMediaAudio: type!: String=audio; media!: String; thumbnail: String; caption: String; parse_mode:
    String; caption_entities: Array of MessageEntity; duration: Integer; performer: String; title: String
InputMediaDocument: type!: String=document; media!: String; thumbnail: String; caption: String;
    parse_mode: String; caption_entities: Array of MessageEntity; disable_content_type_detection: Boolean
InputMediaLivePhoto: type!: String=live_photo; media!: String; photo!: String; caption: String;
    parse_mode: String; caption_entities: Array of MessageEntity; show_caption_above_media: Boolean;
    has_spoiler: Boolean
InputMediaPhoto: type!: String=photo; media!: String; caption: String; parse_mode: String;
    caption_entities: Array of MessageEntity; show_caption_above_media: Boolean; has_spoiler: Boolean
InputMediaVideo: type!: String=video; media!: String; thumbnail: String; cover: String; start_timestamp:
    Integer; caption: String; parse_mode: String; caption_entities: Array of MessageEntity;
    show_caption_above_media: Boolean; width: Integer; height: Integer; duration: Integer;
    supports_streaming: Boolean; has_spoiler: Boolean
InputMedia: one of InputMediaAnimation; InputMediaAudio; InputMediaDocument; InputMediaLivePhoto;
    InputMediaPhoto; InputMediaVideo
ReactionType: one of ReactionTypeEmoji; ReactionTypeCustomEmoji; ReactionTypePaid
InlineQueryResult: one of InlineQueryResultCachedAudio; InlineQueryResultCachedDocument;
    InlineQueryResultCachedGif; InlineQueryResultCachedMpeg4Gif; InlineQueryResultCachedPhoto;
    InlineQueryResultCachedSticker; InlineQueryResultCachedVideo; InlineQueryResultCachedVoice;
    InlineQueryResultArticle; InlineQueryResultAudio; InlineQueryResultContact; InlineQueryResultGame;
    InlineQueryResultDocument; InlineQueryResultGif; InlineQueryResultLocation;
    InlineQueryResultMpeg4Gif; InlineQueryResultPhoto; InlineQueryResultVenue; InlineQueryResultVideo;
    InlineQueryResultVoice
InlineQueryResultsButton: text!: String; web_app: WebAppInfo; start_parameter: String
BotCommand: command!: String; description!: String
BotCommandScope: one of BotCommandScopeDefault; BotCommandScopeAllPrivateChats;
    BotCommandScopeAllGroupChats; BotCommandScopeAllChatAdministrators; BotCommandScopeChat;
    BotCommandScopeChatAdministrators; BotCommandScopeChatMember
MenuButton: one of MenuButtonCommands; MenuButtonWebApp; MenuButtonDefault
User: id!: Integer; is_bot!: Boolean; first_name!: String; last_name: String; username: String;
    language_code: String; is_premium: Boolean; added_to_attachment_menu: Boolean; can_join_groups:
    Boolean; can_read_all_group_messages: Boolean; supports_guest_queries: Boolean;
    supports_inline_queries: Boolean; can_connect_to_business: Boolean; has_main_web_app: Boolean;
    has_topics_enabled: Boolean; allows_users_to_create_topics: Boolean; can_manage_bots: Boolean
SuggestedPostPrice: currency!: String; amount!: Integer
InlineKeyboardButton: text!: String; icon_custom_emoji_id: String; style: String; url: String;
    callback_data: String; web_app: WebAppInfo; login_url: LoginUrl; switch_inline_query: String;
    switch_inline_query_current_chat: String; switch_inline_query_chosen_chat:
    SwitchInlineQueryChosenChat; copy_text: CopyTextButton; callback_game: CallbackGame; pay: Boolean
KeyboardButton: text!: String; icon_custom_emoji_id: String; style: String; request_users:
    KeyboardButtonRequestUsers; request_chat: KeyboardButtonRequestChat; request_managed_bot:
    KeyboardButtonRequestManagedBot; request_contact: Boolean; request_location: Boolean; request_poll:
    KeyboardButtonPollType; web_app: WebAppInfo
InputMediaAnimation: type!: String=animation; media!: String; thumbnail: String; caption: String;
    parse_mode: String; caption_entities: Array of MessageEntity; show_caption_above_media: Boolean;
    width: Integer; height: Integer; duration: Integer; has_spoiler: Boolean
ReactionTypeEmoji: type!: String=emoji; emoji!: String
ReactionTypeCustomEmoji: type!: String=custom_emoji; custom_emoji_id!: String
ReactionTypePaid: type!: String=paid
InlineQueryResultCachedAudio: type!: String=audio; id!: String; audio_file_id!: String; caption: String;
    parse_mode: String; caption_entities: Array of MessageEntity; reply_markup: InlineKeyboardMarkup;
    input_message_content: InputMessageContent
InlineQueryResultCachedDocument: type!: String=document; id!: String; title!: String; document_file_id!:
    String; description: String; caption: String; parse_mode: String; caption_entities: Array of
    MessageEntity; reply_markup: InlineKeyboardMarkup; input_message_content: InputMessageContent
InlineQueryResultCachedGif: type!: String=gif; id!: String; gif_file_id!: String; title: String; caption:
    String; parse_mode: String; caption_entities: Array of MessageEntity; show_caption_above_media:
    Boolean; reply_markup: InlineKeyboardMarkup; input_message_content: InputMessageContent
InlineQueryResultCachedMpeg4Gif: type!: String=mpeg4_gif; id!: String; mpeg4_file_id!: String; title:
    String; caption: String; parse_mode: String; caption_entities: Array of MessageEntity;
    show_caption_above_media: Boolean; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent
InlineQueryResultCachedPhoto: type!: String=photo; id!: String; photo_file_id!: String; title: String;
    description: String; caption: String; parse_mode: String; caption_entities: Array of MessageEntity;
    show_caption_above_media: Boolean; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent
InlineQueryResultCachedSticker: type!: String=sticker; id!: String; sticker_file_id!: String;
    reply_markup: InlineKeyboardMarkup; input_message_content: InputMessageContent
InlineQueryResultCachedVideo: type!: String=video; id!: String; video_file_id!: String; title!: String;
    description: String; caption: String; parse_mode: String; caption_entities: Array of MessageEntity;
    show_caption_above_media: Boolean; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent
InlineQueryResultCachedVoice: type!: String=voice; id!: String; voice_file_id!: String; title!: String;
    caption: String; parse_mode: String; caption_entities: Array of MessageEntity; reply_markup:
    InlineKeyboardMarkup; input_message_content: InputMessageContent
InlineQueryResultArticle: type!: String=article; id!: String; title!: String; input_message_content!:
    InputMessageContent; reply_markup: InlineKeyboardMarkup; url: String; description: String;
    thumbnail_url: String; thumbnail_width: Integer; thumbnail_height: Integer
InlineQueryResultAudio: type!: String=audio; id!: String; audio_url!: String; title!: String; caption:
    String; parse_mode: String; caption_entities: Array of MessageEntity; performer: String;
    audio_duration: Integer; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent
InlineQueryResultContact: type!: String=contact; id!: String; phone_number!: String; first_name!: String;
    last_name: String; vcard: String; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent; thumbnail_url: String; thumbnail_width: Integer; thumbnail_height: Integer
InlineQueryResultGame: type!: String=game; id!: String; game_short_name!: String; reply_markup:
    InlineKeyboardMarkup
InlineQueryResultDocument: type!: String=document; id!: String; title!: String; caption: String;
    parse_mode: String; caption_entities: Array of MessageEntity; document_url!: String; mime_type!:
    String; description: String; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent; thumbnail_url: String; thumbnail_width: Integer; thumbnail_height: Integer
InlineQueryResultGif: type!: String=gif; id!: String; gif_url!: String; gif_width: Integer; gif_height:
    Integer; gif_duration: Integer; thumbnail_url!: String; thumbnail_mime_type: String; title: String;
    caption: String; parse_mode: String; caption_entities: Array of MessageEntity;
    show_caption_above_media: Boolean; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent
InlineQueryResultLocation: type!: String=location; id!: String; latitude!: Float; longitude!: Float;
    title!: String; horizontal_accuracy: Float; live_period: Integer; heading: Integer;
    proximity_alert_radius: Integer; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent; thumbnail_url: String; thumbnail_width: Integer; thumbnail_height: Integer
InlineQueryResultMpeg4Gif: type!: String=mpeg4_gif; id!: String; mpeg4_url!: String; mpeg4_width:
    Integer; mpeg4_height: Integer; mpeg4_duration: Integer; thumbnail_url!: String; thumbnail_mime_type:
    String; title: String; caption: String; parse_mode: String; caption_entities: Array of MessageEntity;
    show_caption_above_media: Boolean; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent
InlineQueryResultPhoto: type!: String=photo; id!: String; photo_url!: String; thumbnail_url!: String;
    photo_width: Integer; photo_height: Integer; title: String; description: String; caption: String;
    parse_mode: String; caption_entities: Array of MessageEntity; show_caption_above_media: Boolean;
    reply_markup: InlineKeyboardMarkup; input_message_content: InputMessageContent
InlineQueryResultVenue: type!: String=venue; id!: String; latitude!: Float; longitude!: Float; title!:
    String; address!: String; foursquare_id: String; foursquare_type: String; google_place_id: String;
    google_place_type: String; reply_markup: InlineKeyboardMarkup; input_message_content:
    InputMessageContent; thumbnail_url: String; thumbnail_width: Integer; thumbnail_height: Integer
InlineQueryResultVideo: type!: String=video; id!: String; video_url!: String; mime_type!: String;
    thumbnail_url!: String; title!: String; caption: String; parse_mode: String; caption_entities: Array
    of MessageEntity; show_caption_above_media: Boolean; video_width: Integer; video_height: Integer;
    video_duration: Integer; description: String; reply_markup: InlineKeyboardMarkup;
    input_message_content: InputMessageContent
InlineQueryResultVoice: type!: String=voice; id!: String; voice_url!: String; title!: String; caption:
    String; parse_mode: String; caption_entities: Array of MessageEntity; voice_duration: Integer;
    reply_markup: InlineKeyboardMarkup; input_message_content: InputMessageContent
WebAppInfo: url!: String
BotCommandScopeDefault: type!: String=default
BotCommandScopeAllPrivateChats: type!: String=all_private_chats
BotCommandScopeAllGroupChats: type!: String=all_group_chats
BotCommandScopeAllChatAdministrators: type!: String=all_chat_administrators
BotCommandScopeChat: type!: String=chat; chat_id!: Integer|String
BotCommandScopeChatAdministrators: type!: String=chat_administrators; chat_id!: Integer|String
BotCommandScopeChatMember: type!: String=chat_member; chat_id!: Integer|String; user_id!: Integer
MenuButtonCommands: type!: String=commands
MenuButtonWebApp: type!: String=web_app; text!: String; web_app!: WebAppInfo
MenuButtonDefault: type!: String=default
LoginUrl: url!: String; forward_text: String; bot_username: String; request_write_access: Boolean
SwitchInlineQueryChosenChat: query: String; allow_user_chats: Boolean; allow_bot_chats: Boolean;
    allow_group_chats: Boolean; allow_channel_chats: Boolean
CopyTextButton: text!: String
CallbackGame:
KeyboardButtonRequestUsers: request_id!: Integer; user_is_bot: Boolean; user_is_premium: Boolean;
    max_quantity: Integer; request_name: Boolean; request_username: Boolean; request_photo: Boolean
KeyboardButtonRequestChat: request_id!: Integer; chat_is_channel!: Boolean; chat_is_forum: Boolean;
    chat_has_username: Boolean; chat_is_created: Boolean; user_administrator_rights:
    ChatAdministratorRights; bot_administrator_rights: ChatAdministratorRights; bot_is_member: Boolean;
    request_title: Boolean; request_username: Boolean; request_photo: Boolean
KeyboardButtonRequestManagedBot: request_id!: Integer; suggested_name: String; suggested_username: String
KeyboardButtonPollType: type: String
InputMessageContent: one of InputTextMessageContent; InputLocationMessageContent;
    InputVenueMessageContent; InputContactMessageContent; InputInvoiceMessageContent
ChatAdministratorRights: is_anonymous!: Boolean; can_manage_chat!: Boolean; can_delete_messages!:
    Boolean; can_manage_video_chats!: Boolean; can_restrict_members!: Boolean; can_promote_members!:
    Boolean; can_change_info!: Boolean; can_invite_users!: Boolean; can_post_stories!: Boolean;
    can_edit_stories!: Boolean; can_delete_stories!: Boolean; can_post_messages: Boolean;
    can_edit_messages: Boolean; can_pin_messages: Boolean; can_manage_topics: Boolean;
    can_manage_direct_messages: Boolean; can_manage_tags: Boolean
InputTextMessageContent: message_text!: String; parse_mode: String; entities: Array of MessageEntity;
    link_preview_options: LinkPreviewOptions
InputLocationMessageContent: latitude!: Float; longitude!: Float; horizontal_accuracy: Float;
    live_period: Integer; heading: Integer; proximity_alert_radius: Integer
InputVenueMessageContent: latitude!: Float; longitude!: Float; title!: String; address!: String;
    foursquare_id: String; foursquare_type: String; google_place_id: String; google_place_type: String
InputContactMessageContent: phone_number!: String; first_name!: String; last_name: String; vcard: String
InputInvoiceMessageContent: title!: String; description!: String; payload!: String; provider_token:
    String; currency!: String; prices!: Array of LabeledPrice; max_tip_amount: Integer;
    suggested_tip_amounts: Array of Integer; provider_data: String; photo_url: String; photo_size:
    Integer; photo_width: Integer; photo_height: Integer; need_name: Boolean; need_phone_number: Boolean;
    need_email: Boolean; need_shipping_address: Boolean; send_phone_number_to_provider: Boolean;
    send_email_to_provider: Boolean; is_flexible: Boolean
LabeledPrice: label!: String; amount!: Integer
"""
