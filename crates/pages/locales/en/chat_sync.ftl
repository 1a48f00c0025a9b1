sync-text = Writes conversations to the CRM. Changes are kept as a draft while you make them; nothing is different before you apply them.
sync-activate = Activate integration
sync-apply = Apply changes
sync-pause = Pause
sync-resume = Resume

phases = Setting up
phase-done = (done)
phase-connect = Connect
phase-connected = { $org }, as { $name }
phase-unconnected = The connection is not in use. Renew it first.
phase-configure = Configure
phase-configured = Everything is set. You may still change it.
phase-configuring = Some settings cannot be as they are.
phase-activate = Activate
phase-inactive = Nothing is written to the CRM before.
phase-active = Messages are synced.
phase-paused = Paused: what comes waits.

act-before-activating = Before it can be activated, look at:
act-before-applying = Before the changes can be applied, look at:
act-what-follows = A test record is made in the CRM with these settings and removed again. If that fails, you read why, and nothing is activated.

group-which = Which messages
group-where = Where conversations go
group-shape = How they are written
group-create = People whom the CRM does not know
group-owner = Whose new records are
group-closed = Closed leads
group-link = Link to the chat

setting-accounts = Accounts
setting-since = Messages from
setting-since-hint = In the workspace’s time zone. Older messages are left out.
setting-shape = Frequency
setting-entry = Written as
setting-entry-hint = What conversations are in the CRM: it stands on the person’s record.
setting-title_template = First line
setting-title_template-hint = Of an entry for several messages. {"{channel}"}, {"{name}"}, {"{phone}"} and {"{account}"} are filled in, and the day where you write its form, as in {"{DD/MM/YYYY}"}. Leave it empty for the usual line.
setting-module = Sync destination
setting-module-hint = People are looked for among these records, and what they write goes onto them. If you change it, settings that still fit stay as they are; the others are marked.
setting-phone_field = Field for the number
setting-phone_field-hint = Of new records. People are found by every phone field.
setting-name_field = Field for the name
setting-source_field = Field for the lead source
setting-source_field-hint = It tells records that were made here from others, in filters and rules of the CRM.
setting-rename = Follow a changed profile name
setting-rename-hint = As long as the name on the record is the one that was written here.
setting-run_automation = Let workflow rules run for new records
setting-run_automation-hint = Rules on the lead source, for one. They may send mails to everybody who writes for the first time.
setting-groups = Include groups
setting-groups-hint = What somebody writes in a group goes on that person’s record. What is sent to a group goes on none.
setting-group_when_short = When API calls run short, put several messages into one entry
setting-group_when_short-hint = It saves calls: more of what comes is written before the limit is reached. It begins when calls are near their end or will not last, and ends by itself; what has been written stays as it is.
setting-create = Make
setting-name_template = Name of people without one
setting-name_template-hint = The name in their profile is used where there is one. {"{phone}"} and {"{channel}"} are filled in.
setting-company = Company of new leads
setting-company-hint = The CRM demands one. Leave a mark that people recognise.
setting-lead_source = Lead source
setting-lead_source-hint = Written on records that are made here, never on others. Leave it empty to write none.
setting-new_record_values = Further values
setting-new_record_values-hint = For fields that your org demands of every new record. Empty rows are ignored.
setting-default_owner = Default owner
setting-default_owner-hint = First comes the user with the e-mail of whoever the chat is assigned to, then of the account’s owner. If neither is an active user of the CRM, this one.
setting-use_assignment_rules = Let the CRM’s assignment rules choose the owner of new leads
setting-reopen = A closed lead that writes again
setting-closed_statuses = Which stages count as closed
setting-link_field = Field for the link
setting-link_field-hint = A text or URL field that every kind of record above has. One of its own makes chats easy to spot.

