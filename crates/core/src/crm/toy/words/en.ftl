# What the pages say of the toy alone. Every CRM brings the same keys, beginning with its name, in every language.

toy-pitch = Holds what is put into it.
toy-needs = Nothing.
toy-revoke-place = nowhere: it forgets by itself
