sign-in-title = Sign in
sign-in-email = E-mail
sign-in-password = Password
sign-in-do = Sign in
sign-in-help = No account, or a forgotten password? Ask an owner or admin of your workspace for a link.
sign-in-wrong = E-mail and password do not belong together. Check both and try again.
sign-in-slow =
    { $minutes ->
        [one] Too many failed tries. Wait { $minutes } minute and try again.
       *[other] Too many failed tries. Wait { $minutes } minutes and try again.
    }
sign-in-again = Your session has ended. Sign in to go on where you were.
sign-in-out = You are signed out.
link-title = Sign in by link
link-text = This link signs you in to { $workspace } as { $name }. It works once.
link-do = Sign in
link-used = This link was used before, or it is too old. Ask for a new one, or sign in with your password.
invite-page = Join
invite-title = Join { $workspace }
invite-text = You are invited as { $email }.
invite-name = Your name
invite-password = Choose a password
invite-do = Join
password-hint = At least 10 characters. A few words that belong to nobody else are good.
password-short =
    { $count ->
        [one] Only { $count } character; use at least 10.
       *[other] Only { $count } characters; use at least 10.
    }
password-long = That is longer than 200 characters; a shorter one will do.
password-known = This is one of the first passwords that anybody would try. Choose another.
name-empty = Write the name by which colleagues know you.
email-bad = This is not an e-mail address. It looks like name@example.com.
name-long = That is longer than { $most } characters; a shorter name will do.
name-unreadable = This name holds characters that nobody can see. Type it again.
