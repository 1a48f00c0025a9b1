notice-grant-lost = The connection to { $org } was lost. Messages wait and are written once it is back.
notice-reconnect = Reconnect
