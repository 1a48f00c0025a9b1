inbox-beside = About this person
inbox-group-title = A group
inbox-group-text = Several people talk here, so no single CRM record stands beside it.
inbox-list = Conversations
inbox-choose-title = Choose a conversation
inbox-choose-text = Pick one from the list. The CRM's fields of the person appear beside it. Press ? for keyboard shortcuts.
inbox-search = Search name, number or e-mail
inbox-search-short = Search
inbox-status = Status
inbox-filter = Filter
inbox-assignee = Assigned to
inbox-place = Channel
inbox-unread = Only unread
inbox-apply = Apply
inbox-clear = Show all
inbox-older = Older
inbox-newest = Newest
inbox-no-message = No message yet
inbox-assigned-to = Assigned to
inbox-us = From us
inbox-them = From the customer
inbox-unread-count =
    { $count ->
        [one] { $count } unread message
       *[other] { $count } unread messages
    }
inbox-none-title = Nothing found
inbox-none-text = No conversation matches the search and the filters. Names are found from the beginning of a word, numbers by their last four digits or more.
inbox-done-title = All done
inbox-done-text = No conversation is open. New messages appear here by themselves.
inbox-empty-title = No conversations
inbox-empty-text = Nothing here yet. New messages appear by themselves.
inbox-anybody = Anybody
inbox-nobody = Nobody
inbox-me = Me
inbox-anywhere = All channels
inbox-no-member = That is no active member of this workspace. Nothing was changed; choose somebody else.
inbox-inactive = { $name } (inactive)
inbox-no-name = Unknown
inbox-group = Group

status-all = All
status-open = Open
status-pending = Pending
status-closed = Closed

thread-label = Conversation with { $name }
thread-items = Messages
thread-earlier = Load earlier
thread-begin = This is where the conversation begins.
thread-back = Back to the list
thread-assign = Assign
thread-read = Mark as read

memo-label = Memo
memo-placeholder = A note for your team. The customer does not see it.
memo-hint = Ctrl+Enter saves. Memos stay in Causeway.
memo-save = Save memo
memo-empty = Write something first.
memo-long =
    { $count ->
        [one] The memo has { $count } character; { $most } is the most.
       *[other] The memo has { $count } characters; { $most } is the most.
    }
memo-nul = The memo holds a character (U+0000) that cannot be kept. Remove it.

item-memo = Memo
item-nothing = No text
item-revoked = This message was deleted for everyone
item-edited = edited
item-before = Before the edit
item-history = from before the connection
item-location = Location
item-card = Contact card
item-order =
    { $count ->
        [one] Order of { $count } product
       *[other] Order of { $count } products
    }
item-unsupported = Unsupported: { $kind }
item-quote-unknown = A message that is not here
item-reacted = Reacted { $emoji } to a message that is not here
item-reaction-gone = Took a reaction back
item-assigned = { $by } assigned this to { $to }
item-unassigned = { $by } took the assignment away
item-status = { $by } marked this as { $status }
item-somebody = Somebody
file-image = Picture
file-video = Video
file-audio = Sound
file-voice = Voice message
file-document = Document
file-sticker = Sticker
file-coming = is being fetched…
file-again = could not be fetched yet; it is tried again
file-fetch = Fetch it again
file-why = Why?
file-opens = Opens in a new tab
file-too-large = It is larger than this workspace keeps.
file-type-refused = This workspace keeps no files of its type.
file-gone = The provider does not have it any more.
file-no-access = It could not be fetched: the channel has no access token that the provider takes.
file-host-refused = It was not fetched: it lies at an address that nobody allowed.
file-wrong-content = What came was not the file that was announced.
file-unreachable = It could not be fetched in several days.
delivery-sent = Sent
delivery-failed = Not delivered
delivery-delivered = Delivered
delivery-read = Read
delivery-played = Played
