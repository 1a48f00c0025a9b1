save = Save
copy = Copy
copied = Copied
channels-title = Channels
channels-text = Where customers write. Each endpoint is one app at the provider, with any number of phone numbers behind it.
channels-add = Add a channel
channels-empty-title = No channel yet
channels-empty-text = Add one: you get a webhook address to enter at the provider, and see here when the first message arrives.
channels-requests = Recent requests
channels-no-numbers = No number has been heard of yet
channels-unread =
    { $count ->
        [one] { $count } part of a request could not be read. It is kept.
       *[other] { $count } parts of requests could not be read. They are kept.
    }
channels-unread-see = Look at them
channel-new-title = Add { $channel }
channel-new-which = Which channel
channel-new-do = Add it
channel-name = Name
channel-name-hint = As colleagues know it: Support, or Shop Osaka.
channel-name-empty = Write a name, such as Support.
channel-name-long = Use at most 80 characters, on one line.
channel-secret = App secret
channel-secret-new = New app secret
channel-secret-known = This secret is active already.
channel-token = Verify token
channel-url = Callback URL
channel-waiting = Waiting for the first webhook…
channel-heard = Last request received
channel-sealed = The secrets of this endpoint do not open with the server's present key. Enter the app secret again below; a new verify token is made with it.
channel-accounts = Numbers
channel-no-accounts = A number shows here with its first message.
channel-owner-text = Records for messages to a number belong to its owner, unless the conversation is assigned to somebody.
channel-external = Id at the provider:
channel-owner = Owner
channel-nobody = Nobody
channel-inbox = Inbox
channel-no-inbox = None
channel-owner-saved = The number is saved.
channel-settings = Name and verify token
channel-secrets = App secrets
channel-secrets-active =
    { $count ->
        [one] { $count } active
       *[other] { $count } active
    }
channel-secret-add = Add the secret
channel-secret-retire = Retire the older secret
channel-secret-added = The new secret is active. The one before it stays active until you retire it.
channel-secret-retired = The older secret is retired.
channel-files = Files
channel-files-text = Photos, voice messages and documents are fetched from the provider as soon as their message arrives, and kept here. That takes an access token.
channel-access = Access token
channel-access-there = are fetched
channel-access-none = no access token
channel-access-do = Save the token
channel-access-replace = Replace the token
channel-access-remove = Remove the token
channel-access-set = The access token is saved. Files that waited for it are being fetched.
channel-access-removed = The access token is removed. New files wait until there is one.
channel-saved = Saved.
channel-removed = The endpoint is removed.
channel-remove = Remove this endpoint
channel-remove-title = Remove { $name }?
channel-remove-stays = What has arrived stays: conversations, contacts, deliveries, kept requests, and everything in the CRM. An endpoint that you add later has another address.
channel-remove-do = Remove it
requests-title = Requests to { $name }
requests-text = What the provider posted, as it came, and what became of it. It holds what customers wrote.
requests-empty-title = No request is kept
requests-empty-text = Requests show here as they arrive. They are kept for the number of days that the operator chose.
requests-pages = Pages of requests
requests-newest = Newest
requests-older = Older
requests-bytes =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
requests-pending = waiting to be read
requests-parsed =
    { $count ->
        [one] read: { $count } event
       *[other] read: { $count } events
    }
requests-new = { $count } new
requests-changed = { $count } changed
requests-repeated = { $count } known already
requests-quarantined = { $count } not readable
requests-replay = Replay
requests-replay-text = Replaying reads it again with the present parser. It changes nothing that is already right.
requests-replayed = The request is read again.
request-title = Request
request-outcome = What became of it
request-part = Not readable:
request-headers = Headers
request-body = Body
request-shortened = It is long; only its beginning is shown.
quarantine-title = Parts that could not be read
quarantine-text = Each is kept as it came. After an update that can read it, replay its request.
quarantine-empty-title = Everything was read
quarantine-empty-text = No part of any request waits here.
quarantine-shown = The newest { $count } are shown.
quarantine-raw = What it says
audit-do-channel-add = added a channel
audit-do-channel-change = changed a channel
audit-do-channel-secret_add = added an app secret
audit-do-channel-secret_retire = retired an app secret
audit-do-channel-access_set = entered an access token
audit-do-channel-access_remove = removed an access token
audit-do-channel-remove = removed a channel
audit-do-account-change = changed whose a number is
audit-do-request-replay = replayed a request
audit-key-active = active secrets
audit-key-owner = owner
audit-key-inbox = inbox
