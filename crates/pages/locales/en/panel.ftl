number-group = ,
number-point = .
yes = Yes
no = No
module-contact = Contact
module-lead = Lead
module-task = Task

panel-title = CRM
panel-orgs = Organisations
panel-sandbox = sandbox
panel-read = Read
panel-refresh = Refresh
panel-view = View in { $crm }
panel-read-only = Values are changed in { $crm }; here they are only shown.
panel-blank = blank
panel-percent = { $number }%
panel-money = { $amount } { $currency }
panel-show = Show what the CRM knows
panel-loading = Asking the CRM…
panel-no-answer = No answer yet
panel-no-answer-text = The server did not answer. Nothing is lost; the conversation works without it.
panel-again = Try again

panel-conflict = The phone number points to somebody else.
panel-conflict-text = The e-mail address decided. If that is wrong, use the other record; the choice is remembered.
panel-use-this = Use this one
panel-several =
    { $count ->
        [one] { $count } record matches
       *[other] { $count } records match
    }
panel-several-text = Which of them is this person? The choice is remembered.
panel-several-wait = A member who may link people can choose one.
panel-several-more =
    { $count ->
        [one] { $count } more matches as well. Link it by its id if it is the one.
       *[other] { $count } more match as well. Link one by its id if it is the one.
    }
panel-this-one = This is the person
panel-none-of-them = None of them?
panel-another = Not the right record?
panel-account = Company
panel-owner = Owner
panel-modified = Changed
panel-because = Why
panel-lost-link = The { $kind } that this person was linked to ({ $id }) is no longer in { $crm }, or is hidden from the connected user. It was searched anew.

panel-nobody = Nobody in { $crm } matches
panel-searched = Contacts and leads were searched for:
panel-no-address = This contact has neither a phone number nor an e-mail address, so there is nothing to search for.
panel-hint = Check that one of these stands on the record in { $crm }. Spaces, signs and country codes do not matter.
panel-hint-literal = Numbers are compared exactly as they are written, as your workspace has chosen. Check that one of these stands on the record in { $crm } in the same spelling.
panel-near = Comes near
near-written = The same number, written otherwise: { $stored }
near-field = The same number in { $field }, a field that is not searched: { $stored }
near-ending = A number with the same ending: { $stored }
near-name = The same name
panel-link = Link
panel-link-label = Link a record yourself
panel-link-hint = Paste the record's id or its address in { $crm }

panel-why = Why this record?
why-link = This person is linked to it.
why-email = The e-mail address is the same: { $address }
why-phone = The phone number is the same: { $number }, stored in { $field } as { $stored }
why-phone-national = The phone number is the same: { $number }, stored in { $field } without its country as { $stored }
why-phone-extension = The same line with another extension: { $number }, stored in { $field } as { $stored }
why-phone-variant = An older or newer spelling of the same number: { $number }, stored in { $field } as { $stored }
why-phone-digits = The digits are the same: { $number }, stored in { $field } as { $stored }
why-followed = The { $kind } { $id } became this record in { $crm }, by merging or conversion.
panel-unlink = Unlink
panel-unlink-text = Ending the link changes nothing in { $crm }. The person is searched for again, and what is written next goes to whoever is found.
unlink-title = End the link?
unlink-yes = End the link
unlink-record = Record

panel-none = No CRM is connected
panel-none-text = Once a CRM is connected, this place shows who you are talking to: the fields of the person's record, found by phone number or e-mail address.
panel-connect = Connect a CRM
panel-ask-manager = An owner, admin or manager of your workspace can do this.
panel-no-org-api = This { $crm } organisation has no API access
panel-no-org-api-text = Its edition or plan does not include the API. An administrator of { $crm } can add it.
panel-no-user-api = The connected user may not use the API
panel-no-user-api-text = An administrator of { $crm } can give the connected user the permission to use the API.
panel-no-permission = The connected user may not see this
panel-no-permission-text = An administrator of { $crm } can give the connected user the right to read these records and fields.
panel-grant-lost = The connection to { $crm } was lost
panel-grant-lost-text = { $crm } no longer accepts the sign-in. Nothing is shown until somebody connects again.
panel-reconnect = Reconnect
panel-missing-scope = The connection needs to be renewed
panel-missing-scope-text = What was granted in { $crm } does not cover what the panel needs. Renewing takes a minute and changes nothing else.
panel-renew = Renew the connection
panel-limit = The API limit of { $crm } is used up.
panel-limit-until = It is asked again at { $time }.
panel-limit-later = It is asked again by itself later.
panel-failed = { $crm } did not answer as it should.
panel-failed-text = It is asked again by itself in a minute.
panel-stale = This is what was last read.

panel-done-linked = The person is linked.
panel-done-unlinked = The link was ended.
panel-was-not-linked = There was no link to end.
pointer-none = This is neither the id nor the address of a record in { $crm }. An id has 15 or 18 letters and digits.
pointer-other-org = This address belongs to another { $crm } organisation than { $org }.
pointer-no-person = A person is linked to a contact or a lead. This is neither.
panel-crm-silent = { $crm } could not be asked for the record: { $detail } Try again in a moment.
panel-no-record = { $crm } shows no { $kind } of the id { $id }. It may be deleted, or hidden from the connected user.
panel-moved = { $id } is no longer the record to use. Link { $kind } { $survivor } instead.

linked-none = Not linked
trace-searched = Searched for
trace-candidates = Candidates
trace-winner = chosen
trace-field = found in { $field }
trace-rules = Rules, in order

pins-title = Pinned records
pins-none = Pin a deal, a case or any other record to keep it beside this conversation.
pins-add = Pin a record
pins-what = Record
pins-what-hint = The record's id, or its address in { $crm }
pins-where = Organisation
pins-label = Name
pins-label-hint = What you call it, if the id says too little
pins-pin = Pin
pins-remove = Remove the pin
pins-record = Record
pins-to = To the conversation
pins-there = This record is pinned here already.
pins-no-crm = Choose the organisation of the record.


audit-do-contact-link = linked a person to a record
audit-do-contact-unlink = ended a person's link
audit-do-conversation-pin = pinned a record
audit-do-conversation-unpin = removed a pin
