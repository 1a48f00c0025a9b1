deliveries-title = Deliveries
deliveries-text = Every record that is to stand in your CRM: written, on its way, or waiting, and why.
deliveries-export = Download as CSV
deliveries-causes = What deliveries wait for
deliveries-states = State
deliveries-list = Deliveries
deliveries-pages = Pages of deliveries
deliveries-newest = Newest
deliveries-older = Older
deliveries-count =
    { $count ->
        [one] { $count } delivery
       *[other] { $count } deliveries
    }
deliveries-more-than = more than { $count } deliveries
deliveries-cause = Cause
deliveries-any-cause = Any cause
deliveries-connection = Connection
deliveries-any-connection = Any connection
deliveries-account = Number
deliveries-any-account = Any number
deliveries-filter = Filter
deliveries-all = Show everything
deliveries-of = Only those of { $name }.
deliveries-of-all = Show those of everybody
deliveries-none-title = Nothing fits
deliveries-none-text = No delivery is like what you chose.
deliveries-empty-title = Nothing waits
deliveries-empty-text = When customers write and an integration is active, each record that goes to the CRM stands here.
deliveries-nameless = Somebody without a name
deliveries-messages =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
deliveries-tries =
    { $count ->
        [one] { $count } failed try
       *[other] { $count } failed tries
    }
deliveries-due = Due
deliveries-record = View in the CRM
deliveries-why = Details
deliveries-why-of = Details of the delivery of { $name }
deliveries-retried =
    { $count ->
        [one] { $count } delivery is tried again.
       *[other] { $count } deliveries are tried again.
    }
deliveries-retried-more = { $count } deliveries are tried again. There are more: press again for the rest.
deliveries-retried-none = Nothing of that kind waits any more.
delivery-state-all = All
delivery-state-due = On its way
delivery-state-checking = Being checked
delivery-state-held = Waiting
delivery-state-written = Written
delivery-state-skipped = Left out
act-link = Link to a record
act-retry = Try again
act-recreate = Write it again
act-reconnect = Reconnect
act-resume = Resume
act-wait = Nothing to do
bulk-retry = Try all again
bulk-recreate = Write all again
bulk-reconnect = Reconnect
bulk-resume = Resume
recreate-title = Write them all again?
recreate-text-deleted_in_crm = People deleted these records in the CRM. Writing them again makes new ones.
recreate-text-edited_in_crm = People edited these records in the CRM. Writing them again replaces what they wrote.
cause-grant_lost = Connection lost
cause-other_org = Another organisation
cause-disconnected = Disconnected
cause-no_api_access = No API access
cause-no_api_for_user = User without API access
cause-no_permission = Permission missing
cause-storage_full = CRM storage full
cause-limit_reached = API limit reached
cause-unreachable = CRM does not answer
cause-paused = Integration paused
cause-no_owner = No owner
cause-required_field = Required field empty
cause-rule_refused = Refused by a rule of the CRM
cause-value_refused = Value refused
cause-no_record = No record in the CRM
cause-several_candidates = Several records match
cause-no_address = No number or e-mail
cause-record_locked = Record locked
cause-deleted_in_crm = Deleted in the CRM
cause-edited_in_crm = Edited in the CRM
cause-unexpected = Unexpected answer
crumbs = Where this page stands
entry-title = Delivery of { $name }
entry-how = How it stands
entry-covers =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
entry-left =
    { $count ->
        [one] and { $count } more
       *[other] and { $count } more
    }
entry-in = Received
entry-out = Sent
entry-receipt = Receipt
entry-chat = Open the conversation
entry-contact = Open the contact
entry-why = Why this record
entry-attempts = Tries
entry-untried = Nothing has been sent yet.
entry-retried = It is tried again.
entry-linked = The person is linked. What waited follows by itself.
entry-not-held = It no longer waits; there is nothing to try again.
link-head = Choose the record
link-badge = waits for you
link-module = Kind of record
link-record = Record
link-record-hint = Open the record in the CRM and paste its address here, or its id.
link-record-empty = Paste the record's address or its id.
link-do-record = Link to this record
link-this = Link to this
audit-do-entries-retry = tried all deliveries of a cause again
audit-do-entries-export = downloaded deliveries
audit-key-entries = deliveries
audit-key-recreate = written anew
audit-key-filter = narrowed to
