settings-workspace = Workspace
settings-workspace-about = Name, time zone and country.
settings-people = People
settings-people-about = Who works here, and invitations.
settings-roles = Roles
settings-roles-about = What each role may do.
settings-audit = Audit log
settings-audit-about = Who did what, and when.
settings-tokens = API tokens
settings-tokens-about = For programs that work in your name.
settings-me = Your account
settings-me-about = Your password and signed-in browsers.
saved = Saved.
once-only = It is shown this once and kept nowhere. If it is lost, make another.

roles-text = This table decides what each role may see and do, on the pages and through the API alike.
roles-right = Right
roles-may = may
roles-may-not = may not
roles-inbox-admins = Besides, an inbox may have administrators, who answer for it. The mark gives no right beyond the role.

tokens-text = A token lets a program use the API as you: as { $role }, and as nothing more. It ends when you revoke it or are deactivated.
tokens-new = New token
tokens-name = What is it for?
tokens-name-hint = Such as “Nightly export”. You will know by it which one to revoke.
tokens-make = Make a token
tokens-fresh = Your new token
tokens-fresh-text = Programs send it in the header “Authorization: Bearer”. Whoever has it can do what you can.
tokens-none = No tokens yet
tokens-none-text = Make one when a program should read or do something in your name.
tokens-list = Your tokens
tokens-nameless = Made at the command line
tokens-made = Made
tokens-used = last used
tokens-unused = never used
tokens-revoke = Revoke
tokens-revoked = The token is revoked. Whoever used it is refused from now on.

people-invite = Invite somebody
people-email = E-mail
people-role = Role
people-invite-do = Make an invitation link
people-invite-how = You get a link to send to them yourself. It works once, within 7 days.
people-role-unknown = Choose one of the roles.
people-link = The invitation link of { $email }
people-link-text = Send it to them. With it they choose a name and a password. It works once, within 7 days.
people-enter = The sign-in link of { $name }
people-enter-text = Send it to them alone: whoever opens it is signed in as { $name }. It works once, within 7 days. They can then choose a new password under “Your account”.
people-pending = Invitations
people-invited = Invited
people-until = good until
people-withdraw = Withdraw
people-count =
    { $count ->
        [one] { $count } member
       *[other] { $count } members
    }
people-you = you
people-inactive = inactive
people-seen = signed in
people-never = never signed in
people-inboxes = administrator of { $names }
people-change = Change
people-role-do = Save the role
people-link-do = Make a sign-in link
people-deactivate = Deactivate
people-reactivate = Reactivate
people-deactivate-title = Deactivate { $name }?
people-deactivate-stops = They are signed out everywhere at once, and their API tokens and links stop working.
people-deactivate-stays = What they did stays, and conversations that are assigned to them stay assigned. You can reactivate them at any time.
people-is-member = { $email } is a member already.
people-is-inactive = { $email } was deactivated. Reactivate them below instead.
people-not-active = This member is deactivated. Reactivate them first.
people-oneself = You cannot deactivate yourself. Ask another owner or admin.
people-refused-owners_only = Only an owner may make somebody an owner, or take that from them.
people-refused-last_owner = A workspace needs an owner, and this is the last one. Make somebody else an owner first.
people-refused-owners_link = Only an owner may make a sign-in link for an owner.
people-done-role = The role is changed. It holds from now on.
people-done-deactivated = The member is deactivated and signed out everywhere.
people-done-reactivated = The member is active again. If they lost the password, make them a sign-in link.
people-done-withdrawn = The invitation is withdrawn. Its link no longer works.

audit-member = Who
audit-action = What
audit-everybody = Everybody
audit-everything = Everything
audit-filter = Show
audit-all = Show everything
audit-none = Nothing to show
audit-none-text = Nothing of the kind was done. Sign-ins, changes of settings and of people will stand here.
audit-nobody = Somebody who is not signed in, or Causeway itself
audit-pages = Pages of the log
audit-newest = Newest
audit-older = Older
audit-do-sign_in = signed in
audit-do-sign_in-failed = tried to sign in with a wrong password
audit-do-sign_out = signed out
audit-do-password-change = changed their password
audit-do-workspace-set_up = set up the workspace
audit-do-workspace-change = changed the workspace
audit-do-member-add = added a member through the API
audit-do-member-join = accepted an invitation
audit-do-member-invite = invited somebody
audit-do-member-withdraw = withdrew an invitation
audit-do-member-role = changed a role
audit-do-member-deactivate = deactivated a member
audit-do-member-reactivate = reactivated a member
audit-do-member-link = made a sign-in link
audit-do-token-make = made an API token
audit-do-token-revoke = revoked an API token
audit-key-before = before
audit-key-after = after
audit-key-role = role
audit-key-email = e-mail
audit-key-browser = browser
audit-key-name = name
audit-key-zone = time zone
audit-key-region = country
zone-unknown = This is no time zone that we know. Choose one of the list, such as Asia/Tokyo.

settings-inboxes = Inboxes
settings-inboxes-about = Teams, who works in them, and their numbers.
inboxes-text = An inbox is a team's queue: the people who answer, and the numbers that customers write to.
inboxes-new = New inbox
inboxes-name = Name
inboxes-name-hint = Such as Sales or Support.
inboxes-make = Make the inbox
inboxes-none = No inboxes yet
inboxes-none-text = Without inboxes everybody sees all conversations in one list. Make an inbox for each team.
inboxes-members =
    { $count ->
        [0] Nobody works here yet
        [one] { $count } person
       *[other] { $count } people
    }
inboxes-admin = administrator
inboxes-as-admin = as administrator
inboxes-let-work = Add this person
inboxes-let-go = Take out
inboxes-accounts =
    { $count ->
        [0] No numbers yet
        [one] { $count } number
       *[other] { $count } numbers
    }
inboxes-take = Add this number
inboxes-free = Take out
inboxes-more = Rename or remove
inboxes-rename = Rename
inboxes-remove = Remove the inbox
inboxes-remove-text = Conversations stay. Its numbers belong to no inbox then.
audit-do-inbox-make = made an inbox
audit-do-inbox-rename = renamed an inbox
audit-do-inbox-remove = removed an inbox
audit-do-inbox-let_work = added somebody to an inbox
audit-do-inbox-let_go = took somebody out of an inbox
audit-do-inbox-take = added a number to an inbox
audit-do-inbox-free = took a number out of an inbox
audit-key-member = member
audit-key-account = account
audit-key-administrator = administrator
