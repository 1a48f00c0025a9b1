integrations-title = Integrations
integrations-text = Connect your CRM: its fields stand beside each conversation, and conversations are written to its records.
connections-title = Connections
connections-none = Nothing is connected yet
connections-none-text = Conversations work without a CRM. Once one is connected, each customer’s record stands beside the conversation, and you choose whether messages are written there.
offers-title = Catalogue
offer-connected = { $count ->
    [one] { $count } org connected
   *[other] { $count } orgs connected
  }
connect-crm = Connect { $crm }
connect-another = Connect another org
manage = Manage

standing-connected = Connected
standing-lost = Connection lost
standing-other-org = Leads to another org
standing-disconnected = Disconnected
working-draft = Draft
working-active = Active
working-paused = Paused
use-draft = Changes in draft

environment-production = Production
environment-sandbox = Sandbox
environment = Which login
login-listed = The operator of this server lists this host.
host = Host of the login

acting-user = Acts as
login-host = Logs in at
connected-since = Connected
connected-by = by { $name }
used-by = Used by
used-by-nothing = Nothing is synchronised yet
use-sync = Chat sync
lost-text = The CRM no longer accepts this connection. Messages wait and are written once it is renewed.
other-org-text = The connection now leads to another organisation. Nothing is written there.
disconnected-text = Somebody disconnected it. What was written stays in the CRM; what comes, waits.
scopes-missing = This connection needs renewal: permission missing: { $scopes }.
rests = It rests until { $time }, then goes on by itself.
grants-many = { $user } is connected { $used } times through this server, counting every workspace. { $crm } lets one user hold { $most } grants per app: with each further one the oldest ends without a word. Connect as another user, such as one made for integrations.
missing-title = { $count ->
    [one] A permission is missing
   *[other] { $count } permissions are missing
  }
missing-fatal = Chat sync needs it
reconnect = Reconnect
renew = Renew
disconnect = Disconnect
connection-state = State
usage = { $used } of { $limit } API calls of the org used in the last 24 hours
usage-label = API calls of the org
calls-title = API calls
calls-none = We made no calls today.
calls-today = { $count ->
    [one] We made { $count } call today
   *[other] We made { $count } calls today
  }
purpose-panel = Panels that people look at
purpose-asked = What people ask for on a page
purpose-message = New messages
purpose-backfill = Old messages
purpose-check = Looking for changes
calls-enough = Enough
calls-near = Running short
calls-stopped = Waiting for calls
calls-unknown = No limit known
calls-bar = Of { $limit } calls a day others used { $others }, Causeway { $ours }; { $reserve } % is left to others.
calls-others = Other applications
calls-ours = Causeway
calls-reserve = Left to others
calls-limit = Limit of the org
calls-told = As { $org } told { $time }. Everything that is connected to the org counts together, in every workspace.
calls-no-limit = { $org } has not told its limit yet. A CRM tells it with its answers; some only once half of it is used.
calls-for = For
calls-window = Last 24 hours
calls-day = Today
calls-all-ours = Causeway
calls-everybody = Everybody
calls-none-yet = –
calls-ahead-few = How long they last is told once there are enough readings: about half an hour of calls.
calls-ahead-never = At this rate they last: calls of a day ago come back before they run out.
calls-ahead-at = At this rate what messages may use is spent { $when }.
calls-stops-limit = Messages wait, because the org’s calls are used up. They are looked at again { $when }.
calls-stops-reserve = Messages wait, because what remains is left to others. They are looked at again { $when }.
calls-stops-share = Messages wait, because Causeway has spent its share. They are looked at again { $when }.
calls-goes-on = They should go on { $when }. Panels are still read.
calls-goes-on-few = When they go on cannot be told yet; the org is asked by itself. Panels are still read.
calls-waiting = { $count ->
    [one] { $count } entry waits; writing it takes about { $calls } calls.
   *[other] { $count } entries wait; writing them takes about { $calls } calls.
  }
calls-waiting-one = { $count ->
    [one] { $count } entry waits; writing it takes one call.
   *[other] { $count } entries wait; writing them takes one call.
  }
calls-waiting-none = Nothing waits.
calls-written = All of it should be written { $when }.
calls-written-soon = All of it is written within minutes.
calls-written-never = When all of it is written cannot be told.
calls-widened = Calls have run short since { $time }, so several messages are put together into one entry.
calls-short = Calls have run short since { $time }. A chat sync can put several messages into one entry while that lasts.
calls-rules-title = How many calls Causeway may use
calls-share = At most, for messages
calls-share-hint = Percent of the org’s limit that Causeway spends. 100: no limit of our own.
calls-reserve-label = Always left to others
calls-reserve-hint = Percent of the org’s limit that messages never touch. Panels may: somebody is looking at them.
calls-default = Empty: { $percent }, as the operator set it.
calls-rules-save = Save
calls-rules-said = Saved. It holds from now on.
calls-rules-bad = A whole number from 0 to 100, or empty.
calls-rules-who = An owner or admin can change this.
calls-mail-off = Nobody gets a mail about this: the server has no mail set up.