entry-task = Tasks
entry-task-hint = Completed tasks, in the record’s activities.
entry-note = Notes
entry-note-hint = Notes on the record.
example-person = Maria Costa
title-example = It reads: { $line }
title-usual = Channel, name and time
module-usual = Contacts, then open leads, then closed ones
module-usual-hint = Both are searched; contacts come first.
module-missing = Is a module missing, or cannot be chosen? Only those with a phone field can take conversations: check in the CRM that it has one.
field-usual = The usual one ({ $field })
field-choose = Choose a field
field-unfit = { $field } (does not fit here)
phone-usual = The main phone field
name-usual = First and last name
source-usual = The CRM’s own lead source
source-fits = “{ $value }” is among the choices of { $field }.
source-added = “{ $value }” is not yet among the choices of { $field }. It is added when you activate.
source-raw = “{ $value }” is not among the choices of { $field }. It is written all the same; add it in the CRM to choose it in filters and rules there.
source-left-out = “{ $value }” is not among the choices of { $field }, which takes nothing else: new records get no lead source.
accounts-all = All accounts, those added later too
accounts-some = Only these
accounts-none-yet = No account is connected yet. It appears with its first message.
shape-message = Each message by itself
shape-message-hint = Written at once. This is real time.
shape-day = One entry a day
shape-day-hint = Written at once, and grows through the day.
shape-hours = { $hours ->
    [one] One entry an hour
   *[other] One entry every { $hours } hours
  }
create-lead = A lead
create-contact = A contact
create-record = A record in { $module }
create-off = Nothing
create-off-hint = Messages wait until somebody makes the record by hand; then they are written by themselves.
reopen-default = Is reopened to the org’s first stage
reopen-to = Is reopened to the stage chosen below
reopen-to-label = Stage
reopen-never = Stays closed; messages are written all the same
closed-default = Those that the org says are closed
closed-some = Those ticked below
owner-nobody = Whoever connected ({ $name })
link-description = The description
link-make = Make a field “{ $label }”
link-make-hint = It is added to { $crm } for everybody there, and chosen here.
values-choose = Choose a field
values-field = Field { $row }
values-value = Value { $row }
value-empty = (empty)
value-none = none
value-ever = the beginning
value-on = on
value-off = off

explain-title = What this does
explain-accounts-all = Messages of every connected account are synced, sent and received; accounts that are added later too.
explain-accounts-none = No account is chosen, so nothing is synced.
explain-accounts-some = Messages of { $accounts } are synced, sent and received. Other accounts are left out.
explain-groups = What somebody writes in a group goes on that person’s record; what is sent to a group goes on none.
explain-groups-not = Groups are left out.
explain-automation = A new record sets off the workflow rules of { $crm }; a test record does not.
explain-automation-not = A new record sets off nothing that is automated in { $crm }.
explain-since-ever = Every message counts, however old.
explain-since = Messages from { $time } on count; older ones are left out.
explain-shape-message = Each message becomes a { $kind ->
    [note] note
   *[task] task
  } of its own, at once.
explain-shape-day = The messages of a day become one { $kind ->
    [note] note
   *[task] task
  }, written with the first message; it grows until midnight in the workspace’s zone.
explain-shape-hours = { $hours ->
    [one] Messages are gathered for an hour from the first one on, then written as one
   *[other] Messages are gathered for { $hours } hours from the first one on, then written as one
  } { $kind ->
    [note] note.
   *[task] task.
  }
explain-title-line = An entry for several messages begins with a line such as “{ $line }”.
explain-short = { $hours ->
    [one] While the org’s API calls run short, messages are gathered for an hour from the first one on. Entries made meanwhile say so.
   *[other] While the org’s API calls run short, messages are gathered for { $hours } hours from the first one on. Entries made meanwhile say so.
  }
