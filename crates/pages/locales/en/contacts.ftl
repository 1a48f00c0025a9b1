contacts-title = Contacts
contacts-search = Search by name, number, e-mail or user name
contacts-find = Search
contacts-linked = linked
contacts-conversations =
    { $count ->
        [one] { $count } conversation
       *[other] { $count } conversations
    }
contacts-none = No contacts yet
contacts-none-text = Whoever writes to you on one of your channels appears here by themselves.
contacts-nobody = Nobody is found for “{ $search }”
contacts-nobody-text = Every word has to begin a word of the name, the number or the address. Numbers are found in any spelling, and by their last digits.
contacts-all = Show everybody
contacts-many = There are more. Another word narrows it down.
contacts-pages = Pages of contacts
contacts-newest = To the newest
contacts-older = Older
contact-unnamed = Unknown person
contact-addresses = Addresses
contact-no-address = No address is known.
address-phone = Phone number
address-email = E-mail address
address-handle = User id
address-raw = Received as { $raw }
contact-conversations = Conversations
contact-no-conversation = There is no conversation with this person.
contact-more = The latest 50 are shown.
contact-status-open = open
contact-status-pending = pending
contact-status-closed = closed
contact-unread = { $count } unread
contact-ours = You:
contact-no-text = No message yet
contact-links = Records in the CRM
contact-no-link = Nothing is stored about this person in a CRM yet.
contact-held = Waits: { $detail }