connect-opens = { $crm } opens in a new tab. You sign in there, and it asks whether Causeway may have access. The tab closes by itself afterwards.
connect-go = Continue to { $crm }
reconnect-title = Renew the connection to { $org }
reconnect-text = Log in to { $org } again, at { $host }. Settings, links and what waits stay as they are.
asked-title = What { $crm } will ask you
asked-what-records = To read and write records in your name
asked-what-lasting = To keep access until you disconnect
asked-what-who = To know who you are
asked-needs-title = What the user needs
asked-not-title = What never happens
asked-not = Your password never reaches Causeway. Nothing is written before somebody activates a chat sync.
open-title = Go on at { $crm }
open-text = Sign in at { $crm } and allow access. The tab closes itself, and this page shows what was connected.
open-link = Open { $crm }
open-back = To the integrations
open-waits = Waiting for you to finish in the other tab…

said-connected = Connected to { $org } as { $user } ({ $environment }).
said-revoked = Disconnected. { $crm } confirmed that the access has ended.
said-erased = Disconnected, and our keys are erased. { $crm } could not be told: an administrator can revoke the access there ({ $place }).

disconnect-title = Disconnect { $org }?
disconnect-stops = This stops:
disconnect-stops-panel = The CRM’s fields beside conversations, at once, with what was kept of them
disconnect-stops-sync = { $count ->
    [one] The chat sync: new messages wait, unwritten
   *[other] { $count } chat syncs: new messages wait, unwritten
  }
disconnect-stops-tokens = Our access: the grant is given back and our keys are erased
disconnect-stays = This stays
disconnect-stays-records = Everything that was written in the CRM; nothing there is changed
disconnect-stays-waiting = Conversations here, their links to records, and what waits: it is written once you reconnect
disconnect-stays-settings = The settings; reconnecting takes the same steps as connecting

sync-offer-title = Chat sync
sync-offer-text = Writes conversations to this CRM. It begins as a draft: nothing is written before you activate it.
sync-offer-go = Set up a chat sync
sync-offer-who = An owner or an admin can set it up.
use-panel = Panel beside conversations

panel-settings-title = Panel
panel-settings-text = What stands beside a conversation: the fields of the customer’s contact, or of the lead where there is no contact. They are read, never changed.
panel-fields-title = Fields
panel-fields-text = In this order, for the roles that you choose. A stronger role sees all that a weaker one sees.
module-kind-contact = Contact
module-kind-lead = Lead
panel-roles = Who sees { $field }
panel-role-agent = Everybody
panel-role-manager = Managers and above
panel-role-admin = Admins and owners
panel-role-owner = Owners
panel-role-none = Nobody
panel-up = Move { $field } up
panel-down = Move { $field } down
panel-remove = Remove { $field }
panel-add = Add
panel-add-which = Field to add
panel-usual = Back to the usual ones
panel-search-title = How people are found
panel-literal = Compare phone numbers letter by letter
panel-literal-hint = Off: “12 3” and “123” are the same number. On: blanks and signs count.
panel-phones = Phone fields that are searched
panel-phones-all = All of them, those added later too
panel-phones-some = Only those ticked below
panel-kept-title = How fresh it is
panel-cache = Seconds for which what was read is shown again
panel-cache-hint = Fewer seconds show changes sooner and use more of the org’s API calls. 60 is usual, 3600 the most.
panel-cache-bad = Write a whole number of seconds from 0 to 3600.
panel-on = Show the panel of this org
panel-on-hint = Off: nothing is read from the org for panels.
panel-save = Save
said-saved = Saved. Open panels show it with their next reading.

audit-do-connection-connect = connected a CRM
audit-do-connection-calls = changed how many API calls may be used
audit-do-connection-renew = renewed a connection
audit-do-connection-undo = went back to the former grant, since the new one would not have worked
audit-do-connection-disconnect = disconnected a CRM
audit-do-integration-create = made a chat sync through the API
audit-do-integration-set_up = began to set up a chat sync
audit-do-integration-begin_draft = began a draft of a chat sync
audit-do-integration-discard_draft = discarded a draft of a chat sync
audit-do-integration-activate = activated a chat sync
audit-do-integration-change = changed a chat sync
audit-do-integration-pause = paused a chat sync
audit-do-integration-resume = resumed a chat sync
audit-do-integration-make_field = made a field in the CRM for the link to the chat
audit-do-integration-add_choice = added a choice in the CRM
audit-do-integration-restore = made a draft of an earlier version
audit-do-panel-change = changed what a panel shows
audit-key-crm = CRM
audit-key-org = organisation
audit-key-user = acting user
audit-key-environment = login
audit-key-scopes = permissions
audit-key-revision = version
audit-key-version = version
audit-key-changed = changed
audit-key-base = begun on version
audit-key-settings = settings
audit-key-module = module
audit-key-field = field
audit-key-choice = choice
audit-key-outcome = outcome
audit-key-is_on = shown