explain-short-same = While the org’s API calls run short, what falls into the same quarter of an hour is written together.
explain-known-in = A person is looked for in { $module }, by phone number or e-mail.
explain-known = A person is found by phone number or e-mail: first among contacts, then open leads, then closed leads.
explain-create-off = A person whom the CRM does not know gets no record. Their messages wait until somebody makes one, and are then written in order.
explain-create-lead = A message from an unknown number makes a lead, named as in the profile, or else “{ $name }”, at the company “{ $company }”.
explain-create-contact = A message from an unknown number makes a contact, named as in the profile, or else “{ $name }”.
explain-create-record = A message from an unknown number makes a record in { $module }, named as in the profile, or else “{ $name }”.
explain-number = The number goes into the main phone field, in international form.
explain-number-field = The number goes into { $field }, in international form.
explain-name-field = The name goes into { $field }, as a whole.
explain-rename = When the profile’s name changes, the record’s does too, as long as nobody changed it in the CRM.
explain-rename-not = The name on the record stays, whatever the profile says later.
explain-source-added = “{ $value }” becomes a lead source that everybody in the CRM can choose.
explain-values = It gets these values: { $values }.
explain-owner-default = It belongs to the user whom the chat is assigned to, or the account’s owner; if neither is a user of the CRM, to { $owner }.
explain-owner-acting = It belongs to the user whom the chat is assigned to, or the account’s owner; if neither is a user of the CRM, to { $owner }, who connected.
explain-owner-rules = { $crm }’s own assignment rules choose whose it is.
explain-closed-nothing = none
explain-reopen = A closed lead ({ $closed }) that writes again is reopened to “{ $status }”.
explain-reopen-never = A closed lead ({ $closed }) stays closed; its messages are written all the same.
explain-reopen-usual = its first stage
explain-link-field = A link to the chat is put into { $field }, once on each record, and into every { $kind ->
    [note] note
   *[task] task
  }.
explain-link-description = A link to the chat is put into the description, once on each record, and into every { $kind ->
    [note] note
   *[task] task
  }.

changes-title = What changes
changes-none = Nothing: the form is what is in force.
changes-none-yet = These are the usual settings. Activate them, or change them first.
changes-problems = { $count ->
    [one] One setting cannot be as it is; it says so at the field.
   *[other] { $count } settings cannot be as they are; each says so at its field.
  }
draft-by = Draft, begun by { $name }
draft-by-nobody = Draft, begun
draft-keep = Keep as a draft
draft-discard = Discard the draft
draft-not-kept = The last change could not be kept: the server did not answer. It is tried again with your next change.
differs-before = before:
differs-after = after:
since-bad = This is no date and time. Write it as 2026-01-31T09:00.

conflict-title = Somebody else changed this meanwhile
conflict-by = { $name } applied version { $number } after this draft was begun. Nothing of either is lost.
conflict-text = Version { $number } was applied after this draft was begun. Nothing of either is lost.
conflict-theirs = Applied meanwhile
conflict-mine = In the draft
conflict-rebase = Keep my changes on top

trial-title = Try it
trial-text = Makes a record in the CRM with these settings and removes it again at once. No message is written.
trial-go = Make a test record

versions-title = Versions
versions-text = Every change that was in force. Restoring one makes a draft of it, which you look at and apply.
version-number = Version { $number }
version-now = In force
version-unknown = Before versions were kept
version-restore = Restore as a draft
version-first = The oldest version that was kept.
version-state-only = The settings stayed as they were.

said-applied = Applied. It holds from now on.
said-activated = Active. Messages are synced from now on.
said-source-raw = { $crm } did not take the new lead source into its list: the connected user may not change fields there, or the list cannot take it. It is written on new records all the same; an administrator of { $crm } can add it.
said-source-left-out = { $crm } did not take the new lead source into its list, and its field takes nothing else: new records get none until an administrator of { $crm } adds it.
said-not-tried = Not activated: the test record could not be made, so nothing would be synced. { $cause }
said-change-not-tried = Not applied: the test record could not be made, so the settings in force stay as they were. { $cause }
said-left-over = The test record could not be removed yet; it is tried again.
said-link-made = The field is there, and chosen. Look at what changes, then apply it.
said-link-not-made = The field could not be made. { $cause }
said-kept = Kept as a draft.
said-same = There was nothing to change.
said-discarded = The draft is gone; the form shows what is in force.
said-paused = Paused. What comes waits, and is written in order when you resume.
said-resumed = Active again. What waited is being written.
said-restored = This version is a draft now. Look at what changes, then apply it.
said-rebased = Your changes stand on top of what was applied meanwhile. Look at them, then apply.
said-conflict = Somebody else changed this meanwhile, so nothing was done. This is how it stands now.
said-problems = Not applied: some settings cannot be as they are. Each says why at its field.
said-not-connected = Not applied: the connection is not in use, so nothing can be checked against the org. Renew the connection first; the draft is kept.
said-overlap = Not applied: another chat sync of this connection already syncs some of these accounts. Choose others here, or pause that one.
