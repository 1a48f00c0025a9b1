help-title = Help
help-text = What the pages show, and why.
help-next = Read next
help-roles = What each role may do
help-panel-title = The CRM's fields beside a conversation
help-panel-1 = A person is found in the CRM by e-mail address or by phone number; either one is enough. Spaces, brackets and dashes in a number do not matter, nor does it matter in which of the phone fields it stands.
help-panel-2 = A contact comes first. If there is none, a lead is shown.
help-panel-3 = If several records match, you choose the right one. The choice is remembered, for chat sync too.
help-panel-4 = If nothing matches, the panel lists what it searched for and what comes near. Check that the e-mail address or number stands in the CRM at all, or link a record with one click.
help-panel-age =
    { $seconds ->
        [one] What was read is kept for { $seconds } second unless your workspace chose otherwise, to spare the CRM's API limit. An open panel reads again by itself; Refresh does it at once.
       *[other] What was read is kept for { $seconds } seconds unless your workspace chose otherwise, to spare the CRM's API limit. An open panel reads again by itself; Refresh does it at once.
    }
help-panel-read-only = The fields are read-only here. Change them in the CRM; the link opens the record.
help-panel-editable = Fields can be changed here and are written to the CRM.
help-connecting-title = Connecting a CRM
help-connecting-crms = These can be connected: { $crms }.
help-connecting-who = For the panel, these roles may connect: { $panel }. For synchronising: { $sync }.
help-connecting-1 = You sign in on the CRM's own page, in a new tab, and allow the access there. No administrator of the CRM is needed for that, but the organisation and the user who connects both need access to its API.
help-connecting-2 = Right after connecting, each permission that is needed is checked. What is missing is named, with who can grant it.
help-connecting-3 = The connection is bound to the organisation. Connecting again with another one is refused.
help-connecting-4 = Disconnecting takes the fields away at once and gives the grant back. What was written to the CRM stays; what waits goes on once you connect again.
help-chat-sync-title = How messages reach the CRM
help-chat-sync-1 = The record of a person is found in this order: the record they are linked to; a contact; an open lead; a closed lead, which is reopened; otherwise a new record, if creating is on.
help-chat-sync-2 = If several match, the one that belongs to whoever answers the conversation comes first, then the one that was changed last.
help-chat-sync-3 = New records belong to whoever answers the conversation, else to the owner of the number, else to the default owner.
help-chat-sync-4 = Each message is written once and in order, by itself or grouped, as a task or a note, with the time it was sent.
help-chat-sync-5 = The small mark on a message opens its receipt: where it is, why that record, and when it was written.
help-chat-sync-6 = Groups are shown here and never written to the CRM.
help-holds-title = What waits, and why
help-holds-text = Nothing is dropped. What cannot be written waits with a reason, and goes on by itself once the reason is gone. These are the reasons, each with what to do:
