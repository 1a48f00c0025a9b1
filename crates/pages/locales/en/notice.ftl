notice-grant-lost = The connection to { $org } was lost. Messages wait and are written once it is back.
notice-other-org = The connection to { $org } now leads to another organisation. Nothing is written there; messages wait.
notice-limit = The API limit of { $org } is reached. Messages wait and follow by themselves; next look at { $until }.
notice-calls-near = API calls of { $org } are running short. Messages are still written.
notice-mail =
    { $count ->
        [one] A mail to { $to } could not be sent: { $reason }.
       *[other] { $count } mails could not be sent, the last to { $to }: { $reason }.
    }
notice-mail-again = It is tried again { $when }. The operator of the server can look at [mail] in its configuration.
notice-mail-given-up = It is not tried any more. The operator of the server can look at [mail] in its configuration.
notice-unreachable = { $org } does not answer. It is asked again at { $until }; messages follow by themselves.
notice-refused = { $org } refuses what is sent. Messages wait; next look at { $until }.
notice-reconnect = Reconnect
notice-held =
    { $count ->
        [one] { $cause }: { $count } delivery waits.
       *[other] { $cause }: { $count } deliveries wait.
    }
notice-held-more = { $cause }: more than { $count } deliveries wait.
notice-quarantined =
    { $count ->
        [one] { $count } part of a request could not be read. It is kept.
       *[other] { $count } parts of requests could not be read. They are kept.
    }
notice-see = Look
notice-more =
    { $count ->
        [one] and { $count } more
       *[other] and { $count } more
    }
notice-more-see = Show all
notices-title = What needs somebody
notices-none-title = All is well
notices-none-text = Nothing needs you at the moment.
